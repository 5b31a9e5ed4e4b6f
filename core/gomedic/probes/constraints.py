"""Which files of a package Go builds on one system and processor, by their names and build constraints."""

import re
from collections.abc import Collection

# fmt: off
_SYSTEMS = frozenset((
    "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd", "openbsd",
    "plan9", "solaris", "wasip1", "windows", "zos",
))
_PROCESSORS = frozenset((
    "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64", "mips64le",
    "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm",
))
# fmt: on
_LINE = re.compile(rb"^//go:build ([^\n]+)$", re.MULTILINE)
_OLD = re.compile(rb"^// \+build ", re.MULTILINE)
_TOKEN = re.compile(r"\s*(\|\||&&|[!()]|[\w.]+)")
_EXPERIMENT = "goexperiment."


def fits(name: str, arch: str) -> bool:
    """Tell whether the last parts of a name, as in name_linux_amd64.go, are those of the system and processor."""
    *_start, before, last = ["", "", *name.removesuffix(".go").split("_")[1:]]
    if last in _PROCESSORS:
        return last == arch and (before not in _SYSTEMS or before == "linux")
    return last != "test" and (last not in _SYSTEMS or last == "linux")


def is_built(head: bytes, arch: str) -> bool:
    """Tell whether Go builds a file that begins so on Linux and `arch`, without further tags (go help buildconstraint).

    A file for an experiment counts as built: a release has it on where it has a file
    for its absence too; what cannot be told counts as not built.
    """
    found = _LINE.search(head)
    if found is None:
        return _OLD.search(head) is None
    words = found[1].decode("utf-8", "replace").strip()
    if _EXPERIMENT in words:
        return re.fullmatch(r"goexperiment\.\w+", words) is not None
    return holds(words, {"linux", "unix", "gc", "cgo", arch})


def holds(expression: str, tags: Collection[str]) -> bool:
    """Tell whether a build constraint holds with these tags, and every tag of a Go release; False where it is none."""
    tokens = _TOKEN.findall(expression)
    if "".join(tokens) != re.sub(r"\s", "", expression):
        return False
    try:
        value, rest = _either(tokens, tags)
    except IndexError:
        return False
    return value and not rest


def _either(tokens: list[str], tags: Collection[str]) -> tuple[bool, list[str]]:
    value, rest = _both(tokens, tags)
    while rest[:1] == ["||"]:
        other, rest = _both(rest[1:], tags)
        value = value or other
    return value, rest


def _both(tokens: list[str], tags: Collection[str]) -> tuple[bool, list[str]]:
    value, rest = _single(tokens, tags)
    while rest[:1] == ["&&"]:
        other, rest = _single(rest[1:], tags)
        value = value and other
    return value, rest


def _single(tokens: list[str], tags: Collection[str]) -> tuple[bool, list[str]]:
    first, *rest = tokens if tokens else [""]
    if first == "!":
        value, rest = _single(rest, tags)
        return not value, rest
    if first == "(":
        value, rest = _either(rest, tags)
        return (value, rest[1:]) if rest[:1] == [")"] else (False, ["("])
    return first in tags or re.fullmatch(r"go1\.\d+", first) is not None, rest
