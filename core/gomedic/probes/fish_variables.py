"""The variables that fish keeps by itself from one session to the next."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from gomedic.probes.startup import StartupFile

_LINE = re.compile(r"SETUVAR ((?:--\w+ )*)(\w+):(.*)")
_ESCAPED = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\(.)")


class Universal(Struct, frozen=True):
    """A universal variable of fish (set --universal)."""

    name: str
    values: tuple[str, ...]
    exported: bool
    file: str
    line: int
    text: str


def read(file: StartupFile) -> Iterator[Universal]:
    """Yield the variables of a fish_variables file."""
    for number, text in enumerate(file.lines, 1):
        found = _LINE.fullmatch(text)
        if found is not None:
            values = tuple(_ESCAPED.sub(_character, part) for part in found[3].split("\\x1e"))
            yield Universal(found[2], values, "--export" in found[1], file.path, number, text)


def kept_path(startup: Mapping[str, StartupFile]) -> set[str]:
    """Return the folders of a universal PATH, which hides behind the one that every session inherits."""
    kept = (file for path, file in startup.items() if path.endswith("/fish_variables"))
    paths = (v.values for file in kept for v in read(file) if v.name == "PATH")
    return {entry for values in paths for value in values for entry in value.split(":")}


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else found[3]
