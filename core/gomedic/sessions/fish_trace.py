"""Read what a traced fish wrote: its own trace of commands, without lines, and the records of our handlers, with files."""

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from gomedic.sessions.fish_lines import Sources
from gomedic.sessions.script import MARK, Script
from gomedic.sessions.trace import Change, Frame, Trace

_BLOCKS = {"if", "else", "end", "for", "while", "switch", "case", "begin", "function", "and", "or", "not"}
_EXEC = re.compile(r"(?:^|[;&|]|\b(?:and|or|then)\b)\s*(exec\s+[^;]+)")
_OUR_FILE = "!gomedic.fish"
AT_END = "set -e fish_trace __gm_end"  # what the start-up files are followed by
TELLS_JOBS = (
    "exec-job-exec"  # fish's debug category that tells each job, as its file says it, once it has run
)
_BEFORE = f"{TELLS_JOBS}: Executed job "
_JOB = re.compile(  # a job may have many lines: it ends where something else is told
    rf"^{_BEFORE}-?\d+ from command '(.*?)'(?: with pgrp -?\d+)?\n(?=-*> |[a-z-]+: |\Z)",
    re.MULTILINE | re.DOTALL,
)


class _Command(Struct, frozen=True):
    """One traced command."""

    depth: int
    text: str
    name: str
    before: str  # the command that ran before it at the same depth: the other end of a pipe into `source`
    file: str | None  # that it reads; "-": its stdin
    opens: bool  # commands may stand in it: it is a `source`, an `eval` or the call of a function


def _sourced(text: str) -> str:
    """Return the file that a `source` command reads; "-" for its stdin."""
    try:
        words = [word for word in shlex.split(text)[1:] if word != "--"]
    except ValueError:
        words = text.split(" ")[1:]
    return words[0] if words else "-"


class _State(Struct, frozen=True):
    """A variable outside of functions and blocks."""

    value: str
    exported: bool
    universal: bool


def read_trace(
    data: bytes,
    script: Script,
    base: Mapping[str, str],
    text: Callable[[str], str | None],
    *,
    hung: bool = True,
) -> Trace:
    """Return the story that a traced start-up wrote.

    `script` is what was run, `base` what environment it got; `text` returns a file's content, None if it has
    none. `hung` says whether a start-up that did not come to its end was stopped by us: where it ended by itself,
    the end may be an `exec`, the one command that fish does not trace.
    """
    reader = _Reader(base, text)
    shadow = f"{script.scratch}/config/fish"
    for record, told in _parts(data.decode("utf-8", "surrogateescape"), script.nonce):
        record, told = record.replace(shadow, reader.config), told.replace(shadow, reader.config)
        if record:
            name, shown, stack, *_rest = [*record.split("\x1f"), "", ""]
            reader.record(name, shown, stack, _culprit(name, told))
        reader.commands(told)
    return reader.trace(hung=hung)


def _parts(story: str, nonce: str) -> Iterator[tuple[str, str]]:
    """Yield each record with what fish told after it; first, with no record, what it told before them all.

    The line that a record stands in the middle of was told after it.
    """
    record, told, begun, at = "", "", "", 0
    for piece in re.finditer(rf"\x01{nonce}\x1f([^\x1d\x1e]*)([\x1d\x1e])", story):
        told, begun, at = told + story[at : piece.start()], begun + piece[1], piece.end()
        if piece[2] == "\x1e":
            line = told.rfind("\n") + 1
            yield record, told[:line]
            record, told, begun = begun.replace("\x1c", "\n"), told[line:], ""
    yield record, told + story[at:]


def _culprit(name: str, told: str) -> str:
    """Return the job that changed a variable, as its file says it: fish tells it after those of the handlers."""
    jobs = _JOB.findall(told)
    handlers = [at for at, job in enumerate(jobs) if re.search(rf" VARIABLE (SET|ERASE) {name}$", job)]
    return next(iter(jobs[handlers[-1] + 1 :]), "") if handlers else ""


class _Reader:
    """Follows which command runs within which, and what the handlers tell meanwhile."""

    def __init__(self, base: Mapping[str, str], text: Callable[[str], str | None]) -> None:
        self.config = os.path.join(
            base.get("XDG_CONFIG_HOME") or os.path.join(base.get("HOME", ""), ".config"), "fish"
        )
        self._base = base
        self._sources = Sources(text)
        self._stack: list[_Command] = []
        self._functions: set[str] = set()
        self._known: dict[str, _State | None] = {}
        self._changes: list[Change] = []
        self._files: dict[str, None] = {}
        self._reached: dict[str, set[int]] = {}
        self._noted: set[tuple[str, str]] = set()  # commands of files whose line is known, once each
        self._returned: dict[str, int] = {}
        self._hooks: tuple[Frame, ...] = ()  # where the last function for fish_prompt was made
        self._last: tuple[tuple[Frame, ...], str] = ((), "")
        self._at_end = self._at_prompt = self._complete = False

    def trace(self, *, hung: bool) -> Trace:
        if self._at_prompt and not self._complete:
            self._last = (self._hooks, "emit fish_prompt")
        elif not self._at_end and self._stack:
            self._note_last(self._stack)
            if not hung:
                self._note_exec()
        frames, command = self._last
        return Trace(
            changes=tuple(self._changes),
            files=tuple(self._files),
            reached={file: frozenset(lines) for file, lines in self._reached.items()},
            returned=self._returned,
            last=frames,
            last_command=command,
            complete=self._complete,
        )

    # -------------------------------------------------------------- fish's own trace

    def commands(self, lines: str) -> None:
        """Take in what fish traced."""
        for line in _JOB.sub("", lines).split("\n"):
            dashes, arrow, text = line.partition("> ")
            if arrow and not dashes.strip("-"):
                self._command(len(dashes), text)

    def _command(self, depth: int, text: str) -> None:
        if text == AT_END and self._stack:
            self._note_last(self._stack)
        self._at_end = self._at_end or text == AT_END
        before = ""
        while self._stack and self._stack[-1].depth >= depth:
            left = self._stack.pop()
            before = left.text if left.depth == depth else before
        name, _space, rest = text.partition(" ")
        file = _sourced(text) if name in ("source", ".") else None
        opens = file is not None or name == "eval" or name in self._functions
        self._stack.append(_Command(depth, text, name, before, file, opens))
        if file is not None and file.startswith("/"):
            self._read(file)
        if name == "function":
            self._functions.add(rest.partition(" ")[0])
            if "--on-event fish_prompt" in text:
                self._hooks = self._frames(self._stack) or self._hooks
        elif name not in _BLOCKS:
            self._ran(self._stack[-1])

    def _read(self, file: str) -> None:
        folder, name = os.path.split(file)
        if os.path.basename(folder) in ("functions", "completions"):
            self._functions.add(name.removesuffix(".fish"))
        elif name != _OUR_FILE and self._sources.lines(file):
            self._files.setdefault(file)

    def _ran(self, command: _Command) -> None:
        """Note the line of a command that stands directly in one of the person's files."""
        opener = self._opener(self._stack)
        file = opener.file if opener else None
        if file is None or (file, command.text) in self._noted or not self._is_persons(file):
            return
        self._noted.add((file, command.text))
        line = self._sources.line_of(command.text, file)
        if line is not None:
            self._reached.setdefault(file, set()).add(line)
            if command.name == "return":
                self._returned[file] = line

    def _opener(self, stack: list[_Command]) -> _Command | None:
        """Return the `source`, `eval` or function call that the last command of `stack` stands in."""
        return next((entry for entry in reversed(stack[:-1]) if entry.opens), None)

    def _is_persons(self, file: str) -> bool:
        """Tell whether a file is one that a person or distribution configures, not a part of fish."""
        inside = re.search(r"/share/fish/(?!vendor_conf\.d/)", file) and not file.startswith(
            self._base.get("HOME", "/")
        )
        return not inside and os.path.basename(file) != _OUR_FILE and bool(self._sources.lines(file))

    def _frames(self, stack: list[_Command]) -> tuple[Frame, ...]:
        """Return the places of the commands of `stack` that stand directly in a person's file, innermost first."""
        found = []
        for size in range(len(stack), 0, -1):
            opener, command = self._opener(stack[:size]), stack[size - 1]
            file = opener.file if opener else None
            is_frame = size == len(stack) or command.opens
            if file is not None and is_frame and self._is_persons(file):
                piped = f"{command.before} {command.text}" if command.file == "-" else command.text
                line = self._sources.line_of(piped, file)
                found += [Frame(file, line)] if line is not None else []
        return tuple(found)

    def _note_last(self, stack: list[_Command]) -> None:
        frames = self._frames(stack)
        opener = self._opener(stack)
        within = next((e.file for e in reversed(stack) if (e.file or "").startswith("/")), None)
        if opener is not None and opener.file is None and within is not None and self._is_persons(within):
            line = self._sources.line_of(stack[-1].text, within)  # in a function that this file may have made
            frames = (Frame(within, line), *frames) if line is not None else frames
        self._last = (frames, stack[-1].text)

    def _note_exec(self) -> None:
        """Look for an `exec` after the last command that was traced, in the file that was being read."""
        frames, command = self._last
        file = next((e.file for e in reversed(self._stack) if (e.file or "").startswith("/")), None)
        if file is None or command.partition(" ")[0] == "exit":
            return
        begin = frames[0].line if frames and frames[0].file == file else 1
        for number, line in enumerate(self._sources.lines(file)[begin - 1 :], begin):
            match = _EXEC.search(line)
            if match is not None:
                callers = tuple(frame for frame in frames if frame.file != file)
                self._last = ((Frame(file, number), *callers), match[1].strip())
                return

    # -------------------------------------------------------------- records of our handlers

    def record(self, name: str, shown: str, told: str, culprit: str) -> None:
        """Take in what a handler wrote: a variable's name, `set --show`, `status stack-trace`; and what called it."""
        if name == "prompt":
            self._at_prompt = True
        elif name == MARK:
            self._complete = True
        elif name in self._known:
            self._changed(name, _shown(shown), self._told(told, culprit))
        else:
            self._found(name, _shown(shown))

    def _found(self, name: str, state: _State | None) -> None:
        """Take in what a variable was when the handlers were made: universal variables are set by then."""
        self._known[name] = state
        if name == "fish_user_paths" or state is None or state.value == self._base.get(name):
            return
        source = "fish_user_paths" if name == "PATH" else name
        frames = self._universal(source) if state.universal or name == "PATH" else ()
        self._add(name, self._base.get(name), state, frames)

    def _universal(self, name: str) -> tuple[Frame, ...]:
        file = os.path.join(self.config, "fish_variables")
        pattern = re.compile(rf"SETUVAR (--\w+ )*{name}:")
        numbers = (number for number, line in enumerate(self._sources.lines(file), 1) if pattern.match(line))
        return tuple(Frame(file, number) for number in numbers)

    def _changed(self, name: str, state: _State | None, told: Frame | None) -> None:
        before, self._known[name] = self._known[name], state
        if before == state or name == "fish_user_paths":
            return
        frames = self._hooks if self._at_prompt else self._frames(self._stack)
        if told is not None:
            frames = (told, *(frame for frame in frames if frame.file != told.file))
            self._reached.setdefault(told.file, set()).add(told.line)
        self._add(name, before.value if before else None, state, frames)

    def _add(self, name: str, before: str | None, state: _State | None, frames: tuple[Frame, ...]) -> None:
        command = self._stack[-1].text if self._stack and frames else ""
        after = state.value if state else None
        self._changes.append(Change(name, before, after, bool(state and state.exported), frames, command))

    def _told(self, told: str, culprit: str) -> Frame | None:
        """Return the place in a person's file that the handler was called from, the last of its stack.

        Up to fish 3.7 the stack ends with the event and the line that fired it. Since 4.0 it ends before the event:
        the file is right, but the line is one of the handler's call, so it is the culprit that is looked for.
        """
        places = re.findall(r"called on line (\d+) of file (.+)", told)
        if not places or not places[-1][1].startswith(("/", "~")):
            return None
        line, shortened = places[-1]
        file = re.sub(r"^~(?=/)", self._base.get("HOME", "~"), shortened)
        if not self._is_persons(file):
            return None
        opener = None if self._at_prompt else self._opener(self._stack)
        if opener is not None and opener.name == "eval":
            found = self._sources.line_of(opener.text, file)
        elif "\nin event handler: " in told:
            found = int(line)
        else:
            found = self._line_of_culprit(culprit, file, opener)
        return Frame(file, found) if found is not None else None

    def _line_of_culprit(self, culprit: str, file: str, opener: _Command | None) -> int | None:
        function = opener.name if opener is not None and opener.file is None else None
        found = self._sources.line_as_written(culprit, file, function)
        if found is None and self._stack and not self._at_prompt:
            found = self._sources.line_of(self._stack[-1].text, file)
        return found


def _shown(text: str) -> _State | None:
    """Read `set --show`: the global value, else the universal one; a local one is no matter of the environment."""
    scopes: dict[str, tuple[str, list[str]]] = {}
    scope = ""
    for line in text.split("\n"):
        head = re.match(r"\$\w+: set in (\w+) scope, (.*)", line)
        value = re.match(r"\$\w+\[\d+\]: \|(.*)\|$", line)
        if head:
            scope = head[1]
            scopes[scope] = (head[2], [])
        elif value and scope:
            scopes[scope][1].append(value[1])
    name = next((name for name in ("global", "universal") if name in scopes), None)
    if name is None:
        return None
    about, values = scopes[name]
    separator = ":" if "path variable" in about else " "
    return _State(separator.join(values), "unexported" not in about, name == "universal")
