"""Edits of single lines of a text file; every other byte stays as it is."""

import difflib
import os
from collections.abc import Callable, Iterable, Sequence

from gomedic.facts import Facts
from gomedic.model import EditFile, MakeFolder, Step

MARK = "# added by gomedic"
Lines = list[str]  # each with its own line end


def edit(facts: Facts, path: str, change: Callable[[Lines], Lines]) -> EditFile:
    """Return the step that changes a file's lines; a file that is not there counts as empty."""
    before = facts.read(path)
    lines = _split((before or b"").decode("utf-8", "surrogateescape"))
    after = "".join(change(lines)).encode("utf-8", "surrogateescape")
    return EditFile(path=path, before=before, after=after, privileged=not facts.writable(path))


def _split(text: str) -> Lines:
    """Split at line feeds alone, as shells do: not at a lone carriage return or a form feed."""
    *whole, rest = text.split("\n")
    return [*(line + "\n" for line in whole), *([rest] if rest else [])]


def replace_line(
    facts: Facts, path: str, number: int, change: Callable[[str], str | None]
) -> EditFile | None:
    """Return the step that rewrites one line (counted from 1); None when `change` cannot, or nothing would change.

    `change` gets the line without its end, and returns None when it does not understand it.
    """
    before = (facts.read(path) or b"").decode("utf-8", "surrogateescape").split("\n")
    if not 0 < number <= len(before):
        return None
    body = before[number - 1].removesuffix("\r")
    new = change(body)
    if new is None or new == body:
        return None
    end = "\r" if before[number - 1].endswith("\r") else ""
    after = "\n".join([*before[: number - 1], new + end, *before[number:]])
    return _whole(facts, path, after)


def remove_lines(facts: Facts, path: str, numbers: Iterable[int]) -> EditFile:
    """Return the step that takes lines out (counted from 1)."""
    gone = set(numbers)
    return edit(facts, path, lambda lines: [line for at, line in enumerate(lines, 1) if at not in gone])


def append(facts: Facts, path: str, new: Sequence[str]) -> EditFile:
    """Return the step that adds lines at the end of a file, a missing final line feed put first."""

    def change(lines: Lines) -> Lines:
        if lines and not lines[-1].endswith("\n"):
            lines = [*lines[:-1], lines[-1] + "\n"]
        return [*lines, *(f"{line}\n" for line in new)]

    return edit(facts, path, change)


def insert(facts: Facts, path: str, number: int, new: Sequence[str]) -> EditFile:
    """Return the step that adds lines before line `number` (counted from 1)."""
    return edit(
        facts, path, lambda lines: [*lines[: number - 1], *(f"{x}\n" for x in new), *lines[number - 1 :]]
    )


def with_folders(facts: Facts, step: EditFile) -> tuple[Step, ...]:
    """Return `step` after the steps that make the folders it needs."""
    folders: list[str] = []
    at = os.path.dirname(step.path)
    while at not in ("", "/") and not facts.exists(at):
        folders.insert(0, at)
        at = os.path.dirname(at)
    made = tuple(MakeFolder(path=folder, privileged=step.privileged) for folder in folders)
    return (*made, step)


def merged(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return steps where two edits of one file, both made from its present content, became one after the other."""
    result: list[Step] = []
    for step in steps:
        same = next(
            (
                s
                for s in result
                if isinstance(s, EditFile) and isinstance(step, EditFile) and s.path == step.path
            ),
            None,
        )
        if same is None or not isinstance(step, EditFile):
            result.append(step)
            continue
        result[result.index(same)] = _both(same, step)
    return tuple(result)


def _both(first: EditFile, second: EditFile) -> EditFile:
    """Apply the line changes of two edits of the same content."""
    base = (first.before or b"").splitlines(keepends=True)
    one, two = (first.after or b"").splitlines(keepends=True), (second.after or b"").splitlines(keepends=True)
    changes = [
        (i1, i2, new[j1:j2])
        for new in (one, two)
        for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, base, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    result = list(base)
    for start, end, new_lines in sorted(changes, key=lambda c: (c[0], c[1]), reverse=True):
        result[start:end] = new_lines
    return EditFile(
        path=first.path,
        before=first.before,
        after=b"".join(result),
        mode=first.mode,
        privileged=first.privileged,
    )


def _whole(facts: Facts, path: str, after: str) -> EditFile:
    data = after.encode("utf-8", "surrogateescape")
    return EditFile(path=path, before=facts.read(path), after=data, privileged=not facts.writable(path))


def replace_matching(facts: Facts, path: str, start: str, new: str) -> EditFile | None:
    """Return the step that replaces the line beginning with `start`; None when there is none."""
    lines = (facts.read(path) or b"").decode("utf-8", "surrogateescape").split("\n")
    at = next((number for number, line in enumerate(lines, 1) if line.startswith(start) and line), None)
    return replace_line(facts, path, at, lambda _line: new) if at is not None else None
