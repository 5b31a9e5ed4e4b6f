"""A fix as commands that somebody can type to do it without the doctor, and learn from."""

import difflib
import re
import shlex
from collections.abc import Iterator, Sequence

from gomedic.administrator import commands_for_administrator
from gomedic.model import EditFile, Step

_TYPED = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f]*")  # what a terminal takes as it is
_BACKUP = ".bak"


def commands_by_hand(steps: Sequence[Step]) -> tuple[str, ...]:
    """Return POSIX shell commands, to be typed in this order, that do what `steps` do.

    An edit names only the lines that change, and leaves a copy of the file beside it; the file itself is written
    into, so that a link to it, its mode and its owner stay. Steps for root go through sudo.
    """
    return tuple(command for step in steps for command in _commands(step))


def _commands(step: Step) -> Iterator[str]:
    if isinstance(step, EditFile) and _can_be_typed(step):
        yield from _edit(step)
        return
    for command in commands_for_administrator([step]):
        yield f"sudo sh -c {shlex.quote(command)}" if step.privileged else command


def _can_be_typed(step: EditFile) -> bool:
    """Tell whether an edit is of whole lines of text; anything else is better written byte by byte."""
    contents = [content for content in (step.before, step.after) if content is not None]
    return all(_is_plain(content) for content in contents) and bool(step.after)


def _is_plain(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return (not text or text.endswith("\n")) and _TYPED.fullmatch(text) is not None


def _edit(step: EditFile) -> Iterator[str]:
    path, new = shlex.quote(step.path), _lines(step.after)
    old = _lines(step.before)
    if step.before == step.after:
        return
    if new[: len(old)] == old:
        words = " ".join(shlex.quote(line) for line in new[len(old) :])
        yield _written(f"printf '%s\\n' {words}", path, step, append=step.before is not None)
        return
    copy = shlex.quote(step.path + _BACKUP)
    yield f"{'sudo ' if step.privileged else ''}cp -p {path} {copy}"
    yield _written(f"sed {shlex.quote(_script(old, new))} {copy}", path, step)


def _written(command: str, path: str, step: EditFile, *, append: bool = False) -> str:
    if step.privileged:
        return f"{command} | sudo tee {'-a ' if append else ''}{path} > /dev/null"
    return f"{command} {'>>' if append else '>'} {path}"


def _script(old: list[str], new: list[str]) -> str:
    """Return what sed(1) makes the new lines of the old ones with."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return "\n".join(
        _change(kind, first, last, new[begin:end])
        for kind, first, last, begin, end in matcher.get_opcodes()
        if kind != "equal"
    )


def _change(kind: str, first: int, last: int, lines: list[str]) -> str:
    """Return a command of sed; lines are counted from 1 there."""
    where = f"{first + 1}" if last <= first + 1 else f"{first + 1},{last}"
    if kind == "delete":
        return f"{where}d"
    text = "\\\n".join(line.replace("\\", "\\\\") for line in lines)
    if kind == "replace":
        return f"{where}c\\\n{text}"
    return f"1i\\\n{text}" if first == 0 else f"{first}a\\\n{text}"


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode().split("\n")[:-1]
