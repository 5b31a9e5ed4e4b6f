"""What the file system says of a folder that Go writes to or runs from."""

import os
import stat

from msgspec import Struct
from msgspec.structs import replace

from gomedic.files import HERE, Files
from gomedic.limits import Limits

_PLENTY = 1 << 40  # bytes
_MOST_SEEN = 200_000  # paths; a large module cache has half of that


class Place(Struct, frozen=True):
    """A folder, or the nearest one above it that exists, as the account finds it."""

    path: str  # the folder asked for
    nearest: str  # itself, or the nearest existing folder above it
    owner: int
    writable: bool
    noexec: bool
    read_only: bool
    free: int  # bytes for an ordinary account
    kind: str = ""  # what a sandbox still to come will have there: "tmpfs"; "" for what is there now
    word: str = ""  # that told of it: "tmpfs=/tmp:64m"


def probe(path: str, files: Files = HERE) -> Place:
    """Return what is known of a folder; it need not exist."""
    nearest = path
    while nearest not in ("", "/") and not files.is_folder(nearest):
        nearest = os.path.dirname(nearest)
    if files is not HERE:
        return _elsewhere(path, nearest, files)
    try:
        system = os.statvfs(nearest)
        owner = os.stat(nearest).st_uid
    except OSError:
        return Place(path, nearest, -1, False, False, False, 0)
    return Place(
        path=path,
        nearest=nearest,
        owner=owner,
        writable=os.access(nearest, os.W_OK | os.X_OK),
        noexec=bool(system.f_flag & os.ST_NOEXEC),
        read_only=bool(system.f_flag & os.ST_RDONLY),
        free=system.f_bavail * system.f_frsize,
    )


def _elsewhere(path: str, nearest: str, files: Files) -> Place:
    """Return a folder of a machine that can only be read: how it will be mounted, nobody knows yet."""
    writable = files.may(nearest, os.W_OK | os.X_OK)
    owner = files.stat(nearest).st_uid if files.exists(nearest) else -1
    return Place(path, nearest, owner, writable, False, False, _PLENTY)


def writable(path: str, files: Files, limits: Limits | None) -> bool:
    """Tell whether the account can write a file, or create it where it is not yet, and it stays in the sandbox to come."""
    if limits is not None and limits.over(path) is not None:
        return False
    return files.may(path, os.W_OK) if files.exists(path) else _can_make(os.path.dirname(path), files)


def can_make(folder: str, files: Files, limits: Limits | None) -> bool:
    """Tell whether the account can write into a folder, or make it, also in the sandbox to come."""
    lost = limits is not None and (limits.read_only or limits.over(folder) is not None)
    return not lost and _can_make(folder, files)


def _can_make(folder: str, files: Files) -> bool:
    while folder not in ("", "/") and not files.is_there(folder):
        folder = os.path.dirname(folder)
    return files.is_folder(folder) and files.may(folder, os.W_OK | os.X_OK)


def missing_folders(folder: str, files: Files) -> list[str]:
    """Return the folders that must be made for a folder to be there, outermost first."""
    lacking: list[str] = []
    while folder not in ("", "/") and not files.is_there(folder):
        lacking.insert(0, folder)
        folder = os.path.dirname(folder)
    return lacking


def programs(folder: str, files: Files) -> list[str]:
    """Return the names of the programs in a folder, `go` and `gofmt` left out."""
    try:
        names = sorted(files.names(folder))
    except OSError:
        return []
    paths = ((name, os.path.join(folder, name)) for name in names if name not in ("go", "gofmt"))
    return [name for name, path in paths if files.is_file(path) and files.may(path, os.X_OK)]


def under(place: Place, limits: Limits | None) -> Place:
    """Return a folder as it will be in a sandbox with these limits: a tmpfs is empty and can be written by all."""
    if limits is None:
        return place
    system = limits.over(place.path)
    if system is not None:
        free = (limits.memory or place.free) // 2 if system.size is None else system.size
        word = next(
            (word for word in limits.words.values() if word.startswith(f"tmpfs={system.path}")), "tmpfs"
        )
        noexec = limits.noexec
        return Place(place.path, system.path, place.owner, True, noexec, False, free, "tmpfs", word)
    in_tmp = place.path == "/tmp" or place.path.startswith("/tmp/")  # noqa: S108
    if limits.noexec and not limits.tmpfs and in_tmp:
        place = replace(place, noexec=True, word="noexec")
    return replace(place, writable=False, read_only=True, word="readonly") if limits.read_only else place


def not_owned(folder: str, uid: int, most: int = 20_000, files: Files = HERE) -> list[tuple[str, int, int]]:
    """Return the paths at and below a folder that belong to somebody else, with their owner and group; links are not followed.

    Stays on one file system and looks at no more than _MOST_SEEN paths: a setting may name any folder.
    """
    if files is not HERE:
        there = [files.stat(folder)] if files.exists(folder) else []
        return [(folder, info.st_uid, info.st_gid) for info in there if info.st_uid != uid]
    found: list[tuple[str, int, int]] = []
    pending, seen = [folder], 0
    system = _file_system(folder)
    while pending and len(found) < most and seen < _MOST_SEEN:
        path = pending.pop()
        seen += 1
        try:
            info = os.lstat(path)
            if info.st_uid != uid:
                found.append((path, info.st_uid, info.st_gid))
            if stat.S_ISDIR(info.st_mode) and info.st_dev == system:
                pending += [entry.path for entry in os.scandir(path)]
        except OSError:
            continue
    return found


def _file_system(folder: str) -> int | None:
    try:
        return os.stat(folder).st_dev
    except OSError:
        return None


def empty_downloads(folder: str) -> list[str]:
    """Return the empty files of a module cache that go takes for modules."""
    return empty_files(os.path.join(folder, "cache/download"), (".zip", ".ziphash", ".mod", ".info"))


def empty_files(folder: str, endings: tuple[str, ...], most: int = 500) -> list[str]:
    """Return the files of no length with one of these endings, at and below a folder."""
    found: list[str] = []
    for place, _folders, names in os.walk(folder):
        paths = (os.path.join(place, name) for name in names if name.endswith(endings))
        found += [path for path in paths if os.path.isfile(path) and os.path.getsize(path) == 0]
        if len(found) >= most:
            break
    return sorted(found)


def holds(folder: str, size: int, files: Files = HERE) -> bool:
    """Tell whether the files at and below a folder, links to files followed, have so many bytes; it stops at enough."""
    found, pending = 0, [folder]
    while pending:
        place = pending.pop()
        try:
            names = files.names(place)
        except OSError:
            continue
        for name in names:
            path = os.path.join(place, name)
            info = _stat(path, files)
            if info is not None and stat.S_ISDIR(info.st_mode):
                pending.append(path)
            found += info.st_size if info is not None and stat.S_ISREG(info.st_mode) else 0
            if found >= size or len(pending) > _MOST_SEEN:
                return found >= size
    return False


def _stat(path: str, files: Files) -> os.stat_result | None:
    try:
        return files.stat(path)
    except OSError:
        return None
