"""The program's folder: copied beside its place, then exchanged with what is there in one step."""

import ctypes
import os
import shutil
import stat
from collections.abc import Iterator

from gomedic.self_install.items import program_files
from gomedic.self_install.places import Places
from gomedic.self_install.record import Placed, found, staged_name
from gomedic.self_install.unpacked import STAMP

_libc = ctypes.CDLL(None, use_errno=True)
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def program_placed(folder: str, program: str) -> Iterator[Placed]:
    """Yield what a copy of `folder` at `program` consists of."""
    yield Placed(program, "folder")
    for name, _status in _to_copy(folder):
        here = found(os.path.join(folder, name))
        if here is not None:
            yield Placed(os.path.join(program, name), here.kind, here.digest)


def _to_copy(folder: str) -> list[tuple[str, os.stat_result]]:
    return [(name, status) for name, status in program_files(folder) if name != STAMP]


def stage(folder: str, places: Places) -> Iterator[float]:
    """Copy `folder` beside its place, whole and on the disk; yield how far it is, from 0 to 1."""
    staging = places.real(staged_name(places.program))
    discard(staging)
    os.mkdir(staging, 0o755)
    os.chmod(staging, 0o755)  # noqa: S103 - everybody may start it
    entries = _to_copy(folder)
    for number, (name, status) in enumerate(entries):
        yield number / len(entries)
        _copy(os.path.join(folder, name), os.path.join(staging, name), status.st_mode)
    _sync_all(staging)


def _copy(source: str, target: str, mode: int) -> None:
    if stat.S_ISLNK(mode):
        os.symlink(os.readlink(source), target)
        return
    if stat.S_ISDIR(mode):
        os.mkdir(target)
    else:
        shutil.copyfile(source, target)
    os.chmod(target, 0o755 if stat.S_ISDIR(mode) or mode & 0o100 else 0o644)


def _sync_all(folder: str) -> None:
    """Write all of a file system to the disk: one wait instead of one for each file (syncfs(2))."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _libc.syncfs(descriptor)
    finally:
        os.close(descriptor)


def exchange(places: Places) -> None:
    """Put what is staged into its place; what was there is deleted."""
    program, staging = places.real(places.program), places.real(staged_name(places.program))
    if os.path.lexists(program):
        _swap(staging, program)
        discard(staging)
    else:
        os.rename(staging, program)


def _swap(staging: str, program: str) -> None:
    """Exchange two names at once (renameat2(2)); a file system that cannot is without the program for a moment."""
    if hasattr(_libc, "renameat2"):
        names = os.fsencode(staging), os.fsencode(program)
        if _libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
            return
    discard(program)
    os.rename(staging, program)


def discard(staging: str) -> None:
    """Delete a staging folder, if there is one."""
    if os.path.lexists(staging):
        shutil.rmtree(staging)
