"""An offline bundle: one file with archives, their signatures, what the list of releases says of them, and the key.

It is a plain tar file (POSIX ustar) of regular files without folders, so that people can look into it; a member is
read where it lies, by the address BUNDLE!/NAME. Nothing in it is believed: archives are verified as from any source.
"""

import os
import re
from collections.abc import Mapping
from typing import BinaryIO

import msgspec
from msgspec import Struct

from gomedic.texts import N_, Message
from gomedic.toolchain.errors import NotThere, ToolchainError

MANIFEST = "gomedic-bundle.json"
INDEX = "index.json"
KEY = "google.asc"
MARK = "!/"  # between a bundle's path and a member's name
_BLOCK = 512
_MOST = 1000  # members
_LARGEST_MANIFEST = 1 << 20
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,99}")

_NO_TAR = N_("its member {number} is none of a plain tar file")
_ODD_NAME = N_("it has a member {name}")
_TWICE = N_("it has two members {name}")
_CUT = N_("it ends too early")
_TOO_MANY = N_("it has more than {count} members")
_NO_MANIFEST = N_("it has no {name} that can be read")


class BadBundle(ToolchainError):  # noqa: N818 - named for its reason
    """A file that is no bundle."""

    TEXT = N_("{file} is not a bundle that can be used: {reason}.")


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a bundle."""

    name: str
    sha256: str
    size: int
    source: str = ""  # of an archive: the name of the source that it came from


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a bundle holds."""

    schema: int
    date: str  # of the list of releases that its excerpt is from, "2026-11-23"
    files: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """Return what it says of a file."""
        return next((entry for entry in self.files if entry.name == name), None)


def split(path: str) -> tuple[str, str]:
    """Return bundle and member of a path like "/media/stick/go.bundle!/index.json"; the member is "" for others."""
    bundle, mark, name = path.rpartition(MARK)
    return (bundle, name) if mark and os.path.isfile(bundle) else (path, "")


def is_bundle(path: str) -> bool:
    """Whether the file at `path` begins like a bundle."""
    try:
        with open(path, "rb") as file:
            return os.path.isfile(path) and file.read(len(MANIFEST) + 1) == MANIFEST.encode() + b"\0"
    except OSError:
        return False


def members(file: BinaryIO, path: str) -> Mapping[str, tuple[int, int]]:
    """Return offset and size of each member. Raises BadBundle for everything that is no plain file."""
    whole = os.fstat(file.fileno()).st_size
    found: dict[str, tuple[int, int]] = {}
    position = 0
    while True:
        file.seek(position)
        head = file.read(_BLOCK)
        if not head.strip(b"\0"):
            return found
        name, size = _member(head, path, len(found))
        if name in found:
            raise BadBundle(file=path, reason=Message(_TWICE, {"name": name}))
        if len(found) == _MOST:
            raise BadBundle(file=path, reason=Message(_TOO_MANY, {"count": _MOST}))
        found[name] = (position + _BLOCK, size)
        position += _BLOCK + -(-size // _BLOCK) * _BLOCK
        if position > whole:
            raise BadBundle(file=path, reason=Message(_CUT))


def _member(head: bytes, path: str, number: int) -> tuple[str, int]:
    """Return name and size in a header: pax(1), "ustar Interchange Format"."""
    size, stored = head[124:136].strip(b" \0"), head[148:156].strip(b" \0")
    total = sum(head) - sum(head[148:156]) + 8 * 0x20
    is_octal = all(re.fullmatch(rb"[0-7]+", field) for field in (size, stored))
    if len(head) < _BLOCK or head[156:157] not in (b"0", b"\0") or not is_octal or int(stored, 8) != total:
        raise BadBundle(file=path, reason=Message(_NO_TAR, {"number": number + 1}))
    name = head[:100].partition(b"\0")[0].decode("ascii", "replace")
    if head[345:346] != b"\0" or _NAME.fullmatch(name) is None:
        raise BadBundle(file=path, reason=Message(_ODD_NAME, {"name": name[:80]}))
    return name, int(size, 8)


def place_of(file: BinaryIO, path: str, name: str) -> tuple[int, int]:
    """Return offset and size of a member. Raises NotThere, BadBundle."""
    found = members(file, path).get(name)
    if found is None:
        raise NotThere(url=f"{path}{MARK}{name}", reason=os.strerror(2))
    return found


def manifest(data: bytes, path: str) -> Manifest:
    """Return what the manifest of the bundle at `path` says. Raises BadBundle."""
    reason = Message(_NO_MANIFEST, {"name": MANIFEST})
    try:
        found = msgspec.json.decode(data[:_LARGEST_MANIFEST], type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadBundle(file=path, reason=reason) from None
    if found.schema != 1:
        raise BadBundle(file=path, reason=reason)
    return found
