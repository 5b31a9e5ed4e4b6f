"""What a path is, down to its last attribute, and how it is made so again; all by descriptor."""

import contextlib
import ctypes
import errno
import os
import stat
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from gomedic.model import Saved

_KINDS = {stat.S_IFREG: "file", stat.S_IFLNK: "link", stat.S_IFDIR: "folder"}
_AT_EMPTY_PATH = 0x1000
_RENAME_NOREPLACE = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Place(NamedTuple):
    """A name in an open folder: what is done there cannot be led elsewhere by a swapped link."""

    folder: int
    name: str
    path: str  # for people


class Node(Struct, frozen=True):
    """What was found at a place."""

    kind: str  # file link folder other none
    mode: int = 0
    uid: int = 0
    gid: int = 0
    mtime_ns: int = 0
    links: int = 0
    identity: tuple[int, int] = (0, 0)  # device and inode
    content: bytes | None = None
    target: str | None = None
    attributes: Mapping[str, bytes] = field(default_factory=dict)


NOTHING = Node("none")


def look(place: Place, *, content: bool = True) -> Node:
    """Return what is at `place` now. Raises OSError where it cannot be known."""
    try:
        with handle(place) as descriptor:
            return _node(descriptor, content)
    except FileNotFoundError:
        return NOTHING


@contextlib.contextmanager
def handle(place: Place) -> Iterator[int]:
    """Open whatever is at `place`, a link itself included, without reading or following it."""
    descriptor = os.open(place.name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=place.folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _node(descriptor: int, content: bool) -> Node:
    status = os.fstat(descriptor)
    kind = _KINDS.get(stat.S_IFMT(status.st_mode), "other")
    return Node(
        kind, stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid, status.st_mtime_ns, status.st_nlink,
        (status.st_dev, status.st_ino),
        content=_content(descriptor) if content and kind == "file" else None,
        target=os.readlink("", dir_fd=descriptor) if kind == "link" else None,
        attributes=_attributes(through(descriptor)) if kind in ("file", "folder") else {},
    )  # fmt: skip


def through(descriptor: int) -> str:
    """Return a path that leads to what `descriptor` has open, and to nothing else (proc(5))."""
    return f"/proc/self/fd/{descriptor}"


def _content(descriptor: int) -> bytes:
    reading = os.open(through(descriptor), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with os.fdopen(reading, "rb") as file:
        return file.read()


def _attributes(path: str) -> dict[str, bytes]:
    """Return the extended attributes that may be read, access control lists among them (xattr(7))."""
    found: dict[str, bytes] = {}
    with contextlib.suppress(OSError):
        for name in os.listxattr(path):
            with contextlib.suppress(OSError):
                found[name] = os.getxattr(path, name)
    return found


def saved_as(path: str, node: Node, content: str | None) -> Saved:
    """Return what a receipt keeps of `node`; `content` is the name of the file with its bytes."""
    return Saved(path, node.kind, node.mode, node.uid, node.gid, node.mtime_ns, content, node.attributes)


# What is changed is changed below this line.


def overwrite(place: Place, content: bytes) -> None:
    """Write into the file that is there, so that its hard links, owner and attributes stay."""
    with handle(place) as descriptor:
        writing = os.open(through(descriptor), os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with os.fdopen(writing, "wb") as file:
        file.write(content)
        file.truncate(len(content))
        file.flush()
        os.fsync(file.fileno())


def is_torn(found: bytes, before: bytes, after: bytes) -> bool:
    """Whether `overwrite` of `before` by `after`, cut short, leaves `found`."""
    pairs = enumerate(zip(found, after, strict=False))
    written = next((at for at, (one, other) in pairs if one != other), min(len(found), len(after)))
    return found[written:] == before[written:] and len(found) in (len(before), max(len(before), written))


def write_new(
    place: Place, scratch: str, content: bytes, *, mode: int = 0o600, like: Node | None = None
) -> None:
    """Write a synced file named `scratch` beside `place`, with the owner, mode and attributes of `like`."""
    remove_scratch(place, scratch)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(scratch, flags, 0o600, dir_fd=place.folder), "wb") as file:
        file.write(content)
        file.flush()
        if like is None:
            os.fchmod(file.fileno(), mode)
        else:
            make_like(file.fileno(), like)
        os.fsync(file.fileno())


def remove_scratch(place: Place, scratch: str) -> None:
    """Remove what `write_new` or a new link left beside `place`, if anything."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(scratch, dir_fd=place.folder)


def make_like(descriptor: int, like: Node | Saved) -> None:
    """Give an open file or folder the owner, mode and attributes of `like`.

    In this order: a change of owner clears set-user-id bits and capabilities (chown(2)), and a change
    of mode changes the mask of an access control list (acl(5)).
    """
    path, status = through(descriptor), os.fstat(descriptor)
    if (status.st_uid, status.st_gid) != (like.uid, like.gid):
        change_owner(descriptor, like.uid, like.gid)
    found = _attributes(path)
    for name in found.keys() - like.attributes.keys():
        os.removexattr(path, name)
    if stat.S_IMODE(os.fstat(descriptor).st_mode) != like.mode:
        os.chmod(path, like.mode)
    found = _attributes(path)
    for name, value in like.attributes.items():
        if found.get(name) != value:
            os.setxattr(path, name, value)


def change_owner(descriptor: int, uid: int, gid: int) -> None:
    """Give what is open, a link itself included, to another owner and group."""
    if _libc.fchownat(descriptor, b"", uid, gid, _AT_EMPTY_PATH) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def rename_new(source: Place, name: str, target: Place) -> None:
    """Rename `name` beside `source` to `target`. Raises FileExistsError if something is there."""
    _renameat2(source.folder, name, target.folder, target.name)


def _renameat2(folder: int, name: str, into: int, new: str) -> None:
    code = errno.ENOSYS
    if hasattr(_libc, "renameat2"):
        old, young = os.fsencode(name), os.fsencode(new)
        if _libc.renameat2(folder, old, into, young, _RENAME_NOREPLACE) == 0:
            return
        code = ctypes.get_errno()
    if code not in (errno.ENOSYS, errno.EINVAL):
        raise OSError(code, os.strerror(code))
    if look(Place(into, new, new), content=False).kind != "none":
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    os.rename(name, new, src_dir_fd=folder, dst_dir_fd=into)


def sync_folder(place: Place) -> None:
    """Make a new or gone name in the folder of `place` outlast a power cut, where it may be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=place.folder)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def settle(place: Place, saved: Saved, touched: frozenset[str]) -> None:
    """Give back what a step changed beside the content: "all", "mode", "owner" or "time"."""
    with handle(place) as descriptor:
        if _KINDS.get(stat.S_IFMT(os.fstat(descriptor).st_mode)) != saved.kind:
            return
        if saved.kind == "link":
            _settle_link(place, descriptor, saved)
            return
        if touched & {"all", "mode", "owner"}:
            make_like(descriptor, saved)
        if touched & {"all", "time"}:
            _set_time(through(descriptor), os.fstat(descriptor).st_atime_ns, saved.mtime_ns)


def _settle_link(place: Place, descriptor: int, saved: Saved) -> None:
    status = os.fstat(descriptor)
    if (status.st_uid, status.st_gid) != (saved.uid, saved.gid):
        change_owner(descriptor, saved.uid, saved.gid)
    times = (status.st_atime_ns, saved.mtime_ns)
    os.utime(place.name, ns=times, dir_fd=place.folder, follow_symlinks=False)


def _set_time(path: str, accessed: int, modified: int) -> None:
    """Set the time of the last change; a file that is not the account's keeps the one it has."""
    with contextlib.suppress(PermissionError):
        os.utime(path, ns=(accessed, modified))
