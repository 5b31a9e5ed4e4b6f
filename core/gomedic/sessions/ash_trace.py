"""Trace busybox ash by itself, on a machine without bash: ash tells lines and state, and the files are inferred."""

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from gomedic.sessions import dash
from gomedic.sessions.script import MARK, Mode, Script
from gomedic.sessions.trace import Change, Frame, Trace

Read = Callable[[str], str | None]
_ASSIGNMENT = re.compile(r"'?(\w+)=")


def traced_script(mode: Mode, base: Mapping[str, str], watch: Sequence[str], *, shell: str) -> Script:
    """Return how to start ash so that it reads its start-up files itself and tells each command before it runs.

    busybox ash expands PS4 and knows LINENO, as bash does, but neither the file nor which variables are
    exported. What it tells goes to standard error, so that start-up files find no terminal there.
    """
    nonce = os.urandom(4).hex()
    code = [
        "exec 2>/proc/self/fd/@trace@",
        f"PS4={shlex.quote(_ps4(nonce, watch))}; set -x",
        *dash.start_up(mode),
        f": {MARK}",
        r"{ set +x; unset PS4; } 2>/dev/null",
        dash.REPORT,
    ]
    env = f"export ENV={shlex.quote(base['ENV'])}; " if "ENV" in base else ""
    flags = ("-i",) if mode.interactive else ()
    argv = (*dash.words_of(shell), *flags, "-c", env + "\n".join(code))
    return Script(argv, remove=("ENV",), stdin=b"\n\n\n", nonce=nonce)


def _ps4(nonce: str, watch: Sequence[str]) -> str:
    states = "".join(f"${{{name}+{name}=${name}\x1d}}" for name in watch)
    return f"\x01{nonce}\x1f$LINENO\x1f{states}\x1e"


# ------------------------------------------------------------------ reading the trace


class _Record(Struct, gc=False):
    """One traced command, and the state before it."""

    line: int
    state: str
    command: str
    frames: tuple[Frame, ...] = ()  # innermost first


def read_trace(data: bytes, script: Script, read: Read, environment: Mapping[str, str] | None) -> Trace:
    """Return the story that the start-up wrote; `environment` is what it ended with, None where it did not end."""
    told = list(_records(data.decode("utf-8", "surrogateescape"), script.nonce))
    end = next((at for at, record in enumerate(told) if record.command == f": {MARK}"), None)
    records = told if end is None else told[: end + 1]
    files = _Files(read, script.argv[-1])
    for record in records:
        record.frames = files.place(record)
    in_files = [record for record in records if record.frames]
    reached: dict[str, set[int]] = {}
    for record in in_files:
        reached.setdefault(record.frames[0].file, set()).add(record.frames[0].line)
    return Trace(
        changes=tuple(_changes(records, environment or {})),
        files=tuple(reached),
        reached={file: frozenset(lines) for file, lines in reached.items()},
        returned=_returned(records),
        last=in_files[-1].frames if in_files else (),
        last_command=in_files[-1].command if in_files else "",
        complete=end is not None,
    )


def _records(text: str, nonce: str) -> Iterator[_Record]:
    for part in text.split(f"\x01{nonce}\x1f")[1:]:
        header, separator, command = part.partition("\x1e")
        line, _between, state = header.partition("\x1f")
        if separator:
            yield _Record(int(line) if line.isdigit() else 0, state, command.rstrip("\n\x01").strip())


class _Level(Struct):
    """A file or function that is running: its lines, and which of them runs."""

    file: str
    first: int
    last: int
    line: int = 0


class _Files:
    """Which start-up file each command is of: followed into files and functions, held against the files' lines."""

    def __init__(self, read: Read, driver: str) -> None:
        self._read = read
        self._lines: dict[str, list[str]] = {"": driver.split("\n")}
        self._stack = [self._whole("")]

    def place(self, record: _Record) -> tuple[Frame, ...]:
        """Return the call chain of a command, innermost first, without the driver's own."""
        while len(self._stack) > 1 and not self._tells(self._stack[-1], record):
            self._stack.pop()
        self._stack[-1].line = record.line
        frames = tuple(Frame(level.file, level.line) for level in reversed(self._stack) if level.file)
        self._follow(_words(record.command))
        return frames

    def _follow(self, words: Sequence[str]) -> None:
        """Where the command reads a file or calls a function, the commands of that come next."""
        if words[:1] in (["."], ["source"]) and words[1:] and words[1].startswith("/"):
            text = self._read(words[1])
            if text is not None:
                self._lines[words[1]] = text.split("\n")
                self._stack.append(self._whole(words[1]))
        elif words:
            self._stack.extend(self._function(words[0]))

    def _whole(self, file: str) -> _Level:
        return _Level(file, 1, len(self._lines[file]))

    def _function(self, name: str) -> list[_Level]:
        """Return the function of that name, the one read last; it ends at the brace below its first line."""
        head = re.compile(rf"(\s*)(?:function\s+)?{re.escape(name)}\s*\(\s*\)")
        for file, lines in reversed(self._lines.items()):
            for at, line in enumerate(lines):
                if (found := head.match(line)) and file:
                    rest = range(at + 1, len(lines))
                    end = next((n for n in rest if lines[n].rstrip() == f"{found[1]}}}"), at)
                    return [_Level(file, at + 1, end + 1)]
        return []

    def _tells(self, level: _Level, record: _Record) -> bool:
        """Tell whether that line of the file or function can be this command."""
        if not level.first <= record.line <= level.last:
            return False
        lines = self._lines[level.file]
        first = record.line
        while first > 1 and lines[first - 2].endswith("\\"):
            first -= 1
        text = " ".join(lines[first - 1 : record.line])
        assigned = _ASSIGNMENT.match(record.command)
        if assigned:
            return f"{assigned[1]}=" in text
        word = record.command.split(maxsplit=1)[0].strip("'\"") if record.command else ""
        return bool(word) and (word in text or text.lstrip().startswith(("$", '"$', "eval")))


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def _changes(records: Sequence[_Record], environment: Mapping[str, str]) -> Iterator[Change]:
    """Yield what each place changed in sum: what a subshell on its line set does not outlive it."""
    groups = [
        list(group) for _frames, group in groupby(zip(records, _befores(records), strict=True), key=_place)
    ]
    for group, later in pairwise(groups):
        (record, before), (following, after) = group[-1][:1] + group[0][1:], later[0]
        for name in [n for n in {**before, **after} if before.get(n) != after.get(n)]:
            yield Change(
                name, before.get(name), after.get(name), name in environment, record.frames, record.command,
                following.frames,
            )  # fmt: skip


def _place(told: tuple[_Record, dict[str, str]]) -> tuple[Frame, ...]:
    return told[0].frames


def _befores(records: Sequence[_Record]) -> Iterator[dict[str, str]]:
    """Yield the state before each command: that of an assignment is told when it is made already."""
    previous: dict[str, str] = {}
    for record in records:
        state = _state(record.state)
        assigned = _assigned(record.command)
        yield {n: v for n, v in {**state, **{n: previous[n] for n in assigned if n in previous}}.items()
               if n not in assigned or n in previous}  # fmt: skip
        previous = state


def _assigned(command: str) -> set[str]:
    """Return what a command that does nothing but assign assigns."""
    matches = [_ASSIGNMENT.match(word) for word in _words(command)]
    return {match[1] for match in matches if match} if all(matches) else set()


def _state(text: str) -> dict[str, str]:
    return {
        name: value for item in text.split("\x1d") for name, equals, value in [item.partition("=")] if equals
    }


def _returned(records: Sequence[_Record]) -> dict[str, int]:
    """Return the files that were left early: after the `return`, the next command is of the file that read them."""
    left: dict[str, int] = {}
    for record, later in pairwise(records):
        if (
            record.frames
            and _words(record.command)[:1] == ["return"]
            and len(later.frames) < len(record.frames)
        ):
            left[record.frames[0].file] = record.frames[0].line
    return left
