"""Lay an image out in a folder, for its programs to be run: each file with the rights that one account has to it."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

from msgspec import Struct

from gomedic.images.tree import Node
from gomedic.images.view import View

_MOUNTED_OVER = ("proc", "dev", "tmp")  # by the box; a link there would lead the mount elsewhere
_STEP = 1000  # nodes between two moments at which it can be cancelled


class Ground(Struct, frozen=True):
    """Where an image is laid out, and whose it becomes."""

    view: View
    folder: str  # an empty one of ours
    rights: Callable[[Node], int]  # what the account may do with a node: 4 read, 2 write, 1 execute
    owner: tuple[int, int] | None = None  # uid and gid to give all of it to

    def at(self, path: str) -> str:
        return os.path.join(self.folder, path)


def lay_out(ground: Ground) -> Iterator[None]:
    """Write what is in the image into the folder, yielding now and then. Raises ImageRefused, OSError, Cancelled.

    Owners and the rights of others are left out: `rights` become the owner's mode. So a file that is closed to the
    account in a container is closed to it here. Devices, pipes and setuid bits are left out too.
    """
    yield from _skeleton(ground)
    links: list[tuple[str, str]] = []
    for path, content in ground.view.contents():
        if isinstance(content, str):
            links.append((path, content))
        elif path not in _MOUNTED_OVER:
            yield from _fill(ground, path, content)
    for path, target in sorted(links, key=lambda link: _layer(ground.view, link[0])):
        _join(ground, path, target)
    nodes = list(ground.view.walk())
    for at, (path, node) in enumerate(reversed(nodes)):  # a folder is closed after what is in it
        _finish(ground, path, node)
        if not at % _STEP:
            yield


def _skeleton(ground: Ground) -> Iterator[None]:
    """Make folders and links."""
    for at, (path, node) in enumerate(ground.view.walk()):
        if node.kind == "d":
            os.mkdir(ground.at(path), 0o700)
        elif node.kind == "l" and path not in _MOUNTED_OVER:
            os.symlink(node.link, ground.at(path))
        if not at % _STEP:
            yield
    for name in _MOUNTED_OVER:
        os.makedirs(ground.at(name), 0o700, exist_ok=True)


def _fill(ground: Ground, path: str, data: Iterator[bytes]) -> Iterator[None]:
    """Make a file: a new one, for what is truncated before it is written goes to the disk at once (auto_da_alloc, ext4(5))."""
    node = ground.view.node(path)
    with suppress(FileNotFoundError):
        os.unlink(ground.at(path))  # a layer may store a path twice, and the last one counts
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    file = os.open(ground.at(path), flags, 0o600)
    try:
        if ground.owner is not None:
            os.fchown(file, *ground.owner)
        os.fchmod(file, (ground.rights(node) if node is not None else 0) << 6)
        for piece in data:
            _write(file, piece)
            yield
    finally:
        os.close(file)


def _write(file: int, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[os.write(file, left) :]


def _finish(ground: Ground, path: str, node: Node) -> None:
    """Give folders their rights at last, and let there be a file where its content is not known."""
    place = ground.at(path)
    if node.kind == "f" and path not in _MOUNTED_OVER and not os.path.lexists(place):
        for _moment in _fill(ground, path, iter(())):
            pass
    if node.kind == "d":
        os.chmod(place, ground.rights(node) << 6)
    if node.kind in ("d", "l") and ground.owner is not None and os.path.lexists(place):
        os.chown(place, *ground.owner, follow_symlinks=False)


def _layer(view: View, path: str) -> int:
    node = view.node(path)
    return node.layer if node is not None else 0


def _join(ground: Ground, path: str, target: str) -> None:
    """Make a hard link of the same content; where a later layer changed the target, a file of what was there."""
    node, other = ground.view.node(path), ground.view.node(target)
    if node is not None and other is not None and other.kind == "f" and other.layer <= node.layer:
        with suppress(FileNotFoundError):
            os.unlink(ground.at(path))
        os.link(ground.at(target), ground.at(path))
    else:
        for _moment in _fill(ground, path, iter((ground.view.before(path, target) or b"",))):
            pass
