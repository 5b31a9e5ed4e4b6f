"""What self-contained executables unpacked for this account (packaging/dist/one_file), to be taken away with the rest."""

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterable, Iterator

from msgspec import Struct

from gomedic import bundled

STAMP = ".complete"  # what says that all is unpacked; a copy of the program needs none
_NAME = re.compile(r"\.gomedic-[^/]+-[0-9a-f]{12}(\.new-[0-9]+(-old)?)?")


class TakenAway(Struct, frozen=True):
    """What became of the folders."""

    gone: tuple[str, ...]
    used: tuple[str, ...]  # by a gomedic that runs or unpacks itself now


def place_of(folder: str) -> tuple[str, ...]:
    """Return where a bundle's folder lies if an executable unpacked it, nothing else."""
    is_unpacked = _NAME.fullmatch(os.path.basename(folder)) and os.path.lexists(os.path.join(folder, STAMP))
    return (os.path.dirname(folder),) if is_unpacked else ()


def unpacked(places: Iterable[str]) -> list[str]:
    """Return the folders in `places` that are this account's, and were or are being unpacked."""
    return list(dict.fromkeys(path for place in places for path in _in(place)))


def _in(place: str) -> Iterator[str]:
    with contextlib.suppress(OSError), os.scandir(os.path.realpath(place)) as entries:
        for entry in entries:
            is_ours = entry.is_dir(follow_symlinks=False) and _NAME.fullmatch(entry.name)
            if is_ours and entry.stat(follow_symlinks=False).st_uid == os.geteuid():
                yield entry.path


def take_away(folders: Iterable[str]) -> TakenAway:
    """Delete the folders that no other gomedic uses, and tell which are gone. What cannot be deleted stays too."""
    gone: list[str] = []
    used: list[str] = []
    for folder in folders:
        with _for_us_alone(folder) as alone:
            if alone:
                shutil.rmtree(folder, ignore_errors=True)
        (used if os.path.lexists(folder) else gone).append(folder)
    return TakenAway(tuple(gone), tuple(used))


@contextlib.contextmanager
def _for_us_alone(folder: str) -> Iterator[bool]:
    """Tell whether nobody unpacks in that place and nobody runs from the folder, and keep it so (keep.c has both locks)."""
    with contextlib.ExitStack() as stack:
        try:
            place = stack.enter_context(_opened(os.path.dirname(folder)))
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # This process holds a lock on its own, which only the same descriptor can make stronger.
            own = bundled.one_file_lock() if folder == bundled.bundle_folder() else None
            fcntl.flock(own or stack.enter_context(_opened(folder)), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


@contextlib.contextmanager
def _opened(folder: str) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
