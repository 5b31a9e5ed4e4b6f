"""The ways to start work in an image, each with the environment it starts from, and whether it finds `go`."""

import os
import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from gomedic.host import Host
from gomedic.images.blame import Blame
from gomedic.images.machine import SYSTEM_PATH
from gomedic.images.model import Carrier, Found, LaunchWay
from gomedic.images.starts import Reading, read_script, read_start
from gomedic.images.view import View
from gomedic.model import BUILT_IN, Origin, PathEntry, Session
from gomedic.sessions import base as bases
from gomedic.sessions.attribution import Lines, cached_lines
from gomedic.sessions.base import Base
from gomedic.sessions.result import Start, bare_session
from gomedic.sessions.script import Mode

WAYS = (
    "run", "exec", "terminal", "login-shell", "login-sh", "shell", "sh", "su", "su-login", "cron", "sudo", "ssh",
    "ssh-command", "env-i",
)  # fmt: skip
"""The rows of the table: `docker run`, `docker exec`, an interactive shell, `bash -lc`, `sh -lc`, `bash -c`, `sh -c`,
`su USER -c`, `su - USER -c`, a cron job, sudo, an ssh login, `ssh host command`, `env -i sh -c`."""
_COMMANDS = {
    "su": ("su",), "su-login": ("su",), "cron": ("cron", "crond"), "sudo": ("sudo",), "ssh": ("sshd",),
    "ssh-command": ("sshd",),
}  # fmt: skip
_QUIET = Mode(login=False, interactive=False)
_LOGIN = Mode(login=True, interactive=False)
_WRAPPERS = ("tini", "dumb-init", "catatonit", "docker-init", "env")  # they start what follows as it is
_SCRIPT = (
    b"#!/bin/sh",
    b"#!/bin/bash",
    b"#!/usr/bin/env sh",
    b"#!/usr/bin/env bash",
    b"#!/bin/dash",
    b"#! /bin/sh",
)


class Launch(Struct, frozen=True):
    """What was read of every way."""

    readings: Mapping[str, Reading]
    absent: frozenset[str] = frozenset()  # ways whose program is not in the image

    def sessions(self) -> tuple[Session, ...]:
        """Return those that the checks judge, by the kinds that they know."""
        found = {"terminal": "terminal", "login": "login-shell", "exec": "exec"}
        found |= {
            kind: way
            for kind, way in (("ssh", "ssh"), ("command", "ssh-command"), ("cron", "cron"))
            if way in self.readings and way not in self.absent
        }
        return tuple(_renamed(self.readings[way].session, kind) for kind, way in found.items())


def _renamed(session: Session, kind: str) -> Session:
    from msgspec.structs import replace

    return replace(session, kind=kind)


def read_launches(view: View, host: Host) -> Launch:
    """Read every way; of those whose program is not in the image, as they would be with it."""
    lines = cached_lines(host.text)
    makers: dict[str, Callable[[], Reading]] = {
        "run": lambda: _run(view, host, lines),
        "exec": lambda: Reading(bare_session("exec", of_image(view, host), host.files)),
        "env-i": lambda: _started(host, "env-i", "/bin/sh", _QUIET, Base({}), lines),
        "sudo": lambda: _sudo(view, host, lines),
    }
    starts = shell_starts(view, host)
    return Launch(
        {way: makers[way]() if way in makers else _started(host, way, *starts[way], lines) for way in WAYS},
        frozenset(way for way in WAYS if not installed(host, way)),
    )


def installed(host: Host, way: str) -> bool:
    """Tell whether the program that a way needs is in the image."""
    return way not in _COMMANDS or any(host.which(name) for name in _COMMANDS[way])


def shell_starts(view: View, host: Host) -> dict[str, tuple[str, Mode, Base]]:
    """Return the shell, its mode and what it starts from, for each way that starts a shell."""
    image, shell = of_image(view, host), host.account.shell
    seen = Base({**image.env, "TERM": "xterm"}, image.origins)
    return {
        "terminal": (shell, Mode(login=False, interactive=True), seen),
        "login-shell": (shell, _LOGIN, image),
        "login-sh": ("/bin/sh", _LOGIN, image),
        "shell": (shell, _QUIET, image),
        "sh": ("/bin/sh", _QUIET, image),
        "su": (shell, _QUIET, _su(host, image)),
        "su-login": (shell, _LOGIN, bases.login(host)),
        "cron": ("/bin/sh", _QUIET, bases.cron(host)),
        "ssh": (shell, Mode(login=True, interactive=True), bases.ssh(host)),
        "ssh-command": (shell, _QUIET, bases.ssh_command(host)),
    }


def _started(host: Host, way: str, shell: str, mode: Mode, base: Base, lines: Lines) -> Reading:
    kind = "command" if way == "ssh-command" else way
    return read_start(host, Start(kind, shell, mode, base), lines)


def of_image(view: View, host: Host) -> Base:
    """Return what engines start a program with: ENV, a PATH where it has none, and HOME."""
    told = dict(view.image.environment)
    origins = {name: Origin("image environment", text=f"{name}={value}") for name, value in told.items()}
    return Base(dict(host.env), {name: origins.get(name, BUILT_IN) for name in host.env})


def _su(host: Host, image: Base) -> Base:
    """Return what `su USER` without `-` leaves of the environment, and what PAM adds (su(1), login.defs(5))."""
    login = bases.login(host)
    keeps = not re.search(r"^\s*ALWAYS_SET_PATH\s+yes", host.text("/etc/login.defs") or "", re.MULTILINE)
    by_pam = {name: o for name, o in login.origins.items() if o.file.startswith("PAM ")}
    env = {**image.env, **{n: login.env[n] for n in ("HOME", "SHELL") if n in login.env}}
    if not keeps:
        env["PATH"] = login.env["PATH"]
    env |= {name: login.env[name] for name in by_pam}
    kept = {name: image.origin(name) if name in image.env else BUILT_IN for name in env}
    return Base(env, kept | by_pam | ({} if keeps else {"PATH": login.origin("PATH")}))


def _sudo(view: View, host: Host, lines: Lines) -> Reading:
    """Return what sudo starts a command with: secure_path where the sudoers file has it (sudoers(5))."""
    image = of_image(view, host)
    env = {"PATH": image.env.get("PATH", SYSTEM_PATH), "HOME": "/root", "USER": "root", "LOGNAME": "root"}
    origins = {"PATH": image.origin("PATH")}
    text = (view.read("/etc/sudoers", 1 << 18) or b"").decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        if found := re.match(r"\s*Defaults\s+secure_path\s*\+?=\s*\"?([^\"\s]+)", line):
            env["PATH"] = found[1]
            origins["PATH"] = Origin("/etc/sudoers", number, line.strip())
    return Reading(bare_session("sudo", Base(env, origins), host.files))


# ------------------------------------------------------------------ docker run


def _run(view: View, host: Host, lines: Lines) -> Reading:
    """Return what a command given to `docker run` gets: the image's environment, as its entry point hands it on."""
    base = of_image(view, host)
    plain = Reading(bare_session("run", base, host.files))
    words = [*view.image.entrypoint]
    while words and (os.path.basename(words[0]) in _WRAPPERS or words[0].startswith("-")):
        words.pop(0)
    program = words[0] if words else ""
    path = program if program.startswith("/") else host.which(program, host.env["PATH"]) if program else None
    head = host.files.part(path, 0, 64) if path else None
    if path is None or head is None or not head.startswith(_SCRIPT):
        return plain
    shell = "/bin/bash" if b"bash" in head.split(b"\n", 1)[0] else "/bin/sh"
    return read_script(host, Start("run", shell, _QUIET, base), path, (*words[1:], "go", "version"), lines)


# ------------------------------------------------------------------ the table


def table(view: View, host: Host, launch: Launch, measured: Mapping[str, Session]) -> tuple[LaunchWay, ...]:
    """Return the launch-way table; `measured` are sessions that were really run, by way."""
    blame = Blame(view)
    rows = []
    for way in WAYS:
        reading = Reading(measured[way]) if way in measured else launch.readings[way]
        rows.append(_row(view, host, blame, way, reading, way in measured))
    return tuple(rows)


def _row(view: View, host: Host, blame: Blame, way: str, reading: Reading, measured: bool) -> LaunchWay:
    go = reading.session.go
    there = installed(host, way)
    if reading.unclear is not None:
        return LaunchWay(way, Found.UNKNOWN, go, unclear=reading.unclear, installed=there)
    if go is None:
        return LaunchWay(way, Found.NO, installed=there, measured=measured)
    entry = next((e for e in reading.session.path if os.path.join(e.entry, "go") == go.path), None)
    origin = entry.origin if entry is not None else None
    carrier = _carrier(view, go.path, go.root, entry) if entry is not None else None
    made = blame.of_path(go.path) if carrier in (Carrier.LINK, Carrier.SYSTEM) else blame.of_origin(origin)
    return LaunchWay(way, Found.YES, go, carrier, origin, made, installed=there, measured=measured)


def _carrier(view: View, path: str, root: str | None, entry: PathEntry) -> Carrier:
    """Return what carries Go there: a program or link in a folder of the system needs nobody's line."""
    folder = os.path.dirname(path)
    if folder in SYSTEM_PATH.split(":"):
        node = view.node(path)
        through = view.real(path) != path
        return Carrier.LINK if through and (node is None or node.kind == "l") else Carrier.SYSTEM
    file = entry.origin.path or entry.origin.file
    if file == "image environment":
        return Carrier.ENV
    if file == "/etc/profile":
        return Carrier.PROFILE
    if file.startswith("/etc/profile.d/"):
        return Carrier.PROFILE_D
    return Carrier.ENTRYPOINT if file in view.image.entrypoint or "entrypoint" in file else Carrier.START_UP
