"""Judge every member of a .tar.gz while it streams by; unpack a judged one as fast as the machine can."""

import errno
import hashlib
import os
import threading
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

from msgspec import Struct

from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic.toolchain.errors import CannotWrite, DiskFull, NotAnArchive, UnsafeMember
from gomedic.toolchain.members import Member, MembersRefused, Scanner

_UNPACKING = N_("Unpacking {version}")
_TOO_SHORT = N_("it ends too early")
_PIECE = 1 << 18  # bytes of compressed data handled at once
_MOST_AT_ONCE = 1 << 18  # bytes of decompressed data handled at once
_SEGMENT = 16 << 20  # decompressed bytes between two points where unpacking can start
_WORKERS = 4
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class _Stopped(Exception):  # noqa: N818 - no error
    """The unpacking was cancelled while this thread wrote."""


class Inflater:
    """A gzip decompressor that copes with several gzip members in a row and can be copied."""

    def __init__(self, engine: "zlib._Decompress | None" = None) -> None:
        self._engine = engine or zlib.decompressobj(31)

    def copy(self) -> "Inflater":
        """Return an independent decompressor in the same state."""
        return Inflater(None if self._engine.eof else self._engine.copy())

    @property
    def at_end(self) -> bool:
        """Whether the last gzip member fed is complete."""
        return self._engine.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` decompresses to, in pieces of bounded size. Raises zlib.error."""
        while data:
            if self._engine.eof:
                self._engine = zlib.decompressobj(31)
            yield self._engine.decompress(data, _MOST_AT_ONCE)
            data = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail


class Start(Struct, frozen=True):
    """A point of the compressed stream where unpacking can start."""

    compressed: int  # offset in the file
    plain: int  # offset in the decompressed stream
    inflater: Inflater


class Plan(Struct, frozen=True):
    """A judged archive: what it holds and where unpacking may start."""

    members: Sequence[Member]  # in archive order; names without the top folder
    starts: Sequence[Start]
    version_file: bytes  # content of VERSION
    size: int  # bytes of all files


class Judge:
    """Looks at every member while the archive streams by, and writes nothing."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._inflater = Inflater()
        self._scanner = Scanner()
        self._fed = 0
        self._starts: list[Start] = []

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the archive. Raises NotAnArchive, UnsafeMember."""
        try:
            for offset in range(0, len(data), _PIECE):
                self._take(data[offset : offset + _PIECE])
        except zlib.error as error:
            raise NotAnArchive(file=self._file, reason=str(error)) from None
        except MembersRefused as error:
            raise UnsafeMember(file=self._file, reason=error.message) from None

    def _take(self, piece: bytes) -> None:
        if not self._starts or self._scanner.seen - self._starts[-1].plain >= _SEGMENT:
            self._starts.append(Start(self._fed, self._scanner.seen, self._inflater.copy()))
        self._fed += len(piece)
        for plain in self._inflater.feed(piece):
            self._scanner.feed(plain)

    def finish(self) -> Plan:
        """Return the judged archive. Raises NotAnArchive, UnsafeMember."""
        if not self._inflater.at_end or not self._scanner.at_end:
            raise NotAnArchive(file=self._file, reason=Message(_TOO_SHORT))
        try:
            members = self._scanner.finish()
        except MembersRefused as error:
            raise UnsafeMember(file=self._file, reason=error.message) from None
        size = sum(member.size for member in members if member.kind == "file")
        return Plan(members, self._starts, self._scanner.version_file, size)


def unpack(
    archive: str, plan: Plan, folder: str, version: str
) -> Generator[Progress, None, Mapping[str, bytes]]:
    """Unpack `archive`, which `plan` was made from, into the empty `folder`, without the top folder `go/`.

    Returns the SHA-256 of each file. Yields progress; closing stops the writers and leaves `folder` to the caller. Raises DiskFull, CannotWrite.
    """
    root = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
    source = os.open(archive, os.O_RDONLY | os.O_CLOEXEC)
    work = _Work(source, root, _umask())
    try:
        _make_folders(plan.members, work)
        yield from _write_files(work, plan, version, _write_segment)
        _make_links(plan.members, root)
    except OSError as error:
        raise _refusal(error, folder, plan.size) from None
    finally:
        work.stop.set()
        os.close(source)
        os.close(root)
    return work.sums


def sums_in(archive: str, plan: Plan, version: str) -> Generator[Progress, None, Mapping[str, bytes]]:
    """Return the SHA-256 of each file in `archive`, which `plan` was made from; writes nothing. Raises OSError."""
    source = os.open(archive, os.O_RDONLY | os.O_CLOEXEC)
    work = _Work(source, -1, 0)
    try:
        yield from _write_files(work, plan, version, _sum_segment)
    finally:
        work.stop.set()
        os.close(source)
    return work.sums


def _refusal(error: OSError, folder: str, size: int) -> DiskFull | CannotWrite:
    reason = os.strerror(error.errno or 0)
    if error.errno in _NO_SPACE:
        return DiskFull(folder=folder, reason=reason, needed=(size >> 20) * 5 // 4 + 1)
    return CannotWrite(path=folder, reason=reason)


class _Work:
    """What the writers share."""

    def __init__(self, source: int, root: int, umask: int) -> None:
        self.source = source
        self.root = root
        self.umask = umask
        self.stop = threading.Event()
        self.sums: dict[str, bytes] = {}
        self.written = (
            0  # bytes; several threads add to it, so it is nearly right, which a progress bar forgives
        )


def _umask() -> int:
    """Return this process's umask without changing it, as os.umask would, for all threads."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        return next((int(line.split()[1], 8) for line in status if line.startswith("Umask:")), 0o777)


def _make_folders(members: Sequence[Member], work: _Work) -> None:
    folders = {member.name for member in members if member.kind == "folder" and member.name}
    for member in members:
        parent = member.name.rpartition("/")[0]
        while parent and parent not in folders:
            folders.add(parent)
            parent = parent.rpartition("/")[0]
    for name in sorted(folders):
        os.mkdir(name, 0o755, dir_fd=work.root)
        if work.umask & 0o755:
            os.chmod(name, 0o755, dir_fd=work.root)  # noqa: S103 - a GOROOT is for all to read


def _make_links(members: Sequence[Member], root: int) -> None:
    for member in members:
        if member.kind == "link":
            os.symlink(member.target, member.name, dir_fd=root)
        elif member.kind == "same":
            os.link(member.target, member.name, src_dir_fd=root, dst_dir_fd=root, follow_symlinks=False)


def _write_files(
    work: _Work, plan: Plan, version: str, write: Callable[[_Work, Start, Sequence[Member]], None]
) -> Iterator[Progress]:
    segments = _segments(plan)
    with ThreadPoolExecutor(min(_WORKERS, os.cpu_count() or 1), "unpack") as pool:
        try:
            waiting = {pool.submit(write, work, start, members) for start, members in segments}
            while waiting:
                done, waiting = wait(waiting, timeout=0.1, return_when=FIRST_EXCEPTION)
                for segment in done:
                    segment.result()
                yield Progress(Message(_UNPACKING, {"version": version}), work.written / max(plan.size, 1))
        finally:
            work.stop.set()
            pool.shutdown(cancel_futures=True)


def _segments(plan: Plan) -> list[tuple[Start, list[Member]]]:
    """Return the files, each with the last starting point before its content."""
    files = [member for member in plan.members if member.kind == "file"]
    ends = [start.plain for start in plan.starts[1:]] + [1 << 63]
    segments: list[tuple[Start, list[Member]]] = [(start, []) for start in plan.starts]
    number = 0
    for member in files:
        while member.offset >= ends[number]:
            number += 1
        segments[number][1].append(member)
    return [segment for segment in segments if segment[1]]


def _write_segment(work: _Work, start: Start, members: Sequence[Member]) -> None:
    """Write `members`, in archive order, from the stream that begins at `start`."""
    for member, pieces in _contents(work, start, members):
        descriptor, total = _create(work, member), hashlib.sha256()
        try:
            for piece in pieces:
                total.update(piece)
                while piece:
                    piece = piece[os.write(descriptor, piece) :]
            os.utime(descriptor, (member.mtime, member.mtime))
        finally:
            os.close(descriptor)
        work.sums[member.name] = total.digest()
        work.written += member.size


def _sum_segment(work: _Work, start: Start, members: Sequence[Member]) -> None:
    for member, pieces in _contents(work, start, members):
        total = hashlib.sha256()
        for piece in pieces:
            total.update(piece)
        work.sums[member.name] = total.digest()
        work.written += member.size


def _contents(
    work: _Work, start: Start, members: Sequence[Member]
) -> Iterator[tuple[Member, Iterator[memoryview]]]:
    """Yield each of `members`, in archive order, with the pieces of its content, which must be taken at once."""
    stream = _Stream(work, start)
    for member in members:
        yield member, stream.content(member.offset, member.size)


class _Stream:
    """The decompressed stream from a starting point on."""

    def __init__(self, work: _Work, start: Start) -> None:
        self._plain = _plain(work, start)
        self._position = start.plain
        self._piece = memoryview(b"")

    def content(self, offset: int, size: int) -> Iterator[memoryview]:
        """Yield the bytes from `offset` on, which lies ahead."""
        while self._position + len(self._piece) < offset:
            self._position += len(self._piece)
            self._piece = memoryview(next(self._plain))
        self._take(offset - self._position)
        while size:
            if not self._piece:
                self._piece = memoryview(next(self._plain))
            piece = self._piece[:size]
            self._take(len(piece))
            size -= len(piece)
            yield piece

    def _take(self, count: int) -> None:
        self._piece = self._piece[count:]
        self._position += count


def _create(work: _Work, member: Member) -> int:
    mode = 0o755 if member.executable else 0o644
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(member.name, flags, mode, dir_fd=work.root)
    if work.umask & mode:
        os.fchmod(descriptor, mode)
    return descriptor


def _plain(work: _Work, start: Start) -> Iterator[bytes]:
    """Yield the decompressed stream from `start` on. Raises _Stopped when the work is stopped."""
    inflater, offset = start.inflater.copy(), start.compressed
    while not work.stop.is_set():
        piece = os.pread(work.source, _PIECE, offset)
        offset += len(piece)
        yield from inflater.feed(piece)
        if not piece:
            raise OSError(errno.EIO, os.strerror(errno.EIO))  # shorter than when it was judged
    raise _Stopped
