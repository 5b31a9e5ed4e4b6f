"""Whether a Go tree holds files of two releases: the same thing declared twice in one package."""

import os
import re
from collections.abc import Container

_PACKAGES = ("src/runtime", "src/internal/abi", "src/internal/cpu")
_DECLARED = re.compile(rb"^(?:func|type|var|const) (\w+)\b", re.MULTILINE)
_METHODLESS = (b"_", b"init", b"main")
_CONSTRAINT = re.compile(rb"^//(?:go:build| \+build)(?! goexperiment\.\w+$)", re.MULTILINE)
_KNOWN = frozenset(
    [
        "aix",
        "android",
        "darwin",
        "dragonfly",
        "freebsd",
        "hurd",
        "illumos",
        "ios",
        "js",
        "linux",
        "nacl",
        "netbsd",
        "openbsd",
        "plan9",
        "solaris",
        "wasip1",
        "windows",
        "zos",
        "386",
        "amd64",
        "arm",
        "arm64",
        "loong64",
        "mips",
        "mipsle",
        "mips64",
        "mips64le",
        "mips64x",
        "mipsx",
        "ppc64",
        "ppc64le",
        "ppc64x",
        "riscv64",
        "s390x",
        "sparc64",
        "wasm",
        "unix",
        "test",
    ]
)


def declared_twice(root: str, absent: Container[str] = ()) -> tuple[str, str, str] | None:
    """Return a name and the two files of a package that both declare it, relative to `root`; None for a sound tree.

    Only files for every system count: without a build constraint (go help buildconstraint), in their name or text,
    or for an experiment, which a release has on where it has a file for its absence too. `absent` are real paths of
    files to leave out.
    """
    for package in _PACKAGES:
        seen: dict[bytes, str] = {}
        for name in _sources(os.path.join(root, package)):
            path = os.path.join(package, name)
            if os.path.realpath(os.path.join(root, path)) in absent:
                continue
            for declared in _declared(os.path.join(root, path)):
                if seen.setdefault(declared, path) != path:
                    return declared.decode(), seen[declared], path
    return None


def _sources(folder: str) -> list[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    plain = (
        name
        for name in names
        if name.endswith(".go") and name.startswith(tuple("abcdefghijklmnopqrstuvwxyz"))
    )
    return [name for name in plain if not _KNOWN & set(name.removesuffix(".go").split("_")[1:])]


def _declared(path: str) -> list[bytes]:
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError:
        return []
    if _CONSTRAINT.search(text[:4096]) or b"\npackage main" in text[:4096]:
        return []
    return [name for name in dict.fromkeys(_DECLARED.findall(text)) if name not in _METHODLESS]
