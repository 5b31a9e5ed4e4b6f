"""From a list of changes to the origin of each PATH entry and variable."""

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import cache

from gomedic.model import BUILT_IN, UNKNOWN, Origin
from gomedic.sessions.trace import Change

Lines = Callable[[str], Sequence[str] | None]  # a file's lines, None when it cannot be read


def origin_of(change: Change, lines: Lines) -> Origin:
    """Return where `change` was made, with the text of that line (continuation lines joined)."""
    return _origin_and_source(change, lines)[0]


def _origin_and_source(change: Change, lines: Lines) -> tuple[Origin, str | None]:
    """Return the origin, and the line as it stands in its file; None where that cannot be read."""
    frames = change.following if _set_by_expansion(change, lines) else change.frames
    if not frames:
        return UNKNOWN, None
    place = frames[0]
    line, text = _statement(lines(place.file), place.line, change.variable)
    chain = tuple(f"{frame.file}:{frame.line}" for frame in frames[1:])
    return Origin(place.file, line, text if text is not None else change.command, chain), text


def _set_by_expansion(change: Change, lines: Lines) -> bool:
    """Tell whether the next command did it by ${NAME:=value}, which takes effect before that command is traced."""
    place = change.following[0] if change.following else None
    found = lines(place.file) if place is not None else None
    if place is None or found is None or not 0 < place.line <= len(found):
        return False
    return re.search(rf"\$\{{{re.escape(change.variable)}:?=", found[place.line - 1]) is not None


def _statement(lines: Sequence[str] | None, number: int, variable: str) -> tuple[int, str | None]:
    """Return the line that a shell meant by `number`; of a statement over several lines, the one naming it.

    bash gives some line inside a statement of several lines: for continuations the last.
    """
    if lines is None or not 0 < number <= len(lines):
        return number, None
    first = number
    while first > 1 and lines[first - 2].rstrip("\r").endswith("\\"):
        first -= 1
    for at in range(first, number + 1):
        if re.search(rf"\b{re.escape(variable)}\b", lines[at - 1]):
            return at, lines[at - 1].strip()
    return number, lines[number - 1].strip()


def entry_origins(
    held: list[tuple[str, Origin]] | None,
    changes: Sequence[Change],
    lines: Lines,
    fallback: str | None = None,
) -> list[tuple[str, Origin]]:
    """Return the entries of the last PATH in order, each with who put it there.

    `held` are the entries as the shell got them; `fallback` is the PATH it starts with when it got none.
    """
    if held is None:
        held = [(entry, BUILT_IN) for entry in fallback.split(":")] if fallback is not None else []
    for change in changes:
        if change.variable != "PATH" or change.before == change.after:
            continue
        if change.before is not None and change.before.split(":") != [entry for entry, _origin in held]:
            held = [(entry, BUILT_IN if not held else UNKNOWN) for entry in change.before.split(":")]
        held = _after(held, change, lines)
    return held


def _after(held: list[tuple[str, Origin]], change: Change, lines: Lines) -> list[tuple[str, Origin]]:
    if change.after is None:
        return []
    origin, source = _origin_and_source(change, lines)
    entries = change.after.split(":")
    if source is not None and _assigns_anew(change, source):
        return [(entry, origin) for entry in entries]
    return _matched(held, entries, origin)


def _matched(held: list[tuple[str, Origin]], entries: list[str], origin: Origin) -> list[tuple[str, Origin]]:
    """Give entries that were there before their old origin, also when they moved; the rest is new."""
    known = [entry for entry, _origin in held]
    result: list[tuple[str, Origin] | None] = [None] * len(entries)
    used = set()
    for block in SequenceMatcher(None, known, entries, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            result[block.b + offset] = held[block.a + offset]
            used.add(block.a + offset)
    for at, entry in enumerate(entries):
        if result[at] is None:
            moved = next((i for i, name in enumerate(known) if name == entry and i not in used), None)
            if moved is not None:
                used.add(moved)
            result[at] = (entry, origin if moved is None else held[moved][1])
    return [item for item in result if item is not None]


def _assigns_anew(change: Change, source: str) -> bool:
    """Tell whether the line assigns PATH from literals alone: then every entry is that line's."""
    if (listed := _listed(change.variable, source)) is not None:
        return not re.search(rf"\$\{{?(?:{change.variable}|{change.variable.lower()})\b|[(`*]", listed)
    found = re.findall(rf"(?<![\w$]){change.variable}(\+?=)(\S.*)?", source)
    if not found:
        return False
    operator, value = found[-1]
    mentions_old = re.search(rf"\$\{{?[#!]?{change.variable}\b", value)
    computed = re.search(r"\$\(|`", value) or re.fullmatch(r"[\"']?\$\{?\w+\}?[\"']?\s*;?.*", value)
    return operator == "=" and not mentions_old and not computed


def _listed(variable: str, source: str) -> str | None:
    """Return the words that a line gives a list: `set -gx PATH /a /b` of fish, `path=(/a /b)` of zsh; None for others."""
    of_fish = re.findall(rf"\bset\s+((?:-\S+\s+)*){variable}\s+([^;#]*)", source)
    if of_fish and not re.search(r"(?:^|\s)(?:-\w*[ape]|--(?:append|prepend|erase))", of_fish[-1][0]):
        return str(of_fish[-1][1])
    of_zsh = re.findall(rf"(?<![\w$]){variable.lower()}=\(([^)]*)\)", source)
    return str(of_zsh[-1]) if of_zsh else None


def variable_origin(name: str, changes: Sequence[Change], base: Origin | None, lines: Lines) -> Origin:
    """Return who gave a variable its last value; `base` where the shell got it so."""
    made = [c for c in changes if c.variable == name and c.before != c.after and c.after is not None]
    if made:
        return origin_of(made[-1], lines)
    return base if base is not None else UNKNOWN


def cached_lines(read: Callable[[str], str | None]) -> Lines:
    """Return a reader of files' lines that reads each file once."""

    @cache
    def lines(path: str) -> Sequence[str] | None:
        text = read(path)
        return None if text is None else text.split("\n")

    return lines
