"""Where an image's blobs lie: in a folder, or in a tar file that may be compressed itself. Nothing is unpacked to disk."""

import os
import stat
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Protocol

from gomedic.images.problems import ImageRefused
from gomedic.images.stopping import Event
from gomedic.images.streams import Chunks, Part, Source, unpacked
from gomedic.images.tar import Archive
from gomedic.regular import regular
from gomedic.texts import N_

_LARGEST_DOCUMENT = 4 << 20  # bytes of a JSON document
_MOST_KEPT = 32 << 20  # bytes of documents of a compressed archive
_MOST_MEMBERS = 100_000
_MOST_HOPS = 8
_SYSTEM = frozenset(
    ("bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root", "run", "sbin", "srv",
     "sys", "tmp", "usr", "var", ".dockerenv")
)  # fmt: skip

NO_BLOB = N_("The image says that it has {name}, but there is no such file in it.")
NO_FILE = N_("{path} cannot be read: {error}.")
LARGE = N_("{name} is larger than such a document can be.")
LOOP = N_("The links of {name} lead in a circle.")
MEMBERS = N_("{path} has more than {count} members, which no image has.")


class Store(Protocol):
    """The blobs of an image, by name."""

    def has(self, name: str) -> bool: ...
    def document(self, name: str) -> bytes: ...
    def in_turn(self, names: Iterable[str]) -> Iterator[tuple[str, Source]]:
        """Yield the blobs in the order that costs least, each to be read before the next is asked for."""
        ...

    def close(self) -> None: ...


class FolderStore:
    """A folder: an OCI layout, or what skopeo's `dir:` writes."""

    def __init__(self, folder: str, cancelled: Event | None = None) -> None:
        self._folder = folder
        self._cancelled = cancelled

    def has(self, name: str) -> bool:
        return os.path.isfile(os.path.join(self._folder, name))

    def document(self, name: str) -> bytes:
        with self._open(name) as file:
            return _document(file, name)

    def in_turn(self, names: Iterable[str]) -> Iterator[tuple[str, Source]]:
        for name in names:
            with self._open(name) as file:
                yield name, _whole(file, self._cancelled)

    def _open(self, name: str) -> BinaryIO:
        try:
            return open(os.path.join(self._folder, name), "rb", opener=regular, buffering=0)
        except FileNotFoundError:
            raise ImageRefused(NO_BLOB, name=name) from None
        except OSError as error:
            raise ImageRefused(NO_FILE, path=name, error=error.strerror or str(error)) from error

    def close(self) -> None:
        """Nothing is open between calls."""


class TarStore:
    """A tar file, read from its start each time where it is compressed, else sought in."""

    def __init__(self, path: str, cancelled: Event | None = None) -> None:
        self._path = path
        self._cancelled = cancelled
        try:
            self._file: BinaryIO = open(path, "rb", opener=regular, buffering=0)  # noqa: SIM115 - until `close`
        except OSError as error:
            raise ImageRefused(NO_FILE, path=path, error=error.strerror or str(error)) from error
        self.compression = _whole(self._file).compression
        self._parts: dict[str, tuple[int, int]] = {}  # name: position (plain) and size
        self._links: dict[str, str] = {}
        self._documents: dict[str, bytes] = {}  # of a compressed archive
        self.is_system = False  # the top folders are those of a root file system
        try:
            self._index()
        except BaseException:
            self._file.close()
            raise

    def _begin(self) -> Chunks | Part:
        return unpacked(_whole(self._file, self._cancelled), self._path)

    def _index(self) -> None:
        data = self._begin()
        archive, kept = Archive(data, self._path), 0
        for entry in archive:
            if entry.name.partition("/")[0] in _SYSTEM:
                self.is_system = True
                return
            if len(self._parts) + len(self._links) > _MOST_MEMBERS:
                raise ImageRefused(MEMBERS, path=self._path, count=_MOST_MEMBERS)
            if entry.kind == "l":
                self._links[entry.name] = _beside(entry.name, entry.link)
            elif entry.kind == "h":
                self._links[entry.name] = entry.link
            elif entry.kind == "f":
                self._parts[entry.name] = (data.position if isinstance(data, Part) else 0, entry.stored)
                if isinstance(data, Chunks) and entry.stored <= _LARGEST_DOCUMENT and kept < _MOST_KEPT:
                    head = archive.content(entry.stored)
                    if head[:1] in (b"{", b"["):
                        self._documents[entry.name] = head
                        kept += len(head)

    def _followed(self, name: str) -> str:
        """Return the member that a name stands for: docker's older archives link equal layers to one another."""
        for _hop in range(_MOST_HOPS):
            if name not in self._links:
                return name
            name = self._links[name]
        raise ImageRefused(LOOP, name=name)

    def has(self, name: str) -> bool:
        return self._followed(name) in self._parts

    def document(self, name: str) -> bytes:
        real = self._followed(name)
        if real in self._documents:
            return self._documents[real]
        if real not in self._parts:
            raise ImageRefused(NO_BLOB, name=name)
        start, size = self._parts[real]
        if self.compression != "none":
            raise ImageRefused(LARGE, name=name)
        return _document(self._part(start, size), name)

    def _part(self, start: int, size: int) -> Part:
        return Part(self._file.fileno(), start, size, self._cancelled)

    def in_turn(self, names: Iterable[str]) -> Iterator[tuple[str, Source]]:
        wanted = [(name, self._followed(name)) for name in names]
        for name, real in wanted:
            if real not in self._parts:
                raise ImageRefused(NO_BLOB, name=name)
        if self.compression == "none":
            for name, real in wanted:
                yield name, self._part(*self._parts[real])
            return
        by_member: dict[str, list[str]] = {}
        for name, real in wanted:
            by_member.setdefault(real, []).append(name)
        archive = Archive(self._begin(), self._path)
        for entry in archive:
            for name in by_member.get(entry.name, ())[:1]:
                yield name, _Member(archive)

    def whole(self) -> Chunks | Part:
        """Return the archive itself, from its start, unpacked."""
        return self._begin()

    def close(self) -> None:
        self._file.close()


class _Member:
    """The content of the entry that an archive is at."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def read(self, size: int, /) -> bytes:
        return self._archive.content(size)


def open_store(path: str, cancelled: Event | None = None) -> FolderStore | TarStore:
    """Return the store at a path; what is read from it raises Cancelled soon after the event is set. Raises ImageRefused."""
    try:
        folder = stat.S_ISDIR(os.stat(path).st_mode)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise ImageRefused(NO_FILE, path=path, error=told) from error
    return FolderStore(path, cancelled) if folder else TarStore(path, cancelled)


def _whole(file: BinaryIO, cancelled: Event | None = None) -> Part:
    return Part(file.fileno(), 0, os.fstat(file.fileno()).st_size, cancelled)


def _document(source: Source, name: str) -> bytes:
    parts = []
    left = _LARGEST_DOCUMENT + 1
    while left > 0 and (data := source.read(left)):
        parts.append(data)
        left -= len(data)
    if left <= 0:
        raise ImageRefused(LARGE, name=name)
    return b"".join(parts)


def _beside(name: str, link: str) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(name), link)).lstrip("/")
