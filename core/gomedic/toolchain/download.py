"""An archive fetched into the cache: resumed across runs, its SHA-256 and its members judged while it streams by."""

import contextlib
import errno
import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Generator, Iterator
from http import HTTPStatus
from typing import BinaryIO, Self
from urllib.parse import urlsplit

from msgspec import Struct

from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic.toolchain.errors import (
    CannotWrite,
    CutShort,
    DiskFull,
    NoNetwork,
    NotThere,
    ServerRefused,
    Stalled,
    TooLarge,
    ToolchainError,
    WebPageInstead,
    WrongSum,
)
from gomedic.toolchain.unpack import Judge, Plan
from gomedic.toolchain.web import Reply, Web

_FETCHING = N_("Fetching {file} from {source}: {done} of {size} MB")
_READING = N_("Reading {file}, fetched before")
_WAITING = N_("Waiting for another gomedic that fetches {file}")
_LARGEST = 1 << 30  # bytes, where no list says how many; an archive has about 70 MB
_OTHER_SOURCE = (NotThere, NoNetwork, ServerRefused, WebPageInstead, Stalled, CutShort, TooLarge, WrongSum)
_DAMAGED = (CutShort, TooLarge, WrongSum, WebPageInstead)  # what came is no start of the right file
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PIECE = 1 << 18
_EVERY = 0.1  # seconds between two pieces of progress


class Wanted(Struct, frozen=True):
    """A file to fetch."""

    file: str
    sha256: str
    size: int  # 0: not known
    authority: str  # who says so
    addresses: tuple[str, ...]  # in the order to try


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


def download(web: Web, folder: str, wanted: Wanted) -> Generator[Progress | Intake, None, None]:
    """Yield progress, and last the intake of a file in `folder` that has the right sum.

    The file stays there under its sum; what was fetched of it before a failure stays too, to go on from.
    The intake is the caller's to close. Raises the refusals of the module errors.
    """
    path = os.path.join(folder, wanted.sha256)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with _Part(f"{path}.part") as part:
            yield from part.lock(wanted)
            intake = yield from _from_cache(path, wanted)
            if intake is None:
                intake = yield from _from_first(web, part, wanted)
                os.rename(part.path, path)
                intake.path = path
            yield intake
    except OSError as error:
        raise _refusal(error, f"{path}.part", wanted) from None


class _Part:
    """The file that is being fetched, locked against other processes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.descriptor >= 0 and not os.fstat(self.descriptor).st_size:
            _remove(self.path)
        self._close()

    def lock(self, wanted: Wanted) -> Iterator[Progress]:
        """Wait until no other process fetches the same file."""
        while not self._try():
            yield Progress(Message(_WAITING, {"file": wanted.file}))
            time.sleep(0.2)

    @property
    def size(self) -> int:
        return os.fstat(self.descriptor).st_size

    def append(self, piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(self.descriptor, rest) :]

    def clear(self) -> None:
        os.ftruncate(self.descriptor, 0)

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


def _refusal(error: OSError, part: str, wanted: Wanted) -> ToolchainError:
    folder, reason = os.path.dirname(part), os.strerror(error.errno or 0)
    if error.errno not in _NO_SPACE:
        return CannotWrite(path=folder, reason=reason)
    _remove(part)
    return DiskFull(folder=folder, reason=reason, needed=(wanted.size >> 20) + 1)


def _from_cache(path: str, wanted: Wanted) -> Generator[Progress, None, Intake | None]:
    """Return the intake of the file that an earlier run fetched, None where there is none that is whole."""
    if not os.path.exists(path):
        return None
    intake = Intake(path, wanted.file)
    try:
        yield from take_file(intake, Message(_READING, {"file": wanted.file}), wanted.size)
    except BaseException:
        intake.close()
        raise
    if intake.sha256 == wanted.sha256:
        return intake
    intake.close()
    _remove(path)
    return None


def _from_first(web: Web, part: _Part, wanted: Wanted) -> Generator[Progress, None, Intake]:
    """Return the intake of the file from the first address that gives it. Raises the first address's refusal."""
    intake = Intake(part.path, wanted.file)
    refusal: ToolchainError | None = None
    try:
        for address in wanted.addresses:
            try:
                yield from _from_address(web, part, intake, wanted, address)
            except _OTHER_SOURCE as error:
                refusal = refusal or error
            else:
                intake.source = address
                return intake
        raise refusal or NotThere(url=wanted.file, reason="")
    except BaseException:
        intake.close()
        raise


def _from_address(web: Web, part: _Part, intake: Intake, wanted: Wanted, address: str) -> Iterator[Progress]:
    """Fetch the rest, or where it turns out that the start was of something else, the whole."""
    resumed = part.size > 0
    try:
        yield from _attempt(web, part, intake, wanted, address)
    except (*_DAMAGED, ServerRefused):
        part.clear()
        if not resumed:
            raise
        yield from _attempt(web, part, intake, wanted, address)


def _attempt(web: Web, part: _Part, intake: Intake, wanted: Wanted, address: str) -> Iterator[Progress]:
    intake.begin()
    limit = wanted.size or _LARGEST
    if part.size < limit:
        with web.opened(address, part.size) as reply:
            _judge_size(reply, wanted, address)
            if reply.status == HTTPStatus.OK:
                part.clear()
            yield from take_file(intake, Message(_READING, {"file": wanted.file}), wanted.size)
            yield from _take_reply(reply, part, intake, wanted, address)
    else:
        yield from take_file(intake, Message(_READING, {"file": wanted.file}), wanted.size)
    if wanted.size and intake.size < wanted.size:
        raise CutShort(file=wanted.file, source=address, size=intake.size, expected=wanted.size)
    if intake.sha256 != wanted.sha256:
        values = {"found": intake.sha256, "authority": wanted.authority, "expected": wanted.sha256}
        raise WrongSum(file=wanted.file, source=address, **values)


def _judge_size(reply: Reply, wanted: Wanted, address: str) -> None:
    limit = wanted.size or _LARGEST
    if reply.total is not None and reply.total > limit:
        raise TooLarge(file=wanted.file, source=address, expected=limit)


def _take_reply(
    reply: Reply, part: _Part, intake: Intake, wanted: Wanted, address: str
) -> Iterator[Progress]:
    limit = wanted.size or _LARGEST
    told = float("-inf")  # the first piece is told at once
    for piece in reply.body:
        if intake.size + len(piece) > limit:
            raise TooLarge(file=wanted.file, source=address, expected=limit)
        part.append(piece)
        intake.take(piece)
        if time.monotonic() - told >= _EVERY:
            told = time.monotonic()
            yield _progress(intake, wanted, address)


def take_file(intake: Intake, what: Message, size: int) -> Iterator[Progress]:
    """Take what lies on disk already."""
    with open(intake.path, "rb") as file:
        while piece := file.read(_PIECE):
            intake.take(piece)
            if intake.size % (_PIECE << 6) == 0:
                yield Progress(what, intake.size / size if size else None)


def _progress(intake: Intake, wanted: Wanted, address: str) -> Progress:
    source = urlsplit(address).netloc or os.path.dirname(address)
    values = {"file": wanted.file, "source": source, "done": _mb(intake.size), "size": _mb(wanted.size)}
    return Progress(Message(_FETCHING, values), intake.size / wanted.size if wanted.size else None)


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f}" if size else "?"


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
