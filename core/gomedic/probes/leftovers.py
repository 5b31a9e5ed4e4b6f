"""What a Go tree holds that its release does not: told by the release's archive, where that still lies on the machine."""

import os
import re
import stat
import tarfile
import time
import zlib
from collections.abc import Iterable, Iterator
from glob import glob
from threading import Event
from typing import IO

from msgspec import Struct

from gomedic.go_tree import is_trusted
from gomedic.host import Host

_PLACES = ("/tmp", "/var/tmp", "/opt", "/usr/local/src")  # noqa: S108 - where people download to
_OWN_PLACES = ("Downloads", "Download", "下载", "", "Desktop", "桌面", "tmp", "src", "sdk")
_DOWNLOADS = re.compile(r'^XDG_DOWNLOAD_DIR="(?:\$HOME/)?([^"\n]+)"', re.MULTILINE)
_MOST_MEMBERS = 60_000  # an archive of Go 1.26 has 15,000
_LARGEST = 2 << 30  # bytes, unpacked
_LONGEST = 60.0  # seconds
_PIECE = 1 << 20


class Leftovers(Struct, frozen=True):
    """The files and whole folders below `src` that the archive lacks, relative to the tree."""

    archive: str
    paths: tuple[str, ...]


def probe(host: Host, root: str, version: str, stopped: Event | None = None) -> Leftovers | None:
    """Return what a tree has and its release lacks; None where no archive of that release can tell.

    An archive tells where every file of it lies in the tree, byte for byte; only its list is used, so it need
    not be verified, but nobody else may have been able to put it there. Whoever sets `stopped` wants no answer any more.
    """
    for archive in _archives(host, root, version):
        members = _members(archive, root, stopped or Event())
        if members is not None and (paths := tuple(sorted(_lacking(root, members)))):
            return Leftovers(archive, paths)
    return None


# ------------------------------------------------------------------ the archive


def _archives(host: Host, root: str, version: str) -> Iterator[str]:
    """Yield the archives named as Go publishes them, also as browsers and wget name a second one."""
    for folder in dict.fromkeys(map(os.path.realpath, _folders(host, root))):
        for pattern in (
            f"{version}.linux-*.tar.gz",
            f"{version}.linux-*.tar.gz.?",
            f"{version}.linux-* (?).tar.gz",
        ):
            for path in sorted(glob(os.path.join(folder.replace("[", "[[]"), pattern))):
                real = os.path.realpath(path)
                if os.path.isfile(real) and is_trusted(real, host.account.uid, host.private_groups):
                    yield real


def _folders(host: Host, root: str) -> Iterator[str]:
    yield from (os.path.join(host.home, *found.split("/")) for found in _told_downloads(host))
    yield from (os.path.join(host.home, name) for name in _OWN_PLACES)
    yield from (host.cwd, root, os.path.dirname(root), *_PLACES)


def _told_downloads(host: Host) -> list[str]:
    """Return where the desktop puts downloads (user-dirs.dirs(5)), relative to the home."""
    return _DOWNLOADS.findall(host.text(host.place("XDG_CONFIG_HOME", ".config", "user-dirs.dirs")) or "")


def _members(archive: str, root: str, stopped: Event) -> frozenset[str] | None:
    """Return the files and folders of a release, relative to its top; None where one is not in the tree as it is there."""
    end = time.monotonic() + _LONGEST
    found: set[str] = set()
    size = 0
    try:
        with tarfile.open(archive, "r|gz") as tar:
            for member in tar:
                top, _slash, name = member.name.partition("/")
                size += member.size
                too_much = len(found) > _MOST_MEMBERS or size > _LARGEST or time.monotonic() > end
                if too_much or stopped.is_set() or top != "go":
                    return None
                if member.isfile() and not _same(
                    tar.extractfile(member), os.path.join(root, name), member.size
                ):
                    return None
                found.add(name.rstrip("/"))
    except (tarfile.TarError, zlib.error, OSError, EOFError, ValueError):
        return None
    return frozenset(found) if "VERSION" in found and "src" in _with_folders(found) else None


def _same(content: IO[bytes] | None, path: str, size: int) -> bool:
    status = os.lstat(path)
    if content is None or not stat.S_ISREG(status.st_mode) or status.st_size != size:
        return False
    with open(path, "rb") as file:
        while piece := content.read(_PIECE):
            if file.read(len(piece)) != piece:
                return False
    return True


def _with_folders(members: Iterable[str]) -> set[str]:
    """Return the members and every folder above them: an archive need not name its folders."""
    found = set(members)
    for name in members:
        while name := os.path.dirname(name):
            found.add(name)
    return found


# ------------------------------------------------------------------ the tree


def _lacking(root: str, members: frozenset[str]) -> Iterator[str]:
    """Yield what lies in the folders of the release's packages and is none of it.

    What Go never reads stays ("go help packages": testdata, and names that begin with "." or "_"), and what lies
    directly in `src`: it may be the person's own.
    """
    known = _with_folders(members)
    for folder, folders, files in os.walk(os.path.join(root, "src")):
        inside = os.path.relpath(folder, root)
        seen = [name for name in (*folders, *files) if name != "testdata" and name[0] not in "._"]
        new = [name for name in seen if f"{inside}/{name}" not in known]
        folders[:] = [name for name in folders if name in seen and name not in new]
        if inside != "src":
            yield from (f"{inside}/{name}" for name in new)


def within(path: str, paths: Iterable[str]) -> bool:
    """Tell whether a path is one of these, or lies in one."""
    return any(path == other or path.startswith(f"{other}/") for other in paths)
