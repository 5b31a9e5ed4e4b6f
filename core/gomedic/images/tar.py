"""The headers of a tar stream, one after another: ustar, GNU and PAX as image tools write them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from msgspec import Struct

from gomedic.images.problems import ImageRefused
from gomedic.texts import N_, Message

_BLOCK = 512
_LONGEST_EXTENSION = 1 << 20  # bytes of a PAX or long-name record
_LARGEST = 1 << 42  # bytes of one file
_LONGEST_NAME = 4096  # bytes; PATH_MAX
_LONGEST_PART = 255  # bytes; NAME_MAX
_ZEROS = bytes(_BLOCK)
_KINDS = {
    b"0": "f", b"\0": "f", b"7": "f", b"S": "f", b"1": "h", b"2": "l", b"3": "c", b"4": "b", b"5": "d",
    b"D": "d", b"6": "p",
}  # fmt: skip
_EXTENSIONS = (b"x", b"X", b"L", b"K")
_SKIPPED = (b"g", b"V")  # archive/tar and docker apply no global record to what follows

CUT = N_("{where} ends in the middle of a file: it is cut off or damaged.")
HEADER = N_("{where} is no sound tar archive: there is a damaged header after {after}.")
UNKNOWN = N_("{where} has an entry of an unknown type ({type}): {name}.")
OUT = N_("{where} has an entry that leads out of the image: {name}.")
NAME = N_("{where} has an entry whose name is longer than a file's can be: {name}.")
HUGE = N_("{where} has an entry of an impossible size: {name}.")
EXTENSION = N_("{where} has a damaged extended header after {after}.")


class Bytes(Protocol):
    """What headers are read from."""

    def take(self, size: int, /) -> bytes: ...
    def skip(self, size: int, /) -> bool: ...
    def drain(self) -> None: ...


class Entry(Struct, gc=False):
    """One entry of an archive; its name without leading or trailing slashes, "" for the top folder."""

    name: str
    kind: str  # f d l (symbolic link) h (hard link) c b p
    mode: int
    uid: int
    gid: int
    size: int  # bytes that the file has
    stored: int  # bytes that follow in the archive
    link: str
    sparse: bool = False


class Archive:
    """The entries of a tar archive; after each, its content may be taken with `content`."""

    def __init__(self, data: Bytes, where: str | Message) -> None:
        self.data = data
        self._where = where
        self._left = 0  # bytes of the current entry that are not taken yet
        self._padding = 0
        self._last = "-"

    def __iter__(self) -> Iterator[Entry]:
        extended: dict[str, str] = {}
        data = self.data
        while (block := self._header()) is not None:
            letter = block[156:157]
            if letter in _EXTENSIONS:
                self._extend(extended, block, letter)
            elif letter in _SKIPPED:
                self._pass(self._number(block[124:136]))
            else:
                entry = self._entry(block, letter, extended)
                if extended:
                    extended = {}
                self._last = entry.name
                self._left, self._padding = entry.stored, -entry.stored % _BLOCK
                yield entry
                if (left := self._left + self._padding) and not data.skip(left):
                    raise ImageRefused(CUT, where=self._where)
                self._left = self._padding = 0
        self.data.drain()

    def content(self, most: int) -> bytes:
        """Return the content of the entry that came last, at most so many bytes of it."""
        data = self.data.take(min(self._left, most))
        self._left -= len(data)
        return data

    def _header(self) -> bytes | None:
        block = self.data.take(_BLOCK)
        if not block:
            return None
        if block == _ZEROS:
            if self.data.take(_BLOCK).strip(b"\0"):
                raise ImageRefused(HEADER, where=self._where, after=self._last)
            return None
        told = self._number(block[148:156]) if len(block) == _BLOCK else -1
        # zeros, most of a header, cost no addition
        if sum(block.translate(None, b"\0")) - sum(block[148:156]) + 256 != told:
            raise ImageRefused(HEADER, where=self._where, after=self._last)
        return block

    def _number(self, field: bytes) -> int:
        try:
            return int(field.partition(b"\0")[0], 8)
        except ValueError:
            return self._odd_number(field)

    def _odd_number(self, field: bytes) -> int:
        if field[0] & 0x80:  # base 256, for what octal digits do not hold
            return (
                int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1) if field[0] == 0x80 else -1
            )
        text = field.split(b"\0", 1)[0].strip()
        try:
            return int(text, 8) if text else 0
        except ValueError:
            raise ImageRefused(HEADER, where=self._where, after=self._last) from None

    def _extend(self, extended: dict[str, str], block: bytes, letter: bytes) -> None:
        size = self._number(block[124:136])
        data = self.data.take(size) if 0 <= size <= _LONGEST_EXTENSION else b""
        if len(data) != size or not self.data.skip(-size % _BLOCK):
            raise ImageRefused(EXTENSION, where=self._where, after=self._last)
        if letter in (b"L", b"K"):
            extended["path" if letter == b"L" else "linkpath"] = _text(data)
        else:
            extended.update(self._records(data))

    def _records(self, data: bytes) -> Iterator[tuple[str, str]]:
        """Yield the records of a PAX header: `LENGTH KEY=VALUE\\n` (pax(1))."""
        at = 0
        while at < len(data):
            length, space, _rest = data[at : at + 20].partition(b" ")
            size = int(length) if length.isdigit() and space else 0
            key, equals, value = data[at + len(length) + 1 : at + size - 1].partition(b"=")
            if size <= len(length) + 1 or at + size > len(data) or not equals:
                raise ImageRefused(EXTENSION, where=self._where, after=self._last)
            at += size
            if b"\0" not in value:  # of no use in a path, and a trick to make readers disagree
                yield key.decode("utf-8", "replace"), value.decode("utf-8", "surrogateescape")
            elif key in (b"path", b"linkpath"):
                raise ImageRefused(EXTENSION, where=self._where, after=self._last)

    def _entry(self, block: bytes, letter: bytes, extended: dict[str, str]) -> Entry:
        raw = _name(block)
        if extended:
            raw = extended.get("GNU.sparse.name") or extended.get("path") or raw
        kind = _KINDS.get(letter)
        if kind is None:
            raise ImageRefused(UNKNOWN, where=self._where, type=repr(letter)[2:-1], name=raw)
        if letter == b"\0" and raw.endswith("/"):
            kind = "d"  # as archives before POSIX say it
        mode, uid, gid = self._rights(block, extended)
        if kind != "f":
            return Entry(self._inside(raw), kind, mode, uid, gid, 0, 0, self._link(block, kind, extended))
        stored = self._told(extended, "size", block[124:136])
        size, sparse = stored, False
        if letter == b"S" or (extended and any(key.startswith("GNU.sparse.") for key in extended)):
            size, sparse = self._sparse(block, letter, extended, stored), True
        if not 0 <= stored <= _LARGEST or not 0 <= size <= _LARGEST:
            raise ImageRefused(HUGE, where=self._where, name=raw)
        return Entry(self._inside(raw), kind, mode, uid, gid, size, stored, "", sparse)

    def _rights(self, block: bytes, extended: dict[str, str]) -> tuple[int, int, int]:
        try:
            mode, uid, gid = _plain_rights(block[100:124])
        except ValueError:
            mode = self._number(block[100:108])
            uid = self._told(extended, "uid", block[108:116])
            gid = self._told(extended, "gid", block[116:124])
        else:
            if extended:
                uid, gid = (self._told(extended, name, b"%o" % n) for name, n in (("uid", uid), ("gid", gid)))
        return mode & 0o7777, uid, gid

    def _link(self, block: bytes, kind: str, extended: dict[str, str]) -> str:
        if kind not in "lh":
            return ""
        link = extended.get("linkpath") or _text(block[157:257])
        return self._inside(link) if kind == "h" else self._target(link)

    def _told(self, extended: dict[str, str], key: str, field: bytes) -> int:
        if not extended or key not in extended:
            return self._number(field)
        if not extended[key].isdigit() or len(extended[key]) > 19:
            raise ImageRefused(EXTENSION, where=self._where, after=self._last)
        return int(extended[key])

    def _sparse(self, block: bytes, letter: bytes, extended: dict[str, str], stored: int) -> int:
        if letter == b"S":
            more = block[482]
            while more:  # the rest of the map stands between header and data
                follow = self.data.take(_BLOCK)
                if len(follow) < _BLOCK:
                    raise ImageRefused(CUT, where=self._where)
                more = follow[504]
            return self._number(block[483:495])
        told = extended.get("GNU.sparse.realsize") or extended.get("GNU.sparse.size") or str(stored)
        return int(told) if told.isdigit() and len(told) < 20 else -1

    def _inside(self, raw: str) -> str:
        """Return a name as a path below the image's top; what leads out of it is refused."""
        name = raw.strip("/") if raw[:1] == "/" or raw[-1:] == "/" else raw
        if name[:2] == "./" or "//" in name or "/." in name or name[:1] == ".":
            parts = [part for part in name.split("/") if part not in ("", ".")]
            if ".." in parts:
                raise ImageRefused(OUT, where=self._where, name=raw)
            name = "/".join(parts)
        if len(name) > _LONGEST_PART // 4:  # a character takes at most four bytes
            self._judge_length(name)
        return name

    def _judge_length(self, name: str) -> None:
        data = name.encode("utf-8", "surrogateescape")
        if len(data) > _LONGEST_NAME or max(map(len, data.split(b"/"))) > _LONGEST_PART:
            raise ImageRefused(NAME, where=self._where, name=name)

    def _target(self, link: str) -> str:
        if len(link) > _LONGEST_NAME:
            raise ImageRefused(NAME, where=self._where, name=link)
        return link

    def _pass(self, size: int) -> None:
        if size < 0 or not self.data.skip(size + -size % _BLOCK):
            raise ImageRefused(CUT, where=self._where)


@lru_cache(maxsize=1024)
def _plain_rights(field: bytes) -> tuple[int, int, int]:
    """Return mode, owner and group as most headers have them, the same ones again and again. Raises ValueError."""
    mode, uid, gid = (int(part.partition(b"\0")[0], 8) for part in (field[:8], field[8:16], field[16:]))
    return mode, uid, gid


def _name(block: bytes) -> str:
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and block[345]:
        return f"{_text(block[345:500])}/{name}"
    return name


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")
