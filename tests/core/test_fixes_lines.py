"""Edits of lines leave every other byte as it is: CRLF, a missing final line feed, bytes of another encoding."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gomedic.facts import Facts
from gomedic.fixes.lines import append, edit, insert, merged, remove_lines, replace_line, with_folders
from gomedic.host import Host
from gomedic.model import EditFile, MakeFolder

GBK = "注释".encode("gbk")
BuildHost = Callable[..., Host]


@pytest.fixture
def facts(host: BuildHost) -> Facts:
    return Facts(host(), ())


@pytest.fixture
def rc(home: Path) -> Path:
    return home / "rc"


def after(step: EditFile | None) -> bytes | None:
    return step.after if step is not None else None


REPLACED = [
    (b"a\nb\nc\n", 2, b"a\nB\nc\n"),
    (b"a\r\nb\r\nc\r\n", 2, b"a\r\nB\r\nc\r\n"),
    (b"a\nb", 2, b"a\nB"),
    (b"a\r\nb", 2, b"a\r\nB"),
    (GBK + b"\nb\n" + GBK, 2, GBK + b"\nB\n" + GBK),
    (b"a\x0bb\x0c\nb\n", 2, b"a\x0bb\x0c\nB\n"),  # str.splitlines would split at these
    ("a\u2028b\nb\n".encode(), 2, "a\u2028b\nB\n".encode()),
    (b"a\nb\n", 3, None),
    (b"a\nb\n", 0, None),
    (b"a\nc\n", 2, None),
    (b"", 1, None),
]


@pytest.mark.parametrize(("content", "number", "expected"), REPLACED)
def test_one_line_is_replaced(
    facts: Facts, rc: Path, content: bytes, number: int, expected: bytes | None
) -> None:
    rc.write_bytes(content)
    step = replace_line(facts, str(rc), number, lambda line: {"b": "B", "c": None}.get(line, line))
    assert after(step) == expected
    assert step is None or step.before == content


REMOVED = [
    (b"a\nb\nc\n", {2}, b"a\nc\n"),
    (b"a\nb\nc", {3}, b"a\nb\n"),
    (b"a\r\nb\r\nc\r\n", {1, 3}, b"b\r\n"),
    (b"a\rx\r\nb\n" + GBK, {2}, b"a\rx\r\n" + GBK),
    (b"a\x0bb\nb\n", {2}, b"a\x0bb\n"),
    ("a\u2028b\nb\n".encode(), {2}, "a\u2028b\n".encode()),
    (b"a\n", {7}, b"a\n"),
]


@pytest.mark.parametrize(("content", "numbers", "expected"), REMOVED)
def test_lines_are_removed(
    facts: Facts, rc: Path, content: bytes, numbers: set[int], expected: bytes
) -> None:
    rc.write_bytes(content)
    assert after(remove_lines(facts, str(rc), numbers)) == expected


APPENDED = [
    (b"a\n", b"a\nx\ny\n"),
    (b"a", b"a\nx\ny\n"),
    (b"", b"x\ny\n"),
    (None, b"x\ny\n"),
    (GBK, GBK + b"\nx\ny\n"),
    (b"a\x0c\n", b"a\x0c\nx\ny\n"),
]


@pytest.mark.parametrize(("content", "expected"), APPENDED)
def test_lines_are_appended(facts: Facts, rc: Path, content: bytes | None, expected: bytes) -> None:
    if content is not None:
        rc.write_bytes(content)
    step = append(facts, str(rc), ["x", "y"])
    assert (step.before, step.after, step.privileged) == (content, expected, False)


INSERTED = [
    (b"a\nb\n", 1, b"x\na\nb\n"),
    (b"a\nb", 2, b"a\nx\nb"),
    (b"a\x0bb\nc\n", 2, b"a\x0bb\nx\nc\n"),
    (None, 1, b"x\n"),
]


@pytest.mark.parametrize(("content", "number", "expected"), INSERTED)
def test_lines_are_inserted(
    facts: Facts, rc: Path, content: bytes | None, number: int, expected: bytes
) -> None:
    if content is not None:
        rc.write_bytes(content)
    assert after(insert(facts, str(rc), number, ["x"])) == expected


def test_two_edits_of_one_file_become_one(facts: Facts, rc: Path) -> None:
    rc.write_bytes(b"a\r\nb\nc\n" + GBK)
    steps = (
        remove_lines(facts, str(rc), {2}),
        append(facts, str(rc), ["x"]),
        edit(facts, f"{rc}2", lambda _l: ["y"]),
    )
    one, other = merged(steps)
    assert isinstance(one, EditFile)
    assert isinstance(other, EditFile)
    assert (one.before, one.after) == (b"a\r\nb\nc\n" + GBK, b"a\r\nc\n" + GBK + b"\nx\n")
    assert (other.path, other.after) == (f"{rc}2", b"y")


def test_the_folders_a_new_file_needs_are_made_first(facts: Facts, home: Path) -> None:
    step = append(facts, f"{home}/a/b/c", ["x"])
    assert with_folders(facts, step) == (MakeFolder(path=f"{home}/a"), MakeFolder(path=f"{home}/a/b"), step)


@given(
    lines=st.lists(st.binary(max_size=6).filter(lambda line: b"\n" not in line), max_size=6),
    gone=st.sets(st.integers(1, 7)),
    ends=st.booleans(),
)
@settings(
    max_examples=200,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_bytes_there_are_only_the_chosen_lines_go(
    facts: Facts, rc: Path, lines: Sequence[bytes], gone: set[int], ends: bool
) -> None:
    content = b"".join(line + b"\n" for line in lines)
    content = content if ends else content[:-1]
    rc.write_bytes(content)
    pieces = content.split(b"\n")
    whole = [piece + b"\n" for piece in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])
    expected = b"".join(line for number, line in enumerate(whole, 1) if number not in gone)
    assert after(remove_lines(facts, str(rc), gone)) == expected
