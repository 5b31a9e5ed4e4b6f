"""Which release of the GNU C library a program asks for, and which there is."""

import os
import re
import struct
from collections.abc import Iterator

from gomedic.regular import regular

_HEADERS = 64 << 10  # bytes; program headers lie at the beginning
_LOAD, _DYNAMIC = 1, 2  # elf(5), p_type
_STRTAB, _VERNEED, _VERNEEDNUM = 5, 0x6FFFFFFE, 0x6FFFFFFF  # elf(5) and the LSB, d_tag


def installed() -> str | None:
    """Return the release of the machine's C library, "2.36"; None where it is another one than GNU's."""
    try:
        said = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (OSError, ValueError):
        return None
    found = re.fullmatch(r"glibc (\d+(?:\.\d+)+)", said)
    return found[1] if found else None


def needed(path: str) -> str | None:
    """Return the newest release of the GNU C library that a 64-bit program asks for by its version needs, "2.34"."""
    try:
        with open(path, "rb", opener=regular) as file:
            names = list(_version_names(file.fileno()))
    except (OSError, OverflowError, struct.error):  # what it says of itself may be anything
        return None
    releases = [name.removeprefix("GLIBC_") for name in names if re.fullmatch(r"GLIBC_\d+(\.\d+)+", name)]
    return max(releases, key=numbers, default=None)


def numbers(release: str) -> tuple[int, ...]:
    """Return what to sort releases of the C library by."""
    return tuple(int(part) for part in release.split("."))


def _version_names(file: int) -> Iterator[str]:
    """Yield the names in .gnu.version_r, found as the loader finds them, through the dynamic segment."""
    head = os.pread(file, _HEADERS, 0)
    if head[:6] != b"\x7fELF\x02\x01":  # 64 bits, little-endian: what Go is used on
        return
    segments = _segments(head)
    dynamic = next((s for s in segments if s[0] == _DYNAMIC), None)
    if dynamic is None:
        return
    tags = dict(struct.iter_unpack("<QQ", _whole(os.pread(file, min(dynamic[3], _HEADERS), dynamic[1]))))
    if not {_STRTAB, _VERNEED, _VERNEEDNUM} <= tags.keys():
        return
    strings = _offset(segments, tags[_STRTAB])
    for at in _needs(file, _offset(segments, tags[_VERNEED]), tags[_VERNEEDNUM]):
        yield os.pread(file, 64, strings + at).split(b"\0", 1)[0].decode("ascii", "replace")


def _segments(head: bytes) -> list[tuple[int, int, int, int]]:
    """Return type, file offset, address and size of each segment."""
    (start,) = struct.unpack_from("<Q", head, 32)
    size, count = struct.unpack_from("<HH", head, 54)
    fields = (struct.unpack_from("<IIQQQQ", head, start + at * size) for at in range(count))
    return [(kind, offset, address, length) for kind, _flags, offset, address, _physical, length in fields]


def _whole(data: bytes) -> bytes:
    return data[: len(data) // 16 * 16]


def _offset(segments: list[tuple[int, int, int, int]], address: int) -> int:
    return next(
        (address - a + o for kind, o, a, size in segments if kind == _LOAD and a <= address < a + size), 0
    )


def _needs(file: int, start: int, count: int) -> Iterator[int]:
    """Yield where in the string table the name of each needed version is (Elfxx_Verneed, Elfxx_Vernaux)."""
    for _library in range(min(count, 64)):
        _version, names, _file, aux, following = struct.unpack("<HHIII", os.pread(file, 16, start))
        at = start + aux
        for _name in range(min(names, 256)):
            _hash, _flags, _other, name, further = struct.unpack("<IHHII", os.pread(file, 16, at))
            yield name
            at += further
        start += following
