"""Where start-up files run: a copy-on-write view of the home, so that examining changes nothing."""

import os
import re
import shlex
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from msgspec import Struct

from gomedic import processes
from gomedic.host import Host

# a folder to hide for a moment beneath the layer that takes the writes
_SCRATCH = ("/mnt", "/media", "/srv", "/opt")
_READY = b"ready"
_LOGOUT_FILES = (".bash_logout", ".zlogout")  # Debian's switches consoles, when a start-up file says `exit`


class Place(Protocol):
    """Where programs are started."""

    def command(self, argv: Sequence[str], folder: str) -> tuple[str, ...]:
        """Return the command line that runs `argv` there, in `folder` as it is seen there."""
        ...

    def show(self, folder: str) -> None:
        """Make sure that a folder of this machine is seen there, at the same path."""
        ...


class Chamber(Struct, frozen=True):
    """How to run a program within: words to put before its own."""

    prefix: tuple[str, ...] = ()
    isolated: bool = False

    def command(self, argv: Sequence[str], folder: str) -> tuple[str, ...]:
        """Return the command line that runs `argv` inside, in `folder` as it is seen there."""
        if not self.isolated:
            return tuple(argv)
        enter = 'cd -- "$1" 2>/dev/null || cd /; shift; exec "$@"'
        return (*self.prefix, "/bin/sh", "-c", enter, "sh", folder, *argv)

    def show(self, folder: str) -> None:
        """Nothing is to be done: all of this machine but the home is seen inside."""


@contextmanager
def chamber(host: Host, changes: Sequence[str] = (), *, but: Sequence[str] = ()) -> Iterator[Chamber]:
    """Give a place where writes to the home and the temporary folders go nowhere; all in it die at the end.

    `changes` are shell commands that change the view before anything runs in it; where one fails, `isolated`
    is False. `but` are folders that stay the real ones: what is written there is more than memory should hold.

    A mount and process namespace (for an ordinary account in a user namespace) with an overlay over each such
    folder, held open by one process and entered by `nsenter`. Where the kernel or a container's rules refuse,
    programs run plainly and `isolated` is False.
    """
    unshare, nsenter = host.which("unshare"), host.which("nsenter")
    if unshare is None or nsenter is None or not _can_be_covered(host.home):
        yield Chamber()
        return
    for options in _ways(host):
        holder = _hold([unshare, *options, "/bin/sh", "-c", _covering(host, changes, but)])
        if holder is None:
            continue
        try:
            yield Chamber(tuple(_entering(nsenter, holder.pid, user="--user" in options)), isolated=True)
        finally:
            processes.let_go(holder)
        return
    yield Chamber()


def _ways(host: Host) -> list[list[str]]:
    spaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    in_user_namespace = ["--user", "--map-current-user", "--keep-caps", *spaces]
    return [spaces, in_user_namespace] if host.is_root else [in_user_namespace]


def _can_be_covered(home: str) -> bool:
    """The options of an overlay mount take no commas, colons and backslashes; / cannot be covered."""
    return os.path.isdir(home) and os.path.realpath(home) != "/" and not re.search(r"[,:\\\n\"]", home)


def _covering(host: Host, changes: Sequence[str], but: Sequence[str]) -> str:
    """Return the shell commands that lay an overlay over each folder that start-up files may write to.

    The home last, from a view of it taken aside before: it may lie in another of these folders. An account
    without root's rights cannot copy up what belongs to others (EOVERFLOW), so the order matters.
    """
    scratch = next(
        (folder for folder in _SCRATCH if os.path.isdir(folder) and not host.home.startswith(folder)), "/mnt"
    )
    home, aside = os.path.realpath(host.home), f"{scratch}/home"
    shared = dict.fromkeys(os.path.realpath(folder) for folder in ("/tmp", "/var/tmp"))  # noqa: S108
    folders = [*(folder for folder in shared if folder != home and os.path.isdir(folder)), home]
    layers = {folder: f"{scratch}/{number}" for number, folder in enumerate(folders)}
    lines = ["set -e", f"mount -t tmpfs -o size=64m,mode=755 tmpfs {scratch}"]
    lines.append(" ".join(["mkdir -p", aside, *(f"{layer}/upper {layer}/work" for layer in layers.values())]))
    lines += [f"chmod {_mode(folder):o} {layer}/upper" for folder, layer in layers.items()]
    lines.append(f"mount --bind {shlex.quote(home)} {aside}")
    real = {f"{scratch}/real-{number}": shlex.quote(folder) for number, folder in enumerate(but)}
    lines += [f"mkdir {held}; mount --bind {folder} {held}" for held, folder in real.items()]
    lines += [f"{_overlay(folder, folder, layers[folder])} 2>/dev/null || :" for folder in folders[:-1]]
    lines.append(_overlay(home, aside, layers[home]))
    lines += [f"mount --bind {held} {folder}" for held, folder in real.items()]
    lines.append(
        " ".join(["rm -f", *(shlex.quote(os.path.join(home, name)) for name in _LOGOUT_FILES), "|| :"])
    )
    return "\n".join([*lines, *changes, f"umount -l {scratch}", f"echo {_READY.decode()}", "exec cat"])


def _mode(folder: str) -> int:
    return stat.S_IMODE(os.stat(folder).st_mode)


def _overlay(folder: str, lower: str, layer: str) -> str:
    options = f"lowerdir={lower},upperdir={layer}/upper,workdir={layer}/work,userxattr"
    return f"mount -t overlay overlay -o {shlex.quote(options)} {shlex.quote(folder)}"


def _entering(nsenter: str, pid: int, *, user: bool) -> list[str]:
    spaces = f"/proc/{pid}/ns"
    words = [nsenter, f"--mount={spaces}/mnt", f"--pid={spaces}/pid_for_children"]
    return [*words, f"--user={spaces}/user", "--preserve-credentials", "--"] if user else [*words, "--"]


def _hold(argv: Sequence[str]) -> processes.Holder | None:
    """Start the process that keeps the namespaces; None when they are refused."""
    return processes.hold(argv, {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, _READY)
