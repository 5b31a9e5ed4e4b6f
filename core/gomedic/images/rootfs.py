"""A folder with a root file system in it, as the view of an image of one layer."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO

from gomedic.images import watch
from gomedic.images.problems import ImageRefused
from gomedic.images.stopping import Event, go_on
from gomedic.images.stores import NO_FILE
from gomedic.images.tar import Entry
from gomedic.images.tree import Tree

_KINDS = {
    stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l", stat.S_IFCHR: "c", stat.S_IFBLK: "b",
    stat.S_IFIFO: "p", stat.S_IFSOCK: "p",
}  # fmt: skip
_PIECE = 1 << 20  # bytes


def read_folder(top: str, tree: Tree, cancelled: Event | None = None) -> None:
    """Put all that is in a folder into the table, as it is: whiteouts mean nothing there. Raises ImageRefused, Cancelled."""
    files = FolderFiles(top)
    pending = [""]
    while pending:
        go_on(cancelled)
        folder = pending.pop()
        try:
            found = sorted(os.scandir(os.path.join(top, folder)), key=lambda entry: entry.name)
        except OSError as error:
            if not folder:
                raise ImageRefused(NO_FILE, path=top, error=error.strerror or str(error)) from error
            continue  # nobody may look into it: what is there stays unknown
        for entry in found:
            path = f"{folder}/{entry.name}" if folder else entry.name
            header = _entry(path, entry)
            if header is None:
                continue
            size = watch.to_keep(path, header.size) if header.kind == "f" else 0
            tree.put(header, 1, files.read(1, path, size) if size else None)
            if header.kind == "d":
                pending.append(path)


def _entry(path: str, found: "os.DirEntry[str]") -> Entry | None:
    try:
        info = found.stat(follow_symlinks=False)
        link = os.readlink(found.path) if stat.S_ISLNK(info.st_mode) else ""
    except OSError:  # gone meanwhile
        return None
    kind = _KINDS.get(stat.S_IFMT(info.st_mode), "p")
    mode, size = stat.S_IMODE(info.st_mode), info.st_size if kind == "f" else 0
    return Entry(path, kind, mode, info.st_uid, info.st_gid, size, 0, link)


class FolderFiles:
    """What is in the files of such a folder."""

    def __init__(self, top: str) -> None:
        self._top = top

    def read(self, layer: int, path: str, most: int) -> bytes | None:
        """Return a file's content, at most so many bytes; no link on the way is followed."""
        try:
            with self._opened(path) as file:
                return file.read(most)
        except (OSError, ValueError):
            return None

    def every(self) -> Iterator[tuple[str, frozenset[int], Iterator[bytes]]]:
        """Yield every plain file that can be read, and its content in pieces."""
        for folder, folders, names in os.walk(self._top):
            folders.sort()
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), self._top)
                try:
                    with self._opened(path) as file:
                        yield path, frozenset({1}), iter(partial(file.read, _PIECE), b"")
                except (OSError, ValueError):
                    continue

    @contextmanager
    def _opened(self, path: str) -> Iterator[BinaryIO]:
        descriptor = os.open(self._top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            *folders, name = path.split("/")
            for folder in folders:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                descriptor = _moved(descriptor, os.open(folder, flags, dir_fd=descriptor))
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
            descriptor = _moved(descriptor, os.open(name, flags, dir_fd=descriptor))
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise IsADirectoryError(path)
            with open(descriptor, "rb", closefd=False) as file:
                yield file
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Nothing is open between calls."""


def _moved(old: int, new: int) -> int:
    os.close(old)
    return new
