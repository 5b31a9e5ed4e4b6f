"""Get along where the doctor's own address space is limited (ulimit -v): that is an illness to be told, not to die of."""

import ctypes
import resource
import threading

_STACK = 1 << 20  # bytes; a thread reserves 8 MB else
_M_ARENA_MAX = -8  # mallopt(3); each thread's arena reserves 64 MB


def settle_in() -> None:
    """Reserve little for each thread, where the address space has a limit."""
    if resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        return
    threading.stack_size(_STACK)
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
    except (OSError, AttributeError):  # another C library, which reserves none
        return
