"""A layer being read: unpacked where it is packed, passed over where it lies plainly, its sums checked."""

from collections.abc import Iterator
from typing import Self

from gomedic.images.formats import LIES, Blob
from gomedic.images.problems import ImageRefused
from gomedic.images.streams import Chunks, Counted, Digest, Part, Source, Summing, Unpacked
from gomedic.texts import N_, Message

LAYER = N_("layer {number}")
SIZE = N_("{name} is not what the image says: it has {found} bytes, not {told}.")


def opened(source: Source, blob: Blob, number: int, *, sums: bool) -> "Packed | Plain":
    """Return a layer to read in a `with` statement; at its end a sum that is not the image's raises ImageRefused.

    The sums of a packed layer are always checked, for all of it is read. Those of a plain one cost more than to
    read it, and are checked where `sums` says so. Raises ImageRefused.
    """
    where = Message(LAYER, {"number": number})
    if not isinstance(source, Part):
        return Packed(source, blob, where)
    if blob.size is not None and blob.size != source.size:
        raise ImageRefused(SIZE, name=where, found=source.size, told=blob.size)
    return Plain(source, blob, where, sums) if source.compression == "none" else Packed(source, blob, where)


class Plain:
    """A layer that lies in a file as it is: what nobody asks for is not read."""

    compression = "none"

    def __init__(self, part: Part, blob: Blob, where: Message, sums: bool) -> None:
        self.where, self.data, self._blob = where, part, blob
        told = {digest.partition(":")[0] for digest in (blob.digest, blob.diff_id) if digest}
        self._summing = Summing(part.again(), told) if sums else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        if self._summing is not None and kind is None:
            found = self._summing.close()
            for told in (self._blob.digest, self._blob.diff_id):
                _compare(self.where, told, found)


class Packed:
    """A layer that is compressed, or lies in an archive that is."""

    def __init__(self, source: Source, blob: Blob, where: Message) -> None:
        self.where, self._blob = where, blob
        self._outer, self._inner = _digest_for(blob.digest), _digest_for(blob.diff_id)
        self._raw = Counted(source, self._outer)
        unpacked = Unpacked(self._raw, where)
        self.compression = unpacked.compression
        self.data = Chunks(self._hashed(unpacked.chunks))

    def _hashed(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for data in chunks:
            if self._inner is not None:
                self._inner.feed(data)
            yield data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        try:
            if kind is None:
                while self._raw.read():  # what follows the compressed data belongs to the blob too
                    pass
        finally:
            sums = [digest.close() if digest else {} for digest in (self._outer, self._inner)]
        if kind is None:
            _compare(self.where, self._blob.digest, sums[0])
            _compare(self.where, self._blob.diff_id, sums[1])


def _digest_for(digest: str | None) -> Digest | None:
    return Digest(digest.partition(":")[0]) if digest else None


def _compare(where: Message, told: str | None, sums: dict[str, str]) -> None:
    algorithm, _colon, sum_ = (told or "").partition(":")
    if sum_ and sums[algorithm] != sum_:
        raise ImageRefused(LIES, name=where, found=f"{algorithm}:{sums[algorithm]}", told=told or "")
