"""The bundle that gomedic runs from, where it does: its own command, and whether root may start it."""

import os
import sys
from collections.abc import Iterator

from gomedic.closed_list import Caller
from gomedic.root_way import RootsWay

AS_ROOT_HELPER = "--as-root-helper"  # packaging/dist/entry.py knows the word
# Of `sys`; packaging/dist/entry.py sets them.
ONE_FILE = "gomedic_one_file"
ONE_FILE_LOCK = "gomedic_one_file_lock"
# What `install-self --system` puts there for pkexec: polkit reads no other folder (polkit(8)), and its policy names the helper.
POLICY = "/usr/share/polkit-1/actions/io.github.gomedic.gomedic.policy"
HELPER = "/usr/libexec/gomedic-root-helper"


def root_helper() -> list[str] | None:
    """Return the command that is root's helper, None where starting it as root would be root for others.

    A bundle has no `python -I`; it starts itself, and its launcher hands nothing of the caller's on to Python or
    the loader. Whoever can write a file of it would be root, so all of it must be root's, up to the top folder.
    What a self-contained executable unpacked for this person is not; the executable itself may be, and unpacks for root.
    """
    folder = bundle_folder()
    if folder is None:
        # `-I` leaves out the caller's Python settings and folder, `-B` leaves no compiled files of root's behind.
        return [sys.executable, "-I", "-B", "-m", "gomedic.root_helper"]
    if only_root_writes(folder):
        return [os.path.join(folder, "gomedic"), AS_ROOT_HELPER]
    program = one_file()
    return [program, AS_ROOT_HELPER] if program is not None and only_root_writes(program) else None


def one_file() -> str | None:
    """Return the self-contained executable that unpacked this bundle, None where none did."""
    return getattr(sys, ONE_FILE, None)


def one_file_lock() -> int | None:
    """Return the descriptor that keeps others from deleting what was unpacked while this process runs."""
    return getattr(sys, ONE_FILE_LOCK, None)


def bundle_folder() -> str | None:
    """Return the folder with the launcher and `lib`, None where gomedic runs from no bundle."""
    if not hasattr(sys, "_MEIPASS"):
        return None
    return os.path.dirname(os.path.dirname(os.path.realpath(sys.executable)))


def only_root_writes(path: str, root: int = 0) -> bool:
    """Whether only `root` can change a file or what is in a folder, or put something else in its place."""
    way = RootsWay(Caller(root, root, "/"), "/", root)
    try:
        return os.path.exists(path) and all(way.is_roots(part) for part in _everything_in(path))
    except OSError:  # what cannot be seen is not known to be root's
        return False


def _everything_in(path: str) -> Iterator[str]:
    yield path
    if not os.path.isdir(path):
        return
    for parent, folders, files in os.walk(path, onerror=_raise):
        for name in (*folders, *files):
            yield os.path.join(parent, name)


def _raise(error: OSError) -> None:
    raise error
