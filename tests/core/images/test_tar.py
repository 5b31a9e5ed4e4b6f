"""Archives as Python's tarfile writes them, in each of its formats, are read as it reads them: from a file and from a stream."""

import io
import os
import tarfile
from collections.abc import Iterator
from tempfile import TemporaryFile

from hypothesis import given, settings
from hypothesis import strategies as st

from gomedic.images.streams import Chunks, Part
from gomedic.images.tar import Archive, Bytes

TYPES = {
    "f": tarfile.REGTYPE, "d": tarfile.DIRTYPE, "l": tarfile.SYMTYPE, "h": tarfile.LNKTYPE, "p": tarfile.FIFOTYPE, "c": tarfile.CHRTYPE,
    "b": tarfile.BLKTYPE,
}  # fmt: skip
Seen = tuple[str, str, int, int, int, int, str, bytes]
PART = st.text(st.sampled_from("abc é漢\udcff-'\"\n"), min_size=1, max_size=40).filter(
    lambda t: len(os.fsencode(t)) < 250
)
NAME = st.lists(PART, min_size=1, max_size=9).map("/".join)
NUMBER = st.one_of(st.sampled_from([0, 1000, 65534]), st.integers(0, 1 << 32))
FORMAT = st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
ENTRY = st.tuples(
    NAME, st.sampled_from(sorted(TYPES)), st.integers(0, 0o7777), NUMBER, NUMBER, NAME,
    st.one_of(st.binary(max_size=40), st.integers(500, 40_000).map(lambda size: b"x" * size)),
)  # fmt: skip


def written(entries: list[tuple[str, str, int, int, int, str, bytes]], form: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(
        fileobj=out, mode="w", format=form, encoding="utf-8", errors="surrogateescape"
    ) as archive:
        for name, kind, mode, uid, gid, link, content in entries:
            info = tarfile.TarInfo(name)
            info.type, info.mode, info.uid, info.gid = TYPES[kind], mode, uid, gid
            info.linkname = link if kind in "lh" else ""
            info.size = len(content) if kind == "f" else 0
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def by_tarfile(data: bytes) -> list[Seen]:
    kinds = {letter: kind for kind, letter in TYPES.items()}
    found = []
    with tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape") as archive:
        for info in archive:
            kind = kinds[info.type]
            file = archive.extractfile(info) if kind == "f" else None
            content = file.read() if file is not None else b""
            link = info.linkname if kind in "lh" else ""
            found.append(
                (
                    info.name,
                    kind,
                    info.mode,
                    info.uid,
                    info.gid,
                    info.size if kind == "f" else 0,
                    link,
                    content,
                )
            )
    return found


def by_us(data: Bytes, most: int) -> Iterator[Seen]:
    archive = Archive(data, "it")
    for e in archive:
        content = archive.content(most) if e.kind == "f" else b""
        yield e.name, e.kind, e.mode, e.uid, e.gid, e.size, e.link, content


@settings(max_examples=120, deadline=None)
@given(st.lists(ENTRY, max_size=12), FORMAT, st.integers(1, 3000), st.sampled_from([1 << 20, 7, 0]))
def test_it_reads_what_tarfile_reads(
    entries: list[tuple[str, str, int, int, int, str, bytes]], form: int, step: int, most: int
) -> None:
    data = written(entries, form)
    expected = [(*seen[:-1], seen[-1][:most]) for seen in by_tarfile(data)]
    chunks = (data[at : at + step] for at in range(0, len(data), step))
    assert list(by_us(Chunks(chunks), most)) == expected
    with TemporaryFile() as file:
        file.write(b"before" + data + b"behind")
        file.flush()
        assert list(by_us(Part(file.fileno(), 6, len(data)), most)) == expected
