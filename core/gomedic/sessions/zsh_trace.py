"""Read what a traced zsh wrote: the state that each command found, so that the next one tells what it changed."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from msgspec import Struct

from gomedic.sessions.script import MARK
from gomedic.sessions.trace import PIPES, Change, Frame, Trace

_FUNCTION = re.compile(r"^[\s'$]*(?:eval\s+\$?')?(?:function\s+([\w.:@-]+)|([\w.:@-]+)\s*\(\))", re.MULTILINE)


class _Record:
    """One traced command, with what the shell's state was before it ran."""

    __slots__ = (
        "callers",
        "command",
        "emulated",
        "ended",
        "file",
        "folder",
        "frames",
        "line",
        "main",
        "names",
        "state",
    )

    def __init__(self, fields: list[str], command: str) -> None:
        self.main = fields[0] == "0"  # not of a subshell
        self.file, self.line, self.folder = fields[1], fields[2], fields[3]
        self.names = fields[4].split("\x1c")  # of the functions, files and evals it is in, innermost first
        self.callers = [call for call in fields[5].split("\x1c") if call]
        self.state = fields[6]
        self.command, self.ended, _noise = command.partition("\n")  # the program's stderr is in it too
        self.frames: tuple[Frame, ...] = ()
        self.emulated = False  # within `emulate sh -c`, where zsh counts no lines (EVAL_LINENO is off there)

    @property
    def in_file(self) -> bool:
        """Whether it stands directly in a file, not in a function or eval."""
        return self.names[0] == self.file

    @property
    def starts_emulation(self) -> bool:
        return re.match(r"emulate\b.*\s-\w*c\b", self.command) is not None

    @property
    def hides_what_follows(self) -> bool:
        return re.match(r"set \+x|(un)?setopt (no_?)?xtrace", self.command) is not None

    def places(self, made: Mapping[tuple[str, str], Frame]) -> Iterator[Frame]:
        """Yield its call chain, innermost first; a place within eval'd text is that of the eval.

        `made` tells where functions were made whose text is in no file.
        """
        calls = (call.rpartition(":") for call in self.callers)
        chain = [(self.file, self.line), *((file, line) for file, _colon, line in calls)]
        for (file, line), name in zip(chain, [*self.names, *[""] * len(chain)], strict=False):
            ours = file == "zsh" or file.startswith(PIPES)
            if (file, name) in made:
                yield made[file, name]
            elif name != "(eval)" and not ours and line.isdigit() and line != "0":
                yield Frame(os.path.join(self.folder, file), int(line))


def read_trace(data: bytes, nonce: str, text: Callable[[str], str | None]) -> Trace:
    """Return the story that a traced start-up wrote; `text` returns a file's content, None if it has none."""
    sources = _Sources(text)
    records = list(_records(data.decode("utf-8", "surrogateescape"), nonce, sources))
    end = next((at for at, record in enumerate(records) if record.command == f": {MARK}"), None)
    placed = [record for record in records if record.frames]
    in_files = [record for record in placed if record.in_file]
    last = placed[-1] if placed else None
    return Trace(
        changes=tuple(_changes([record for record in records[: _after(end)] if record.main], sources)),
        files=tuple(dict.fromkeys(record.frames[0].file for record in in_files)),
        reached=_reached(record.frames[0] for record in placed if not record.emulated),
        returned={r.frames[0].file: r.frames[0].line for r in in_files if re.match(r"return\b", r.command)},
        last=last.frames if last else (),
        last_command=_as_written(last, sources) if last else "",
        complete=end is not None,
    )


def _as_written(record: _Record, sources: "_Sources") -> str:
    """Return the command; zsh leaves `exec` out of its trace, so that is looked up in the source."""
    command = record.command.strip()
    program = re.escape(os.path.basename(command.split(" ")[0]))
    line = sources.lines(record.frames[0].file)[record.frames[0].line - 1 :][:1]
    replaced = line and re.search(rf"\bexec\s+(-\S+\s+)*\"?(\S*{program}|\$)", line[0])
    return f"exec {command}" if replaced and not command.startswith("exec ") else command


def _after(end: int | None) -> int | None:
    return None if end is None else end + 1


def _records(trace: str, nonce: str, sources: "_Sources") -> Iterator[_Record]:
    emulations: set[Frame] = set()
    made: dict[tuple[str, str], Frame] = {}
    for part in trace.split(f"\x01{nonce}\x1f")[1:]:
        head, end, command = part.partition("\x1e")
        fields = head.split("\x1f", 6)
        if not end or len(fields) < 7 or not fields[0].isdigit():  # PROMPT_SUBST was switched off
            continue
        record = _Record(fields, command)
        record.frames = tuple(frame for frame in record.places(made) if sources.lines(frame.file))
        record.emulated = not emulations.isdisjoint(record.frames[1:])
        if record.starts_emulation:
            emulations.update(record.frames[:1])
        made.update(_made_by(record))
        yield record


def _made_by(record: _Record) -> Iterator[tuple[tuple[str, str], Frame]]:
    """Yield the functions that the text of an `eval` makes: zsh counts their lines on from the eval's own.

    Of `source <(…)` only what it runs is traced, which may name the functions it makes.
    """
    if record.command.startswith("eval ") and record.frames:
        for named, bare in _FUNCTION.findall(record.command.replace("\\n", "\n")):
            yield (record.file, named or bare), record.frames[0]
    if record.file.startswith(PIPES) and record.in_file and record.frames:
        for word in re.findall(r"[\w.:@-]+", record.command):
            yield (record.file, word), record.frames[0]


class _Sources:
    """The lines of the files that the shell read."""

    def __init__(self, text: Callable[[str], str | None]) -> None:
        self._text = text
        self._lines: dict[str, list[str]] = {}

    def lines(self, file: str) -> list[str]:
        """Return a file's lines; none if it is not there (any more)."""
        if file not in self._lines:
            text = self._text(file)
            self._lines[file] = [] if text is None else text.split("\n")
        return self._lines[file]

    def fitting(self, file: str, numbers: range, variable: str, wanted: str) -> int | None:
        """Return which of these lines names the variable and says most of `wanted`; None if none names it."""
        lines = self.lines(file)
        naming = [
            number for number in numbers if number <= len(lines) and _names(lines[number - 1], variable)
        ]
        return max(naming, key=lambda number: _common(lines[number - 1], wanted), default=None)

    def name_it(self, place: Frame, variable: str) -> bool:
        """Tell whether the command that begins at `place` names the variable."""
        lines = self.lines(place.file)
        last = place.line
        while last < len(lines) and lines[last - 1].endswith("\\"):
            last += 1
        return any(_names(line, variable) for line in lines[place.line - 1 : last])


def _changes(records: Sequence[_Record], sources: _Sources) -> Iterator[Change]:
    """Yield what each command changed: each record holds the state before its command."""
    known = _state(records[0].state) if records else {}
    lent: list[tuple[str, _Record]] = []  # variables of `NAME=value command`, given back after it
    for record, later in pairwise(records):
        back = {name: giver for name, giver in lent if len(later.names) <= len(giver.names)}
        if record.state == later.state and not back:
            continue
        lent = [(name, giver) for name, giver in lent if name not in back]
        now = _state(later.state)
        for name in sorted(known.keys() | now.keys()):
            before, after = known.get(name), now.get(name)
            is_lent = any(name == other for other, _giver in lent)
            if before == after or is_lent or (after is not None and "local" in after.kind):
                continue
            if name not in back and _lends(record, name):
                lent.append((name, record))
                continue
            yield _change(name, before, after, back.get(name, record), later, sources)
            known = {key: state for key, state in (known | {name: after}).items() if state is not None}


def _lends(record: _Record, name: str) -> bool:
    """Tell whether it is the assignment in `NAME=value command`: zsh traces that on the command's line."""
    return not record.ended and re.search(rf"\b{re.escape(name)}\+?=", record.command) is not None


def _change(
    name: str,
    before: "_State | None",
    after: "_State | None",
    record: _Record,
    later: _Record,
    sources: _Sources,
) -> Change:
    value = after.value if after else None
    return Change(
        variable=name,
        before=before.value if before else None,
        after=value,
        exported="export" in after.kind if after else False,
        frames=_refined(record, later, name, value or "", sources),
        command=record.command.strip(),
    )


def _refined(record: _Record, later: _Record, name: str, value: str, sources: _Sources) -> tuple[Frame, ...]:
    """Return the places of the command that changed a variable, the line found in the text where zsh's cannot be it.

    What stands in `{ …; } 2>/dev/null` is not traced, and nothing after `set +x`.
    """
    if not record.frames:
        return ()
    place, *callers = record.frames
    if record.emulated:
        line = sources.fitting(place.file, range(1, place.line), name, record.command)
        return (Frame(place.file, line or place.line), *callers)
    evaluated = record.names[0] == "(eval)"
    if _names(record.command, name) or (not evaluated and sources.name_it(place, name)):
        return record.frames
    outer = record.frames[-len(later.frames) :] if later.frames else record.frames
    for frames in dict.fromkeys((outer, record.frames)):
        found = sources.fitting(frames[0].file, _between(frames[0], later), name, f"{name}={value}")
        if found is not None:
            return (Frame(frames[0].file, found), *frames[1:])
    return () if record.hides_what_follows else record.frames


def _between(place: Frame, later: _Record) -> range:
    """Return the lines of the place's file up to the next traced command; to the end if that is elsewhere."""
    end = next((f.line for f in later.frames[:1] if f.file == place.file and f.line > place.line), 1 << 20)
    return range(place.line + 1, end + 1)


class _State(Struct, frozen=True):
    """A variable in the shell."""

    kind: str  # as ${(t)NAME} gives it: "scalar-tied-export-special"
    value: str


def _state(text: str) -> dict[str, _State]:
    """Return the variables that are set."""
    items = (item.split("=", 2) for item in text.split("\x1d") if item.count("=") >= 2)
    return {name: _State(kind, value) for name, kind, value in items}


def _names(line: str, variable: str) -> bool:
    return re.search(rf"\b(?:{variable}{'|path' if variable == 'PATH' else ''})\b", line) is not None


def _common(one: str, other: str) -> int:
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size


def _reached(places: Iterable[Frame]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for place in places:
        found.setdefault(place.file, set()).add(place.line)
    return {file: frozenset(lines) for file, lines in found.items()}
