"""What an ELF program needs of the system, read from the file (elf(5)); nothing is started."""

import re
import struct

_INTERPRETER, _DYNAMIC = 3, 2  # p_type
_NEEDED = 1  # d_tag
_LARGEST = 256 << 20  # bytes
_NEEDS_GLIBC = re.compile(rb"\0GLIBC_(2\.\d+(?:\.\d+)?)(?=\0)")


def need_of(path: str) -> str | None:
    """Return what a program needs of the system: its loader, or "a library"; None where it needs nothing.

    Raises OSError; what is no ELF program needs nothing that could be told.
    """
    data = _content(path)
    for kind, offset, size in _segments(data):
        if kind == _INTERPRETER:
            return data[offset : offset + size].rstrip(b"\0").decode("utf-8", "replace")
        if kind == _DYNAMIC and _NEEDED in _tags(data, offset, size):
            return "a library"
    return None


def newest_glibc(path: str) -> str:
    """Return the newest version of glibc that a program asks for, "2.34"; "" where it asks for none."""
    try:
        found = _NEEDS_GLIBC.findall(_content(path))
    except OSError:
        return ""
    return max((version.decode() for version in found), key=_key, default="")


def _key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(_LARGEST)


def _segments(data: bytes) -> list[tuple[int, int, int]]:
    """Return type, offset and size of each program header."""
    if data[:4] != b"\x7fELF" or len(data) < 64:
        return []
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
    start, at, count, size = (32, 54, 56, "Q") if wide else (28, 42, 44, "I")
    (first,) = struct.unpack_from(order + size, data, start)
    (length,) = struct.unpack_from(order + "H", data, at)
    (number,) = struct.unpack_from(order + "H", data, count)
    found = []
    for index in range(number):
        place = first + index * length
        if place + length > len(data):
            break
        fields = struct.unpack_from(order + ("IIQQQQ" if wide else "IIIII"), data, place)
        found.append((fields[0], fields[2], fields[5]) if wide else (fields[0], fields[1], fields[4]))
    return found


def _tags(data: bytes, offset: int, size: int) -> set[int]:
    word = 8 if data[4] == 2 else 4
    form = ("<" if data[5] == 1 else ">") + ("q" if word == 8 else "i")
    end = min(offset + size, len(data) - word)
    return {struct.unpack_from(form, data, place)[0] for place in range(offset, end, 2 * word)}
