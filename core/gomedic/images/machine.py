"""An image as another machine: its account, its environment, its files, its processor."""

import os
from collections.abc import Iterator

from gomedic.host import Host
from gomedic.images.files import ImageFiles
from gomedic.images.view import View
from gomedic.model import Account
from gomedic.probes.toolchains import native_arch

SYSTEM_PATH = (
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # what engines give where ENV has no PATH
)
_NO_SHELLS = ("nologin", "false", "sync", "halt", "shutdown")


def image_host(view: View, user: str | None = None) -> Host:
    """Return the image as a machine that can be examined, but starts no program.

    `user` is a name or number, with an optional `:group`, as engines take it; by default the image's own USER.
    """
    account, groups = _account(view, user if user is not None else view.image.user)
    env = dict(view.image.environment)
    env.setdefault("PATH", SYSTEM_PATH)
    env.setdefault("HOME", account.password_home or "/")
    account = Account(
        account.name, account.uid, account.gid, env["HOME"], account.shell, account.password_home
    )
    return Host(
        env,
        view.image.folder or "/",
        account,
        offline=True,
        files=ImageFiles(view, account, groups),
        arch=arch_of(view),
    )


def arch_of(view: View) -> str:
    """Return the GOARCH of an image; of a root file system, which says nothing, this machine's."""
    told = view.image.platform.split("/")
    return told[1] if len(told) > 1 and told[1] else native_arch()


def _account(view: View, user: str) -> tuple[Account, frozenset[int]]:
    wanted, _colon, group = user.partition(":")
    wanted = wanted or "0"
    fields = next((f for f in _lines(view, "/etc/passwd", 7) if wanted in (f[0], f[2])), None)
    if fields is None:
        uid = int(wanted) if wanted.isdigit() and len(wanted) < 10 else 0
        name = "root" if wanted == "0" else wanted
        account = Account(name, uid, 0, "", _some_shell(view), "")
    else:
        shell = fields[6].strip() or "/bin/sh"
        if os.path.basename(shell) in _NO_SHELLS:
            shell = _some_shell(view)
        account = Account(fields[0], _number(fields[2]), _number(fields[3]), "", shell, fields[5])
    groups = frozenset(
        _number(f[2]) for f in _lines(view, "/etc/group", 4) if account.name in f[3].strip().split(",")
    )
    if group:
        named = next((f[2] for f in _lines(view, "/etc/group", 4) if group in (f[0], f[2])), group)
        account = Account(account.name, account.uid, _number(named), "", account.shell, account.password_home)
        groups = frozenset()
    return account, groups


def _some_shell(view: View) -> str:
    there = (path for path in ("/bin/bash", "/bin/sh") if view.resolve(path) is not None)
    return next(there, "/bin/sh")


def _lines(view: View, path: str, count: int) -> Iterator[list[str]]:
    data = view.read(path, 1 << 20) or b""
    for line in data.decode("utf-8", "replace").split("\n"):
        fields = line.split(":")
        if len(fields) >= count:
            yield fields


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 11 else 65534
