"""Which folders the lines of a start-up file name, found by reading alone: for files that a session never runs."""

import re
from collections.abc import Iterator

from msgspec import Struct

from gomedic.probes.startup import StartupFile

_ASSIGNMENT = re.compile(r"(?:^|[;\s])(?:export\s+|typeset\s+-x\s+)?([A-Za-z_]\w*)=([\"']?)([^\"';\s#]*)\2")
_FISH_ASSIGNMENT = re.compile(r"^\s*set\s+(?:-\S+\s+)*([A-Za-z_]\w*)\s+([\"']?)([^\"';\s#]+)\2\s*$")
_PATH_LIKE = re.compile(r"(?:~|/|\$\{?\w+\}?)[^\s:;\"'()&|<>]*")

_LONGEST = 4096  # characters of a path (PATH_MAX)


class Mention(Struct, frozen=True):
    """A line that names a folder."""

    folder: str
    file: str
    family: str
    line: int
    text: str


def folders_named(file: StartupFile, home: str) -> Iterator[Mention]:
    """Yield each path that a line of `file` names, variables replaced as far as the file itself sets them."""
    values = {"HOME": home.rstrip("/")}
    for number, line in enumerate(file.lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        for name, _quote, value in [*_ASSIGNMENT.findall(text), *_FISH_ASSIGNMENT.findall(text)]:
            if name != "PATH":
                values[name] = _expanded(value, values)[:_LONGEST]  # a file may double a value line by line
        for word in _PATH_LIKE.findall(text):
            folder = _expanded(word, values)
            if folder.startswith("/"):
                yield Mention(folder.rstrip("/") or "/", file.path, file.family, number, text)


def _expanded(word: str, values: dict[str, str]) -> str:
    word = re.sub(r"^~(?=/|$)", values["HOME"], word)
    return re.sub(r"\$(?:\{(\w+)\}|(\w+))", lambda m: values.get(m[1] or m[2], m[0]), word)
