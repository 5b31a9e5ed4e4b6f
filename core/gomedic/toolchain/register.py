"""Root's register: for each toolchain that root placed for all accounts, why it may be trusted and what it consists of.

An entry belongs to the very folder that was placed, by inode and time: a tree that somebody unpacks over it, or puts
into its place, has none. It lies apart from the tree, because what lies in a tree may come with it.
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from gomedic.toolchain import filelist
from gomedic.toolchain.filelist import FileList

FOLDER = "/var/lib/gomedic-toolchains"
_PLACES = ("/usr/local", "/opt")
_END = ".json"
_LARGEST = 1 << 20


class _Entry(Struct, frozen=True):
    version: str
    inode: int
    mtime_ns: int
    verification: msgspec.Raw  # recorded.Verification


def enter(tree: str, staged: str, version: str, verification: bytes, files: FileList) -> None:
    """Keep what is known of the folder `staged`, as root; `tree` is the machine's file system ("" for /).

    Nothing is kept where the register is not root's alone: the toolchain then counts as not recorded.
    """
    folder = f"{tree}{FOLDER}"
    with contextlib.suppress(OSError):
        os.makedirs(folder, 0o755, exist_ok=True)
        if not _is_own(folder, os.geteuid()):
            return
        sweep(tree)
        os.makedirs(folder, 0o755, exist_ok=True)
        os.chmod(folder, 0o755)  # noqa: S103 - for all to read
        path = os.path.join(folder, f"{version}-{secrets.token_hex(8)}")
        inode, time = _identity(staged)
        _write(path + filelist.SUFFIX, filelist.encoded(version, files))
        _write(path + _END, msgspec.json.encode(_Entry(version, inode, time, msgspec.Raw(verification))))


def of(root: str) -> bytes | None:
    """Return the verification of the very tree at `root`, None where it has no entry."""
    return next((bytes(entry.verification) for _path, entry in _entries_of(root)), None)


def list_of(root: str, version: str) -> FileList | None:
    """Return what the tree at `root` consists of, else what the release `version` does, as root once verified it."""
    paths = [path for path, _entry in _entries_of(root)]
    lists = (filelist.kept(path + filelist.SUFFIX, version) for path in paths)
    return next((files for files in lists if files is not None), None) or release(version)[1]


def release(version: str) -> tuple[bytes | None, FileList | None]:
    """Return the verification and the files of a release that root placed somewhere; None of what is not known."""
    for path, entry in _entries(FOLDER):
        files = filelist.kept(path + filelist.SUFFIX, version) if entry.version == version else None
        if files is not None:
            return bytes(entry.verification), files
    return None, None


def _entries_of(root: str) -> Iterator[tuple[str, _Entry]]:
    with contextlib.suppress(OSError):
        inode, time = _identity(root)
        for path, entry in _entries(FOLDER):
            if (entry.inode, entry.mtime_ns) == (inode, time):
                yield path, entry


def _entries(folder: str, owner: int = 0) -> Iterator[tuple[str, _Entry]]:
    """Yield the entries, each with its path without an end; none where others than root could have written them."""
    if not _is_own(folder, owner):
        return
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if name.endswith(_END):
            with contextlib.suppress(OSError, msgspec.DecodeError), open(path, "rb") as file:
                yield path.removesuffix(_END), msgspec.json.decode(file.read(_LARGEST), type=_Entry)


def _is_own(folder: str, owner: int) -> bool:
    with contextlib.suppress(OSError):
        status = os.lstat(folder)
        return stat.S_ISDIR(status.st_mode) and status.st_uid == owner and not status.st_mode & 0o022
    return False


def _identity(root: str) -> tuple[int, int]:
    """Return what tells a folder from any other: renaming it changes neither, unpacking into it does."""
    status = os.stat(root)
    return status.st_ino, status.st_mtime_ns


def sweep(tree: str = "") -> None:
    """Forget toolchains that are gone, as root; `tree` as for `enter`."""
    folder, there = f"{tree}{FOLDER}", set()
    for place in _PLACES:
        with contextlib.suppress(OSError):
            there |= {_identity(entry.path) for entry in os.scandir(f"{tree}{place}") if entry.is_dir()}
    for path, entry in list(_entries(folder, os.geteuid())):
        if (entry.inode, entry.mtime_ns) not in there:
            for end in (_END, filelist.SUFFIX):
                with contextlib.suppress(OSError):
                    os.unlink(path + end)
    with contextlib.suppress(OSError):  # until the last one goes
        os.rmdir(folder)


def _write(path: str, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(data)
