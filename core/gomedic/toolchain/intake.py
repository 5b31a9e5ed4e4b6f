"""What arrives of an archive: its SHA-256 and its members are judged while it streams by."""

import hashlib
import threading
from collections.abc import Iterator
from typing import BinaryIO

from gomedic.model import Progress
from gomedic.texts import Message
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.unpack import Judge, Plan

_PIECE = 1 << 18


class Intake:
    """Hashes what was written to a file, and judges its members in a thread that reads along behind."""

    def __init__(self, path: str, file: str) -> None:
        self.path = path
        self.source = path  # where the bytes came from
        self._file = file
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self.begin()

    def begin(self) -> None:
        """Start anew, for an empty file."""
        self.close()
        self._sum = hashlib.sha256()
        self.size = 0
        self._complete = self._stopped = False
        self._plan: Plan | None = None
        self._error: Exception | None = None
        self._thread = None

    def take(self, piece: bytes) -> None:
        """Count bytes that the file now has."""
        self._sum.update(piece)
        with self._changed:
            self.size += len(piece)
            self._changed.notify()
        if self._thread is None:
            self._start()

    @property
    def sha256(self) -> str:
        """The sum of what was taken."""
        return self._sum.hexdigest()

    def plan(self) -> Plan:
        """Return the judged archive, once all is taken. Raises NotAnArchive, UnsafeMember."""
        with self._changed:
            self._complete = True
            self._changed.notify()
        if self._thread is None:
            self._start()
        if self._thread is not None:
            self._thread.join()
        if self._plan is None:
            raise self._error or AssertionError
        return self._plan

    def close(self) -> None:
        """Stop judging."""
        thread = self._thread
        if thread is None or not thread.is_alive():
            return
        with self._changed:
            self._stopped = True
            self._changed.notify()
        thread.join()

    def _start(self) -> None:
        file = open(self.path, "rb")  # noqa: SIM115 - here, because the file is renamed; the thread closes it
        self._thread = threading.Thread(target=self._judge, args=(file,), name="judge", daemon=True)
        self._thread.start()

    def _judge(self, source: BinaryIO) -> None:
        judge = Judge(self._file)
        try:
            with source as file:
                while piece := file.read(self._ready(file.tell())):
                    judge.feed(piece)
            if not self._stopped:
                self._plan = judge.finish()
        except (ToolchainError, OSError) as error:
            self._error = error

    def _ready(self, position: int) -> int:
        """Wait for more bytes; return how many to read, 0 at the end."""
        with self._changed:
            while position >= self.size and not (self._complete or self._stopped):
                self._changed.wait()
            return 0 if self._stopped else min(self.size - position, _PIECE)


def take_file(intake: Intake, what: Message, size: int) -> Iterator[Progress]:
    """Take what lies on disk already."""
    with open(intake.path, "rb") as file:
        while piece := file.read(_PIECE):
            intake.take(piece)
            if intake.size % (_PIECE << 6) == 0:
                yield Progress(what, intake.size / size if size else None)
