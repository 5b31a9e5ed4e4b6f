"""Whether a Go tree holds files of two releases: the same thing declared twice in one package."""

import os
import re
from collections.abc import Container

from gomedic.go_tree import program
from gomedic.probes.constraints import fits, is_built
from gomedic.regular import regular

_PACKAGES = ("src/runtime", "src/internal/abi", "src/internal/cpu")
_DECLARED = re.compile(rb"^(?:func|type|var|const) (\w+)\b", re.MULTILINE)
_LARGEST = 4 << 20  # bytes of a source file
_METHODLESS = (b"_", b"init", b"main")


def declared_twice(root: str, absent: Container[str] = ()) -> tuple[str, str, str] | None:
    """Return a name and the two files of a package that both declare it, relative to `root`; None for a sound tree.

    Only files count that Go builds for the processor that the tree is for. `absent` are real paths of files to
    leave out. Where all files of a package have one time, they are of one release: its archive gives them that.
    """
    head = program(os.path.join(root, "bin", "go"))
    arch = head.arch if head and head.arch else "amd64"
    for package in _PACKAGES:
        if len(_times(os.path.join(root, package))) < 2:
            continue
        seen: dict[bytes, str] = {}
        for name in _sources(os.path.join(root, package), arch):
            path = os.path.join(package, name)
            if os.path.realpath(os.path.join(root, path)) in absent:
                continue
            for declared in _declared(os.path.join(root, path), arch):
                if seen.setdefault(declared, path) != path:
                    return declared.decode(), seen[declared], path
    return None


def _times(folder: str) -> set[int]:
    """Return when the files of a folder were last changed, in nanoseconds."""
    try:
        return {entry.stat().st_mtime_ns for entry in os.scandir(folder) if entry.is_file()}
    except OSError:
        return set()


def _sources(folder: str, arch: str) -> list[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [name for name in names if name.endswith(".go") and name[0] not in "._" and fits(name, arch)]


def _declared(path: str, arch: str) -> list[bytes]:
    try:
        with open(path, "rb", opener=regular) as file:
            text = file.read(_LARGEST)
    except OSError:
        return []
    head = text[:4096]
    if not is_built(head, arch) or b"\npackage main" in head:
        return []
    return [name for name in dict.fromkeys(_DECLARED.findall(text)) if name not in _METHODLESS]
