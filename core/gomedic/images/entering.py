"""The process that enters a box and becomes a program there, with an environment that nothing before it has seen."""

import contextlib
import os
import resource
import stat
from collections.abc import Mapping, Sequence

from gomedic.images.calls import NO_NEW_PRIVILEGES, call, give_up_root

_KINDS = ("user", "mnt", "pid_for_children", "net", "ipc", "uts")
_CANNOT = 126  # sh(1), for a program that cannot be started
_LIMITS = {
    resource.RLIMIT_NPROC: 2048, resource.RLIMIT_FSIZE: 64 << 20, resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: 20,
    resource.RLIMIT_NOFILE: 1024,
}  # fmt: skip


def enter(
    argv: Sequence[str], holder: int, env: Mapping[str, str], become: tuple[int, int] | None = None
) -> int:
    """Run a program in the box that process `holder` holds, and return what it returned; 126 where it cannot be started.

    `become` are the uid and gid to give root's rights up for.
    """
    try:
        if become is not None:
            _hand_over_pipes(*become)
            give_up_root(*become)
        for what, most in _LIMITS.items():
            _limit(what, most)
        call("prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _set_spaces(holder)
        child = os.fork()  # only a child is in the process namespace
        if child == 0:
            _become(env, argv)
        return _code(os.waitpid(child, 0)[1])
    except OSError:
        return _CANNOT


def _hand_over_pipes(uid: int, gid: int) -> None:
    """Let what is started open the pipes that it is given by their names in /proc, as shells do."""
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the listing's own descriptor
            if stat.S_ISFIFO(os.fstat(int(name)).st_mode):
                os.fchown(int(name), uid, gid)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (lowest, lowest))


def _set_spaces(holder: int) -> None:
    spaces = [os.open(f"/proc/{holder}/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC) for kind in _KINDS]
    for space in spaces:
        call("setns", space, 0)
        os.close(space)


def _become(env: Mapping[str, str], argv: Sequence[str]) -> None:
    try:
        os.chdir("/")
        os.execve(argv[0], list(argv), dict(env))  # noqa: S606 - no shell is wanted
    except OSError:
        os._exit(_CANNOT)


def _code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code
