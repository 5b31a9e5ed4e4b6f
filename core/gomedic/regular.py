"""Opening files that somebody else put there: only what has an end."""

import errno
import os
import stat


def regular(path: str, flags: int) -> int:
    """Open a plain file, as an opener for `open`; a pipe or device, which may have no end, raises OSError."""
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
