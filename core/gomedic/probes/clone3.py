"""Whether the sandbox lets a C library start threads the new way."""

import ctypes
import errno
import platform

_CLONE3 = 435  # the same number on every architecture (syscalls(2))


def is_forbidden() -> bool:
    """Tell whether the kernel refuses clone3 with EPERM; asked with no arguments, so nothing is ever started.

    A filter that is to make the C library fall back answers ENOSYS (moby/moby#42680); a free kernel EINVAL.
    """
    if platform.system() != "Linux":
        return False
    try:
        library = ctypes.CDLL(None, use_errno=True)
        ctypes.set_errno(0)
        answer = library.syscall(_CLONE3, None, 0)
    except (OSError, AttributeError):
        return False
    return answer == -1 and ctypes.get_errno() == errno.EPERM
