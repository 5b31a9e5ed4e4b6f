"""Lay an image out in a folder, for its programs to be run: each file with the rights that one account has to it."""

import os
from collections.abc import Callable, Iterator

from gomedic.images.tree import Node
from gomedic.images.view import View

_MOUNTED_OVER = ("proc", "dev", "tmp")  # by the box; a link there would lead the mount elsewhere
_STEP = 1000  # nodes between two moments at which it can be cancelled


def lay_out(view: View, folder: str, rights: Callable[[Node], int]) -> Iterator[None]:
    """Write what is in the image into an empty folder of ours, yielding now and then. Raises ImageRefused, OSError.

    Owners and the rights of others are left out: `rights` tells what the account may do with a node (4 read, 2
    write, 1 execute), and that becomes the owner's mode. So a file that is closed to the account in a container
    is closed to it here, and nothing needs to be given away. Devices, pipes and setuid bits are left out too.
    """
    yield from _skeleton(view, folder)
    links: list[tuple[str, str]] = []
    for path, content in view.contents():
        if isinstance(content, str):
            links.append((path, content))
        else:
            yield from _fill(os.path.join(folder, path), content)
    for path, target in sorted(links, key=lambda link: _layer(view, link[0])):
        _join(view, folder, path, target)
    nodes = [(path, node) for path, node in view.walk() if node.kind in ("f", "d")]
    for at, (path, node) in enumerate(reversed(nodes)):  # a folder is closed after what is in it
        os.chmod(os.path.join(folder, path), rights(node) << 6)
        if not at % _STEP:
            yield


def _skeleton(view: View, folder: str) -> Iterator[None]:
    """Make folders, links and empty files."""
    for at, (path, node) in enumerate(view.walk()):
        place = os.path.join(folder, path)
        if node.kind == "d":
            os.mkdir(place, 0o700)
        elif node.kind == "l" and path not in _MOUNTED_OVER:
            os.symlink(node.link, place)
        elif node.kind == "f":
            os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        if not at % _STEP:
            yield
    for name in _MOUNTED_OVER:
        os.makedirs(os.path.join(folder, name), 0o700, exist_ok=True)


def _fill(place: str, data: Iterator[bytes]) -> Iterator[None]:
    with open(place, "wb", opener=_not_through_links) as file:
        for piece in data:
            file.write(piece)
            yield


def _not_through_links(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC)


def _layer(view: View, path: str) -> int:
    node = view.node(path)
    return node.layer if node is not None else 0


def _join(view: View, folder: str, path: str, target: str) -> None:
    """Make a hard link of the same content; where a later layer changed the target, a file of what was there."""
    place, node, other = os.path.join(folder, path), view.node(path), view.node(target)
    if node is not None and other is not None and other.kind == "f" and other.layer <= node.layer:
        os.unlink(place)
        os.link(os.path.join(folder, target), place)
    else:
        with open(place, "wb", opener=_not_through_links) as file:
            file.write(view.before(path, target) or b"")
