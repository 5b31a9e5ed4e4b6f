"""From changes to origins: who put an entry on PATH, who set a variable."""

from collections.abc import Sequence

import pytest

from gomedic.model import BUILT_IN, UNKNOWN, Origin
from gomedic.sessions.attribution import Lines, entry_origins, origin_of, variable_origin
from gomedic.sessions.trace import Change, Frame

BASE = Origin("base")
SOURCE = [
    "export PATH=/a:/b",
    'PATH="$PATH:/c"',
    "pathmunge /d",
    "PATH=$(dedupe)",
    "PATH=/e:\\",
    "$PATH",
    "PATH=${PATH//x/}",
    'PATH="$NEW"',
    "PATH+=:/f",
    ': "${GOBIN:=/x}"',
    "PATH=`dedupe`",
    "if true; then PATH=/g:/h; fi",
]


def lines(path: str) -> Sequence[str] | None:
    return SOURCE if path == "/rc" else None


def change(
    before: str | None, after: str | None, line: int, file: str = "/rc", variable: str = "PATH"
) -> Change:
    frames = (Frame(file, line), Frame("/caller", 9)) if line else ()
    return Change(variable, before, after, True, frames, f"{variable}={after}")


def told(
    changes: list[Change], held: str | None = "/x:/y", read: Lines = lines
) -> list[tuple[str, int | str | None]]:
    start = [(entry, BASE) for entry in held.split(":")] if held is not None else None
    found = entry_origins(start, changes, read, "/built/in")
    return [(entry, origin.line or origin.file) for entry, origin in found]


ENTRIES = [
    ("appended", [change("/x:/y", "/x:/y:/c", 2)], [("/x", "base"), ("/y", "base"), ("/c", 2)]),
    ("prepended by a function", [change("/x:/y", "/d:/x:/y", 3)], [("/d", 3), ("/x", "base"), ("/y", "base")]),
    ("assigned anew", [change("/x:/y", "/a:/y", 1)], [("/a", 1), ("/y", 1)]),
    ("assigned anew in a condition", [change("/x:/y", "/g:/y", 12)], [("/g", 12), ("/y", 12)]),
    ("computed", [change("/x:/y", "/y", 4)], [("/y", "base")]),
    ("computed with backquotes", [change("/x:/y", "/y:/x", 11)], [("/y", "base"), ("/x", "base")]),
    ("copied from another variable", [change("/x:/y", "/n:/x:/y", 8)], [("/n", 8), ("/x", "base"), ("/y", "base")]),
    ("added to", [change("/x:/y", "/x:/y:/f", 9)], [("/x", "base"), ("/y", "base"), ("/f", 9)]),
    ("replaced within", [change("/x:/y", "/y", 7)], [("/y", "base")]),
    ("moved", [change("/x:/y", "/y:/x", 7)], [("/y", "base"), ("/x", "base")]),
    ("doubled", [change("/x:/y", "/x:/y:/x", 2)], [("/x", "base"), ("/y", "base"), ("/x", 2)]),
    ("unset", [change("/x:/y", None, 2)], []),
    ("unset and set", [change("/x:/y", None, 2), change(None, "/z", 2)], [("/z", 2)]),
    ("changed behind our back", [change("/q:/y", "/q:/y:/c", 2)], [("/q", "unknown"), ("/y", "unknown"), ("/c", 2)]),
    ("a line that cannot be read", [change("/x:/y", "/n:/x:/y", 3, "/gone")], [("/n", 3), ("/x", "base"), ("/y", "base")]),
    ("no place", [change("/x:/y", "/n:/x:/y", 0)], [("/n", "unknown"), ("/x", "base"), ("/y", "base")]),
    ("another variable", [change("/x", "/z", 1, variable="GOPATH")], [("/x", "base"), ("/y", "base")]),
]  # fmt: skip


@pytest.mark.parametrize(("_name", "changes", "expected"), ENTRIES, ids=[row[0] for row in ENTRIES])
def test_each_entry_has_its_line(
    _name: str, changes: list[Change], expected: list[tuple[str, int | str | None]]
) -> None:
    assert told(changes) == expected


def test_a_shell_without_a_path_starts_with_its_own() -> None:
    assert told([], None) == [("/built/in", "built in")]
    assert told([change("/built/in", "/c:/built/in", 2)], None) == [("/c", 2), ("/built/in", "built in")]


def test_a_continued_line_is_told_by_the_part_that_names_the_variable() -> None:
    origin = origin_of(change("/x", "/e:/x", 6), lines)
    assert (origin.line, origin.text, origin.chain) == (5, "PATH=/e:\\", ("/caller:9",))
    assert origin_of(change("/x", "/e:/x", 6, variable="OTHER"), lines).line == 6


def test_a_value_by_default_is_told_by_its_own_line() -> None:
    made = Change("GOBIN", None, "/x", False, (Frame("/rc", 9),), "PATH+=:/f", (Frame("/rc", 10),))
    assert origin_of(made, lines).line == 10
    other = Change("GOENV", None, "/x", False, (Frame("/rc", 9),), "GOENV=/x", (Frame("/rc", 10),))
    assert origin_of(other, lines).line == 9


def test_the_last_line_that_changed_a_variable_is_its_origin() -> None:
    changes = [change(None, "1", 1, variable="GOFLAGS"), change("1", "2", 2, variable="GOFLAGS"), change("2", "2", 3, variable="GOFLAGS")]  # fmt: skip
    assert variable_origin("GOFLAGS", changes, BASE, lines).line == 2
    assert variable_origin("GOBIN", changes, BASE, lines) == BASE
    assert variable_origin("GOBIN", changes, None, lines) == UNKNOWN
    assert BUILT_IN.file == "built in"
