"""Running shells and editors of the account, with the environment that they hand on now."""

import os
from collections.abc import Mapping

import psutil
from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Origin, PathEntry, Session, Variable
from gomedic.sessions.base import read_environ
from gomedic.sessions.result import go_command

_SHELLS = ("bash", "zsh", "fish", "dash", "ksh", "mksh")
_EDITORS = (
    ".vscode-server", ".vscodium-server", ".cursor-server", "/code/code", "codium", "goland", "GoLand", "/idea", "gopls",
    "nvim", "emacs", "zed-editor",
)  # fmt: skip
_NAMED = ("code", "codium", "cursor", "goland", "goland.sh", "idea", "gopls", "nvim", "emacs", "zed-editor")
_FROM_PROCESS = Origin("process environment")


class Running(Struct, frozen=True):
    """A running shell or editor."""

    session: Session
    pid: int
    started: float  # seconds since the epoch
    is_editor: bool
    parent: int = 0  # process number


def probe(host: Host) -> tuple[Running, ...]:
    """Return the account's running shells and editors whose present environment can be known."""
    children = _children(host.account.uid)
    return tuple(
        running for process in psutil.process_iter() if (running := _running(host, process, children))
    )


def _children(uid: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for process in psutil.process_iter(["ppid", "uids"]):
        uids = process.info["uids"]
        if uids is not None and uids.real == uid:
            found.setdefault(process.info["ppid"], []).append(process.pid)
    return found


def _running(host: Host, process: psutil.Process, children: Mapping[int, list[int]]) -> Running | None:
    try:
        with process.oneshot():
            if process.uids().real != host.account.uid or process.pid == os.getpid():
                return None
            words, name, started = process.cmdline(), process.name(), process.create_time()
            parent = process.ppid()
            shell = name in _SHELLS and process.terminal() is not None
    except (psutil.Error, OSError):
        return None
    editor = _is_editor(name, words)
    if not shell and not editor:
        return None
    env = _present_environment(
        host, process.pid, [] if editor else children.get(process.pid, []), editor=editor
    )
    if env is None:
        return None
    return Running(_session(process.pid, words, env), process.pid, started, editor, parent)


def _is_editor(name: str, words: list[str]) -> bool:
    program = os.path.basename(words[0]) if words else name
    return program in _NAMED or any(mark in word for word in words[:2] for mark in _EDITORS[:3])


def _present_environment(host: Host, pid: int, children: list[int], *, editor: bool) -> dict[str, str] | None:
    """An editor hands on what it was started with; what a shell hands on shows only in a child of it."""
    if editor:
        return read_environ(host, pid)
    own = (os.getpid(), os.getppid())
    known = [child for child in children if child not in own] or [child for child in children if child in own]
    for child in sorted(known, reverse=True):
        env = read_environ(host, child)
        if env is not None:
            return env
    return None


def _session(pid: int, words: list[str], env: Mapping[str, str]) -> Session:
    entries = [e for e in env.get("PATH", "").split(":") if e]
    path = tuple(PathEntry(entry, os.path.isdir(entry), _FROM_PROCESS) for entry in entries)
    names = [
        n
        for n in env
        if n.startswith(("GO", "CGO_")) or n in ("HOME", "TMPDIR", "CC", "http_proxy", "https_proxy")
    ]
    variables = {name: Variable(env[name], True, _FROM_PROCESS) for name in names}
    label = " ".join(words)[:160]
    return Session(
        kind=f"process:{pid}", shell=words[0] if words else "", state="ok", seconds=0.0, path=path,
        variables=variables, go=go_command(path), environment=dict(env), label=label,
    )  # fmt: skip
