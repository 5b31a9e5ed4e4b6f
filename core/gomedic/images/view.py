"""The view of an image: paths resolved within it, files read only when asked for."""

import os
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol, Self

from gomedic.images.formats import Blob
from gomedic.images.model import Image
from gomedic.images.stores import FolderStore, TarStore
from gomedic.images.streams import unpacked
from gomedic.images.tar import Archive, Bytes
from gomedic.images.tree import Node, Tree, Version
from gomedic.texts import Message

_MOST_LINKS = 40  # on one way, as the kernel follows (path_resolution(7))
_LARGEST_FILE = 16 << 20  # bytes, as Host.read
_LARGEST_LINKED = 1 << 30  # bytes
_PIECE = 1 << 20  # bytes
_MOST_HOPS = 16  # hard links to hard links
_MOST_FETCHES = 48  # passes over a layer for files that nobody knew to be wanted


# a path, the layers that store it so, and what it holds: pieces to be taken at once, or the path it is a hard link to
Stored = tuple[str, frozenset[int], Iterator[bytes] | str]


class Files(Protocol):
    """Where the contents of files come from."""

    def read(self, layer: int, path: str, most: int) -> bytes | None: ...
    def every(self) -> Iterator[Stored]: ...
    def close(self) -> None: ...


class View:
    """The merged file system of an image. Paths are absolute; links never lead out of it."""

    def __init__(self, image: Image, tree: Tree, files: Files, notes: Sequence[Message] = ()) -> None:
        self.image = image
        self.notes = tuple(notes)
        self._tree = tree
        self._files = files
        self._fetched: dict[str, bytes | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the image's file go; nodes can still be looked at."""
        self._files.close()

    # ---------------------------------------------------------- nodes

    def node(self, path: str) -> Node | None:
        """Return what is at a path, links on the way followed, the last one not."""
        folder, name = os.path.split(os.path.normpath("/" + path.lstrip("/")))
        if not name:
            return self._tree.root
        above = self.resolve(folder)
        return above[1].children.get(name) if above is not None and above[1].children else None

    def resolve(self, path: str) -> tuple[str, Node] | None:
        """Return the real path and the node that a path leads to, all links followed; None where it leads nowhere."""
        todo = [part for part in reversed(path.split("/")) if part not in ("", ".")]
        way: list[tuple[str, Node]] = []
        links = 0
        while todo:
            part = todo.pop()
            if part == "..":
                del way[-1:]
                continue
            here = way[-1][1] if way else self._tree.root
            node = here.children.get(part) if here.children is not None else None
            if node is None:
                return None
            if node.kind != "l":
                way.append((part, node))
                continue
            links += 1
            if links > _MOST_LINKS:
                return None
            if node.link.startswith("/"):
                way = []
            todo += [p for p in reversed(node.link.split("/")) if p not in ("", ".")]
        return "/" + "/".join(part for part, _node in way), way[-1][1] if way else self._tree.root

    def real(self, path: str) -> str:
        """Return a path with its links resolved, as far as there is something (realpath(1), without --canonicalize-existing)."""
        rest: list[str] = []
        at = os.path.normpath("/" + path.lstrip("/")) if ".." not in path else "/" + path.strip("/")
        while True:
            found = self.resolve(at)
            if found is not None:
                return os.path.join(found[0], *reversed(rest)) if rest else found[0]
            if at in ("", "/"):
                return path
            at, name = os.path.split(at)
            rest.append(name)

    def names(self, folder: str) -> list[str] | None:
        """Return the names in a folder, sorted; None where there is none."""
        found = self.resolve(folder)
        return sorted(found[1].children) if found is not None and found[1].children is not None else None

    def walk(self) -> Iterator[tuple[str, Node]]:
        """Yield every path of the view, without a leading slash, with its node."""
        return self._tree.walk()

    # ---------------------------------------------------------- contents

    def read(self, path: str, most: int = _LARGEST_FILE) -> bytes | None:
        """Return a file's content, at most so many bytes; None where there is no file, or too much was asked for already."""
        found = self.resolve(path)
        if found is None or found[1].kind != "f":
            return None
        real, node = found[0].lstrip("/"), found[1]
        known = self._tree.versions.get(real)
        if known and known[-1].content is not None and (known[-1].whole or len(known[-1].content) >= most):
            return known[-1].content[:most]
        if real not in self._fetched:
            if len(self._fetched) >= _MOST_FETCHES:
                return None
            self._fetched[real] = self._files.read(node.layer, real, min(most, _LARGEST_FILE))
        content = self._fetched[real]
        return None if content is None else content[:most]

    def head(self, path: str, most: int) -> bytes | None:
        """Return the beginning of a file, as much of it as was kept or can be fetched."""
        found = self.resolve(path)
        known = self._tree.versions.get(found[0].lstrip("/")) if found else None
        if known and known[-1].content is not None:
            return known[-1].content[:most]
        return self.read(path, most)

    def contents(self) -> Iterator[tuple[str, Iterator[bytes] | str]]:
        """Yield the path of each file, without a leading slash, with what is in it, in pieces; each to be taken at once.

        For a hard link the path that it is another name of, as its layer found it. One pass over each layer.
        """
        for path, layers, content in self._files.every():
            node = self._tree.node(path)
            if node is not None and node.kind == "f" and node.layer in layers:
                yield path, content

    def before(self, path: str, target: str) -> bytes | None:
        """Return what a hard link at `path` shares with `target`, where a later layer put something else at `target`."""
        node = self._tree.node(path)
        return self._files.read(node.layer, target, _LARGEST_LINKED) if node is not None else None

    # ---------------------------------------------------------- layers

    def versions(self, path: str) -> tuple[Version, ...]:
        """Return a watched file as each layer that touched it left it, lowest first; () where none did."""
        return tuple(self._tree.versions.get(path.strip("/"), ()))

    def removed(self) -> Iterator[tuple[str, Version, Version]]:
        """Yield the watched files that a layer took away for good: path, what it was, what took it."""
        for path, known in self._tree.versions.items():
            if not known[-1].kind and len(known) > 1 and known[-2].kind:
                yield "/" + path, known[-2], known[-1]


class BlobFiles:
    """Contents from layers: each asked for costs one pass over its layer."""

    def __init__(self, store: FolderStore | TarStore, blobs: Sequence[Blob]) -> None:
        self._store = store
        self._blobs = blobs

    def read(self, layer: int, path: str, most: int) -> bytes | None:
        """Return a file's content; where a layer has a hard link to it, that of the link's target."""
        target: str | None = path
        for number in range(layer, 0, -1):
            if target is None:
                break
            content, target = self._from_layer(number, target, most)
            if content is not None:
                return content
        return None

    def _from_layer(self, layer: int, path: str, most: int) -> tuple[bytes | None, str | None]:
        blob = self._blobs[layer - 1]
        for _hop in range(_MOST_HOPS):
            for _name, source in self._store.in_turn([blob.name]):
                content, link = _find(unpacked(source, blob.name), blob.name, path, most)
                if content is not None or link is None:
                    return content, path if content is None else None
                path = link
        return None, path

    def every(self) -> Iterator[Stored]:
        """Yield what the layers store, whiteouts included, each layer in the store's own order."""
        numbers: dict[str, set[int]] = {}
        for number, blob in enumerate(self._blobs, 1):
            numbers.setdefault(blob.name, set()).add(number)
        for name, source in self._store.in_turn(numbers):
            yield from _every(unpacked(source, name), name, frozenset(numbers[name]))

    def close(self) -> None:
        self._store.close()


class TarFiles:
    """Contents from a root file system's archive."""

    def __init__(self, store: TarStore, name: str) -> None:
        self._store = store
        self._name = name

    def read(self, layer: int, path: str, most: int) -> bytes | None:
        """Return a file's content."""
        for _hop in range(_MOST_HOPS):
            content, link = _find(self._store.whole(), self._name, path, most)
            if content is not None or link is None:
                return content
            path = link
        return None

    def every(self) -> Iterator[Stored]:
        """Yield what the archive stores."""
        yield from _every(self._store.whole(), self._name, frozenset({1}))

    def close(self) -> None:
        self._store.close()


def _every(data: Bytes, name: str, layers: frozenset[int]) -> Iterator[Stored]:
    archive = Archive(data, name)
    for entry in archive:
        if entry.kind == "h":
            yield entry.name, layers, entry.link
        elif entry.kind == "f" and not entry.sparse:
            yield entry.name, layers, iter(partial(archive.content, _PIECE), b"")


def _find(data: Bytes, name: str, path: str, most: int) -> tuple[bytes | None, str | None]:
    """Return the content of the last entry of that path, or the target of its hard link."""
    archive = Archive(data, name)
    found: tuple[bytes | None, str | None] = (None, None)
    for entry in archive:
        if entry.name == path:
            if entry.kind == "h":
                found = (None, entry.link)
            elif entry.kind == "f" and not entry.sparse:
                found = (archive.content(min(entry.size, most)), None)
    return found
