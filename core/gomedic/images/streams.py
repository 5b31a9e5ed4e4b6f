"""Bytes of an image in one pass: unpacked as they come, hashed beside, never all in memory."""

import hashlib
import os
import queue
import threading
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from gomedic.images.problems import ImageRefused
from gomedic.images.stopping import Cancelled, Event, go_on
from gomedic.texts import N_, Message

CHUNK = 512 << 10  # bytes read at once
_WINDOW = 16 << 10  # bytes read where a header is looked for; the next ones are often in it
_MARK = 8  # bytes at a beginning that tell how it is compressed
_MOST = 64 << 30  # bytes that a whole layer may unpack to
_SUSPECT_FROM = 1 << 30  # bytes unpacked before the ratio counts
_WORST_RATIO = 250  # unpacked to packed; text and programs give 3 to 20
_WIDEST_WINDOW = 1 << 27  # bytes; zstd's own limit for what a reader must hold

BOMB = N_(
    "A layer unpacks to more than {size} GiB, {ratio} times what it is: this looks like a decompression bomb."
)
DAMAGED = N_("The compressed data of {name} is damaged: {error}.")
SHORT = N_("{name} ends before it should: the file is cut off or damaged.")


class Source(Protocol):
    """Anything that gives bytes one after another."""

    def read(self, size: int, /) -> bytes: ...


class Digest:
    """A SHA sum that another core reckons while this one goes on."""

    def __init__(self, algorithm: str = "sha256") -> None:
        self._algorithm, self._hash = algorithm, hashlib.new(algorithm)
        self._waiting: queue.Queue[bytes | None] = queue.Queue(8)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (data := self._waiting.get()) is not None:
            self._hash.update(data)

    def feed(self, data: bytes) -> None:
        """Count `data` in."""
        self._waiting.put(data)

    def close(self) -> dict[str, str]:
        """Return the sum of all that was fed, in hexadecimal, by its algorithm."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()
        return {self._algorithm: self._hash.hexdigest()}


class Counted:
    """A source that is hashed as it is read."""

    def __init__(self, source: Source, digest: Digest | None) -> None:
        self._source = source
        self._digest = digest
        self.count = 0

    def read(self, size: int = CHUNK, /) -> bytes:
        """Return the next bytes, b"" at the end."""
        data = self._source.read(min(size, CHUNK))
        self.count += len(data)
        if self._digest is not None and data:
            self._digest.feed(data)
        return data


def compression_of(head: bytes) -> str:
    """Return how a file that begins so is compressed: none, gzip, zstd."""
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    return "zstd" if head[:4] == b"\x28\xb5\x2f\xfd" else "none"


class Unpacked:
    """The unpacked bytes of a source, whatever it is compressed with (`compression` tells)."""

    def __init__(self, raw: Counted, name: str | Message) -> None:
        self._raw = raw
        self._name = name
        head = raw.read()
        self.compression = compression_of(head)
        kinds = {"none": self._plain, "gzip": self._gzip, "zstd": self._zstd}
        self.chunks = self._watched(kinds[self.compression](head))

    def _plain(self, head: bytes) -> Iterator[bytes]:
        data = head
        while data:
            yield data
            data = self._raw.read()

    def _gzip(self, head: bytes) -> Iterator[bytes]:
        """Yield what gzip members unpack to, one after another; zeros after the last are padding (gzip(1))."""
        data = head
        while data.strip(b"\0"):
            member = zlib.decompressobj(31)
            while not member.eof:
                try:
                    yield member.decompress(data, CHUNK * 2)
                except zlib.error as error:
                    raise ImageRefused(DAMAGED, name=self._name, error=str(error)) from error
                data = member.unconsumed_tail or ("" if member.eof else self._raw.read()) or b""
                if not data and not member.eof:
                    rest = member.flush()
                    if not member.eof:
                        raise ImageRefused(SHORT, name=self._name)
                    yield rest
            data = member.unused_data or self._raw.read()

    def _zstd(self, head: bytes) -> Iterator[bytes]:
        import zstandard  # only where an image has it

        decompressor = zstandard.ZstdDecompressor(max_window_size=_WIDEST_WINDOW)
        joined = _Joined(head, self._raw)
        stream = decompressor.stream_reader(joined, read_size=CHUNK, read_across_frames=True)  # type: ignore[arg-type]
        try:
            while data := stream.read(CHUNK * 2):
                yield data
        except zstandard.ZstdError as error:
            raise ImageRefused(DAMAGED, name=self._name, error=str(error)) from error

    def _watched(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        done = 0
        for data in chunks:
            done += len(data)
            ratio = done // max(self._raw.count, 1)
            if done > _MOST or (done > _SUSPECT_FROM and ratio > _WORST_RATIO):
                raise ImageRefused(BOMB, size=done >> 30, ratio=ratio)
            if data:
                yield data


class _Joined:
    """What was read already, and then the rest."""

    def __init__(self, head: bytes, rest: Counted) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int = CHUNK) -> bytes:
        head, self._head = self._head[:size], self._head[size:]
        return head or self._rest.read(size)


class Chunks:
    """Bytes that can be taken or skipped, from chunks that come one after another."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._data = b""
        self._at = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer only at the end."""
        at, end = self._at, self._at + size
        if end <= len(self._data):
            self._at = end
            return self._data[at:end]
        parts = [self._data[at:]]
        lacking = size - len(parts[0])
        while lacking > 0 and self._next():
            part = self._data[:lacking]
            self._at = len(part)
            parts.append(part)
            lacking -= len(part)
        return b"".join(parts)

    def skip(self, size: int) -> bool:
        """Pass over bytes; False where there are not so many."""
        size -= len(self._data) - self._at
        while size > 0:
            if not self._next():
                return False
            size -= len(self._data)
        self._at = len(self._data) + size
        return True

    def drain(self) -> None:
        """Pass over all that is left, so that sums are those of the whole."""
        while self._next():
            pass

    def _next(self) -> bool:
        self._data, self._at = next(self._chunks, b""), 0
        return bool(self._data)


class Part:
    """A part of a file that can be read at any place: bytes to take, skip, or read to its end.

    What is skipped is not read. Raises Cancelled where somebody ends the work.
    """

    def __init__(self, descriptor: int, start: int, size: int, cancelled: Event | None = None) -> None:
        self._descriptor = descriptor
        self._start = self._base = start  # where in the file `_data` begins
        self._end = start + size
        self._cancelled = cancelled
        self._data = b""
        self._at = 0  # in `_data`, or behind it

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer only at the end."""
        at, end = self._at, self._at + size
        if end <= len(self._data):
            self._at = end
            return self._data[at:end]
        return self._fetched(size)

    read = take

    def _fetched(self, size: int) -> bytes:
        go_on(self._cancelled)
        at = self.position
        wanted = max(min(max(size, _WINDOW), self._end - at), 0)
        data = os.pread(self._descriptor, wanted, at) if wanted else b""
        if size >= _WINDOW:
            self._base, self._data, self._at = at + len(data), b"", 0
            return data
        self._base, self._data, self._at = at, data, min(size, len(data))
        return data[:size]

    def skip(self, size: int) -> bool:
        """Pass over bytes; False where there are not so many."""
        self._at += size
        return self.position <= self._end

    def drain(self) -> None:
        """Pass over all that is left."""
        self._at = self._end - self._base

    def again(self) -> "Part":
        """Return the same part from its start, to be read beside this one."""
        return Part(self._descriptor, self._start, self.size, self._cancelled)

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._end - self._start

    @property
    def position(self) -> int:
        """Where in the file the next byte is."""
        return self._base + self._at

    @property
    def compression(self) -> str:
        """How it is compressed, as its beginning tells."""
        return compression_of(os.pread(self._descriptor, min(_MARK, self.size), self._start))


def unpacked(source: Source, name: str | Message) -> Chunks | Part:
    """Return the unpacked bytes of a source; where they lie in a file as they are, no more is read than is taken."""
    if isinstance(source, Part) and source.compression == "none":
        return source
    return Chunks(Unpacked(Counted(source, None), name).chunks)


class Summing:
    """Sums of a part that another core reckons."""

    def __init__(self, part: Part, algorithms: Iterable[str]) -> None:
        self._part = part
        self._hashes = {name: hashlib.new(name) for name in algorithms}
        self._failed: Exception | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            while data := self._part.take(CHUNK):
                for each in self._hashes.values():
                    each.update(data)
        except (OSError, Cancelled) as error:
            self._failed = error

    def close(self) -> dict[str, str]:
        """Return the sum by each algorithm, in hexadecimal. Raises OSError, Cancelled."""
        self._thread.join()
        if self._failed is not None:
            raise self._failed
        return {name: each.hexdigest() for name, each in self._hashes.items()}
