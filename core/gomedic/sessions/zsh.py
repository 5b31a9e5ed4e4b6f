"""Start zsh plainly, or traced: its state travels in PS4, so that every command tells what it found."""

import os
import re
import secrets
import shlex
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from msgspec import Struct

from gomedic.sessions.script import MARK, Mode, Script
from gomedic.sessions.trace import Change, Frame, Trace

_REPORT = r"""
case $(\builtin whence -w go 2>/dev/null) in *alias|*function) \builtin type go >&@env@ 2>/dev/null ;; esac
\builtin printf '\0\0' >&@env@
\builtin unset HISTFILE
\builtin exec /usr/bin/env -0 >&@env@
"""
_PROMPT = r"""
for __gm in precmd "${precmd_functions[@]}"; do
\builtin typeset -f -- "$__gm" >/dev/null && "$__gm" >/dev/null
done; \builtin unset __gm
"""
_END = "__GOMEDIC_SCRIPT"
_NO_DUMP = {"compdump": ":\n"}  # compinit else leaves ~/.zcompdump (zshcompsys(1))
_NO_COMPLETION = {  # thousands of commands, slow to trace, that change no variable of a program
    "compinit": "typeset -gA _comps _services _patcomps _postpatcomps _compautos _lastcomp\ncompdef() { : }\n"
}


def plain_script(mode: Mode, base: Mapping[str, str], shell: str = "/usr/bin/zsh") -> Script:
    """Return how to start zsh as the person's session does, with nothing added but the report at its end.

    An interactive shell gets its commands as a script on stdin, so that ZSH_EXECUTION_STRING stays unset as
    in a terminal; not as typed lines, which SHARE_HISTORY would write to the person's history (zshoptions(1)).
    The prompt hooks run once. `command_script` is for start-up files that swallow stdin.
    """
    return _script(mode, base, shell, fed=mode.interactive)


def command_script(mode: Mode, base: Mapping[str, str], shell: str = "/usr/bin/zsh") -> Script:
    """Return how to start zsh with the report given by -c, as editors do."""
    return _script(mode, base, shell, fed=False)


def traced_script(
    mode: Mode,
    base: Mapping[str, str],
    watch: Sequence[str],
    *,
    shell: str = "/usr/bin/zsh",
    fed: bool | None = None,
) -> Script:
    """Return how to start zsh so that each command writes its place and the watched variables to `trace`.

    zsh has no descriptor for the trace alone, so its stderr is the trace. `fed` says whether the commands at
    the end come on stdin (else by -c); by default as in `plain_script`.
    """
    nonce = secrets.token_hex(4)
    ps4 = _ps4(nonce, watch)
    return _script(mode, base, shell, fed=mode.interactive if fed is None else fed, nonce=nonce, ps4=ps4)


def _script(
    mode: Mode, base: Mapping[str, str], shell: str, *, fed: bool, nonce: str = "", ps4: str = ""
) -> Script:
    scratch = _own_functions({**_NO_DUMP, **(_NO_COMPLETION if ps4 else {})}) if mode.interactive else None
    start = 'exec "$@"' + (" 2>/proc/self/fd/@trace@" if ps4 else "")
    if scratch:
        start = f"{_shadowed(shell, scratch)}\n{start}"
    words = (shell, *(("-x", "-o", "promptsubst") if ps4 else ()), *mode.flags)
    code = _last_commands(mode, ps4, f"{scratch}/functions", kept="FPATH" in base)
    if fed:  # /dev/fd/0 is opened before the start-up files run; the blank lines are for a `read` in them
        start += f" <<'{_END}'\n\n\n\n{code}\n{_END}"
        words = (*words, "/dev/fd/0")
    else:
        words = (*words, "-c", code)
    environment = {"PS4": ps4} if ps4 else {}
    return Script(("/bin/sh", "-c", start, "sh", *words), env=environment, nonce=nonce, scratch=scratch)


def _last_commands(mode: Mode, ps4: str, stub: str, *, kept: bool) -> str:
    """Return what the shell runs after its start-up files; start-up files may have switched the trace off."""
    commands = []
    if ps4:
        commands.append(
            rf"\builtin exec 2>&@trace@; PS4={shlex.quote(ps4)}; \builtin setopt xtrace promptsubst promptpercent"
        )
    if mode.interactive:
        commands.append(_PROMPT)
    if ps4:
        commands += [f": {MARK}", r"{ \builtin setopt noxtrace; \builtin unset PS4; } 2>/dev/null"]
    if mode.interactive:
        commands.append(f'fpath=("${{(@)fpath:#{stub}}}")')
        commands += [] if kept else [r"\builtin typeset +x FPATH"]
    return "\n".join([*commands, _REPORT])


def _own_functions(functions: Mapping[str, str]) -> str:
    """Make a folder with functions for zsh to find before its own ones.

    They lie one level down because compaudit rejects a function folder whose parent others can write.
    """
    scratch = tempfile.mkdtemp(prefix="gomedic-zsh-")
    folder = os.path.join(scratch, "functions")
    os.mkdir(folder, 0o755)
    for name, body in functions.items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(body)
    return scratch


def _shadowed(shell: str, scratch: str) -> str:
    """Return `sh` code that puts a folder of ours before the function folders that were compiled into zsh."""
    ask = f"{shlex.quote(shell)} -fc 'print -r -- \"@$FPATH\"' </dev/null 2>/dev/null"
    return (
        f'found=${{FPATH:+@$FPATH}}; [ "$found" ] || found=$({ask}); found=${{found##*@}}\n'
        f'[ -z "$found" ] || export FPATH={shlex.quote(scratch)}/functions:"$found"; unset found'
    )


def _ps4(nonce: str, watch: Sequence[str]) -> str:
    """Return a PS4 that expands to the shell's place and state; `%` in values is doubled for prompt expansion."""
    states = "".join(rf"${{{name}+{name}=${{(t){name}}}=${{{name}//\%/%%}}" + "\x1d}" for name in watch)
    names = r"${${(pj:\x1c:)funcstack[@]}//\%/%%}"
    calls = r"${${(pj:\x1c:)funcfiletrace[@]}//\%/%%}"
    return (
        "\x1f".join((f"\x01{nonce}", "${ZSH_SUBSHELL}", "%x", "%I", r"${PWD//\%/%%}", names, calls, states))
        + "\x1e"
    )


# ------------------------------------------------------------------ reading the trace


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

    def places(self) -> Iterator[Frame]:
        """Yield its call chain, innermost first; a place within eval'd text is that of the eval."""
        calls = (call.rpartition(":") for call in self.callers)
        chain = [(self.file, self.line), *((file, line) for file, _colon, line in calls)]
        for (file, line), name in zip(chain, [*self.names, *[""] * len(chain)], strict=False):
            ours = file == "zsh" or file.startswith(("/dev/fd/", "/proc/self/fd/"))
            if name != "(eval)" and not ours and line.isdigit() and line != "0":
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
    for part in trace.split(f"\x01{nonce}\x1f")[1:]:
        head, end, command = part.partition("\x1e")
        fields = head.split("\x1f", 6)
        if not end or len(fields) < 7 or not fields[0].isdigit():  # PROMPT_SUBST was switched off
            continue
        record = _Record(fields, command)
        record.frames = tuple(frame for frame in record.places() if sources.lines(frame.file))
        record.emulated = not emulations.isdisjoint(record.frames[1:])
        if record.starts_emulation:
            emulations.update(record.frames[:1])
        yield record


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


# ------------------------------------------------------------------ what changed


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
