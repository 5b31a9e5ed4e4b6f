"""The chart: what every file that a doctor may touch looks like."""

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from ward.machine import REPOSITORY

Chart = dict[str, tuple[int, int, int, int, str | int]]  # path: type, mode, uid, gid, content

PLACES = (
    "/etc", "/home", "/root", "/usr/bin", "/usr/sbin", "/usr/local", "/usr/lib/environment.d",
    "/usr/share/fish/vendor_conf.d", "/opt", "/srv", "/var/lib", "/go", "/src",
)  # fmt: skip
_BY_CONTENT = ("/etc", "/home", "/root", "/usr/local")  # elsewhere, and inside a Go tree, the size has to do
_LARGEST = 1 << 20  # bytes; larger files count by their size
# The doctor's own folders, and those that lead there.
_STATE = (
    "/.cache/gomedic", "/.local/state/gomedic", "/.local/share/gomedic", "/.config/gomedic", "/var/lib/gomedic",
)  # fmt: skip
_STATE_PARENTS = ("/.cache", "/.local", "/.local/state", "/.local/share", "/.config")
# Large folders of the real machine, which no patient concerns.
_ASIDE = {
    "/root": {".pyenv", ".cargo", ".rustup", ".npm", ".m2", ".gradle", "node_modules"},
    "/var/lib": {"apt", "dpkg", "containers"},
}


def take() -> Chart:
    """Return how every file in PLACES and in the system's Go trees looks now, the doctor's own state left out."""
    chart: Chart = {}
    for top in (*PLACES, *map(str, Path("/usr/lib").glob("go*"))):
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if not _aside(top, folder, name)]
            by_content = top in _BY_CONTENT and not _in_go_tree(folder, folders, files)
            for name in (*folders, *files):
                chart[f"{folder}/{name}"] = _entry(f"{folder}/{name}", by_content)
    return chart


def differences(before: Mapping[str, object], after: Chart) -> list[str]:
    """Return the paths that appeared, went or changed; a new folder that only leads to the doctor's state is none."""
    changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    return sorted(path for path in changed if not (path not in before and _leads_to_state(path, after)))


def _leads_to_state(path: str, after: Chart) -> bool:
    return path.endswith(_STATE_PARENTS) and stat.S_ISDIR(after[path][0])


def _aside(top: str, folder: str, name: str) -> bool:
    path = f"{folder}/{name}"
    return path.endswith(_STATE) or name in _ASIDE.get(top, ()) or path == str(REPOSITORY)


def _in_go_tree(folder: str, folders: list[str], files: list[str]) -> bool:
    if {"pkg", "src"} <= set(folders) and "VERSION" in files:
        return True
    return "/src/" in f"{folder}/" and Path(folder.split("/src")[0], "VERSION").exists()


def _entry(path: str, by_content: bool) -> tuple[int, int, int, int, str | int]:
    info = os.lstat(path)
    content: str | int = ""
    if stat.S_ISLNK(info.st_mode):
        content = os.readlink(path)
    elif stat.S_ISREG(info.st_mode):
        read = by_content and info.st_size < _LARGEST
        content = hashlib.sha256(Path(path).read_bytes()).hexdigest() if read else info.st_size
    return stat.S_IFMT(info.st_mode), stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid, content
