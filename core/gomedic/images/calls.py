"""The system calls that a box is made of and entered by."""

import ctypes
import os

SPACES = (
    0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000
)  # user mnt pid net ipc uts
KILL_WITH_PARENT, DUMPABLE, NO_NEW_PRIVILEGES = 1, 4, 38  # prctl(2)
_LIBC = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    """Call a function of the C library that returns 0 where it succeeds. Raises OSError."""
    if getattr(_LIBC, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def give_up_root(uid: int, gid: int) -> None:
    """Become an ordinary account for good. Raises OSError."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    call(
        "prctl", DUMPABLE, 1, 0, 0, 0
    )  # else /proc/self stays root's, and the maps of a namespace cannot be written
