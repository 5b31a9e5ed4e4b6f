"""A file that is being fetched: it keeps what came, and one process at a time writes it."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from typing import Self

from gomedic.model import Progress
from gomedic.texts import N_, Message

_WAITING = N_("Waiting for another gomedic that fetches {file}")


class Part:
    """The file that is being fetched, locked against other processes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.descriptor >= 0 and not os.fstat(self.descriptor).st_size:
            with contextlib.suppress(OSError):
                os.unlink(self.path)
        self._close()

    def lock(self, file: str) -> Iterator[Progress]:
        """Wait until no other process fetches the same file, which is called `file`."""
        while not self._try():
            yield Progress(Message(_WAITING, {"file": file}))
            time.sleep(0.2)

    @property
    def size(self) -> int:
        """How much there is, in bytes."""
        return os.fstat(self.descriptor).st_size

    def append(self, piece: bytes) -> None:
        """Write what came. Raises OSError."""
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(self.descriptor, rest) :]

    def cut(self, size: int) -> None:
        """Forget what comes after so many bytes."""
        os.ftruncate(self.descriptor, size)

    def _try(self) -> bool:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        self.descriptor = os.open(self.path, flags, 0o600)
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(self.descriptor), os.stat(self.path)):
                return True
        except (BlockingIOError, FileNotFoundError):
            pass  # another process has it, or has just finished it
        self._close()
        return False

    def _close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
