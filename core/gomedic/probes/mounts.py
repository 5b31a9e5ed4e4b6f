"""What is mounted where, as /proc/self/mountinfo says."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

_OCTAL = re.compile(r"\\([0-7]{3})")


class Mount(Struct, frozen=True):
    """A mounted file system (proc_pid_mountinfo(5))."""

    at: str
    root: str  # the folder of the file system that is mounted there
    kind: str  # ext4 tmpfs overlay cgroup2
    source: str
    options: frozenset[str]  # of this mount
    of_system: frozenset[str]  # of the file system itself
    line: str  # word for word


def mounts_of(text: str) -> tuple[Mount, ...]:
    """Return the mounts of a mountinfo file, in its order; lines that are none are left out."""
    return tuple(_parsed(text.splitlines()))


def _parsed(lines: Iterable[str]) -> Iterator[Mount]:
    for line in lines:
        left, dash, right = line.partition(" - ")
        fields, system = left.split(" "), right.split(" ")
        if dash and len(fields) >= 6 and len(system) >= 2:
            own = frozenset(fields[5].split(","))
            shared = frozenset(system[2].split(",")) if len(system) > 2 else frozenset()
            root, at = _plain(fields[3]), _plain(fields[4])
            yield Mount(at, root, system[0], _plain(system[1]), own, shared, line)


def _plain(text: str) -> str:
    """Return a path with blank, tab, newline and backslash in place of their octal escapes."""
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), text)


def covering(path: str, mounts: Iterable[Mount]) -> Mount | None:
    """Return the mount that a path, links resolved, lies in; of several at one place the last hides the others."""
    best: Mount | None = None
    for mount in mounts:
        top = mount.at.rstrip("/")
        inside = path == mount.at or path.startswith(top + "/")
        if inside and (best is None or len(mount.at) >= len(best.at)):
            best = mount
    return best
