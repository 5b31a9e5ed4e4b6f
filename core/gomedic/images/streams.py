"""Bytes of an image in one pass: unpacked as they come, hashed beside, never all in memory."""

import hashlib
import queue
import threading
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from gomedic.images.problems import ImageRefused
from gomedic.texts import N_, Message

CHUNK = 512 << 10  # bytes read at once
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
        self._hash = hashlib.new(algorithm)
        self._waiting: queue.Queue[bytes | None] = queue.Queue(8)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (data := self._waiting.get()) is not None:
            self._hash.update(data)

    def feed(self, data: bytes) -> None:
        """Count `data` in."""
        self._waiting.put(data)

    def close(self) -> str:
        """Return the sum of all that was fed, in hexadecimal."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()
        return self._hash.hexdigest()


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
    """A part of a file that can be sought in: bytes to take, skip, or read to its end."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._at = start
        self._end = start + size

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer only at the end."""
        self._file.seek(self._at)
        data = self._file.read(min(size, self._end - self._at))
        self._at += len(data)
        return data

    read = take

    def skip(self, size: int) -> bool:
        """Pass over bytes; False where there are not so many."""
        self._at = min(self._at + size, self._end + 1)
        return self._at <= self._end

    def drain(self) -> None:
        """Pass over all that is left."""
        self._at = self._end

    @property
    def position(self) -> int:
        """Where in the file the next byte is."""
        return self._at
