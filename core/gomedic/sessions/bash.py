"""Start bash plainly, or traced: its state travels in PS4, so that every command tells what it found."""

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from gomedic.sessions.script import MARK, Mode, Script
from gomedic.sessions.trace import PIPES, Change, Frame, Trace

_REPORT = (
    r"case $(\builtin type -t go) in alias|function) \builtin type go;; esac >&@env@ 2>/dev/null; "
    r"\builtin printf '\0\0' >&@env@; \builtin exec /usr/bin/env -0 >&@env@"
)
_PROMPT = r'for __gm in "${PROMPT_COMMAND[@]}"; do \builtin eval "$__gm"; done >/dev/null 2>&1; \builtin unset __gm; '
_HOOK = "PROMPT_COMMAND"
_AT_PROMPT = "__GOMEDIC_PROMPT"  # the command before the prompt's hooks
_LOGOUT = ".bash_logout'"  # read when a start-up file ends a login shell; no part of the start-up
_SYSTEM_RC = "/etc/bash.bashrc"  # compiled in on Debian and Ubuntu (bash(1), FILES)


def plain_script(mode: Mode, base: Mapping[str, str], shell: str = "/bin/bash") -> Script:
    """Return how to start bash as the person's session does, with nothing added but the report at its end.

    An interactive shell gets its commands from stdin, so that it runs its prompt hooks once and
    BASH_EXECUTION_STRING stays unset, as in a real terminal; `command_script` is for start-up files
    that swallow stdin.
    """
    if not mode.interactive:
        return command_script(mode, base, shell)
    return Script((shell, *mode.flags), stdin=f"\n\n\n \\unset HISTFILE; {_REPORT}\n".encode())


def command_script(mode: Mode, _base: Mapping[str, str], shell: str = "/bin/bash") -> Script:
    """Return how to start bash with the report given by -c, as editors do."""
    hooks = _PROMPT if mode.interactive else ""
    return Script((shell, *mode.flags, "-c", hooks + _REPORT))


def traced_script(
    mode: Mode,
    base: Mapping[str, str],
    watch: Sequence[str],
    *,
    shell: str = "/bin/bash",
    over_ssh: bool = False,
) -> Script:
    """Return how to start bash so that each command writes its place and the watched variables to `trace`.

    A driver reads the start-up files in the order of bash(1), INVOCATION, because bash ignores PS4 from
    the environment when it runs as root (since 4.4). `over_ssh` is for `ssh host command`, where Debian's
    bash reads its rc files although it is not interactive (SSH_SOURCE_BASHRC).
    """
    nonce = os.urandom(4).hex()
    bash_env = base.get("BASH_ENV") if not mode.interactive else None
    followed = (*watch, _HOOK) if mode.interactive else watch
    code = [
        r"\unset BASH_EXECUTION_STRING",
        *([f"export BASH_ENV={shlex.quote(bash_env)}"] if bash_env else []),
        f"PS4={shlex.quote(ps4(nonce, followed))}; BASH_XTRACEFD=@trace@; set -x",
        *_start_up(mode, over_ssh=over_ssh, bash_env=bash_env is not None),
        *(
            [f": {_AT_PROMPT}", r'for __gm in "${PROMPT_COMMAND[@]}"; do \builtin eval "$__gm"; done']
            if mode.interactive
            else []
        ),
        f": {MARK}",
        r"{ \builtin set +x; \builtin trap - DEBUG EXIT; \builtin unset BASH_XTRACEFD PS4 __gm; } 2>/dev/null",
        _REPORT,
    ]
    argv = (shell, "--noprofile", "--norc", *mode.flags, "-c", "\n".join(code))
    return Script(argv, remove=("BASH_ENV",) if bash_env else (), nonce=nonce)


def _start_up(mode: Mode, *, over_ssh: bool, bash_env: bool) -> Iterator[str]:
    if mode.login:
        yield "[ -r /etc/profile ] && . /etc/profile"
        yield (
            'if [ -r "$HOME/.bash_profile" ]; then . "$HOME/.bash_profile"; '
            'elif [ -r "$HOME/.bash_login" ]; then . "$HOME/.bash_login"; '
            'elif [ -r "$HOME/.profile" ]; then . "$HOME/.profile"; fi'
        )
    elif mode.interactive or over_ssh:
        yield f"[ -r {_SYSTEM_RC} ] && . {_SYSTEM_RC}"
        yield '[ -r "$HOME/.bashrc" ] && . "$HOME/.bashrc"'
    if bash_env:
        yield '[ -r "$BASH_ENV" ] && . "$BASH_ENV"'


def exec_catcher(script: Script) -> Script:
    """Return `script` such that `exec PROGRAM` in a start-up file reports the environment instead of leaving."""
    catch = (
        r"exec() { if [ $# -gt 0 ]; then { \builtin printf '\0\0'; /usr/bin/env -0; } >&@env@; \builtin exit; fi; }; "
        r"\builtin export -n exec 2>/dev/null"
    )
    *head, code = script.argv
    return Script(
        (*head, f"{catch}\n{code}"), script.env, script.remove, script.stdin, script.nonce, script.scratch
    )


def ps4(nonce: str, watch: Sequence[str]) -> str:
    """Return a PS4 whose expansion holds the shell's place and state; bash repeats its first byte per level."""
    states = "".join(f"${{{name}+{name}=${{{name}@a}}=${name}\x1d}}" for name in watch)
    place = "${BASH_SUBSHELL}\x1f${LINENO}\x1f${BASH_SOURCE[@]@Q}\x1f${BASH_LINENO[@]}\x1f${FUNCNAME[0]-}"
    return f"\x01{nonce}\x1f{place}\x1f{states}\x1e"


# ------------------------------------------------------------------ reading the trace


class _Record(Struct, gc=False):  # a loop that hangs makes very many
    """One traced command of the main shell, its fields as they came."""

    depth: int
    line: str
    sources: str
    callers: str
    function: str
    state: str
    command: str
    evaluated: "_Record | None" = None  # the `eval` whose text this is from


def read_trace(data: bytes, nonce: str) -> Trace:
    """Return the story that a traced start-up wrote; what is no record of ours is left out."""
    records = [
        r for r in _records(data.decode("utf-8", "surrogateescape"), nonce) if _LOGOUT not in r.sources
    ]
    end = next((at for at, record in enumerate(records) if record.command.strip() == f": {MARK}"), None)
    complete = end is not None
    told = records[: end + 1] if end is not None else records
    in_files = [record for record in told if record.sources]
    reached = _reached(in_files)
    last = next((record for record in reversed(told) if _frames(record)), None)
    return Trace(
        changes=tuple(_all_changes(told)),
        files=tuple(reached),
        reached={file: frozenset(lines) for file, lines in reached.items()},
        returned=_returned(in_files),
        last=_frames(last) if last else (),
        last_command=last.command.strip() if last else "",
        complete=complete,
    )


def _records(text: str, nonce: str) -> Iterator[_Record]:
    """Yield the records of the main shell; a subshell's state never comes back, so its records tell nothing."""
    first, *parts = text.split(f"{nonce}\x1f")
    depth = len(first) - len(first.rstrip("\x01"))
    evaluations: list[_Record] = []
    for part in parts:
        body = part.rstrip("\x01")
        header, separator, command = body.partition("\x1e")
        fields = header.split("\x1f")
        if separator and len(fields) == 6 and fields[0] == "0":
            _subshell, line, sources, callers, function, state = fields
            record = _Record(depth, line, sources, callers, function, state, command.rstrip("\n"))
            while evaluations and depth <= evaluations[-1].depth:
                evaluations.pop()
            record.evaluated = next((e for e in evaluations if record.sources.endswith(e.sources)), None)
            if command.startswith("eval "):
                evaluations.append(record)
            yield record
        depth = len(part) - len(body)


def _frames(record: _Record) -> tuple[Frame, ...]:
    """Return a record's call chain, innermost first, without the driver's own frame."""
    if record.evaluated is None:
        return _chain(record.sources, record.line, record.callers, None, "")
    return _chain(
        record.sources, record.line, record.callers, record.evaluated.sources, record.evaluated.line
    )


@lru_cache(maxsize=1024)
def _chain(
    sources: str, line: str, callers: str, evaluated: str | None, line_of_eval: str
) -> tuple[Frame, ...]:
    files = _unquoted(sources)
    found = [
        Frame(file, int(number or 0)) for file, number in zip(files, [line, *callers.split()], strict=False)
    ]
    if evaluated is not None:  # LINENO counts on from the eval: say the line of the eval itself
        level = len(files) - len(_unquoted(evaluated))
        if 0 <= level < len(found):
            found[level] = Frame(found[level].file, int(line_of_eval or 0))
    return tuple(frame for frame in found if frame.file.startswith("/") and not frame.file.startswith(PIPES))


def _all_changes(records: Sequence[_Record]) -> Iterator[Change]:
    """Yield all changes in order; what a prompt's hook changed is laid to the command that set the hook."""
    hook: tuple[Frame, ...] = ()
    at_prompt = False
    for record, later in pairwise(records):
        at_prompt = at_prompt or record.command.strip() == f": {_AT_PROMPT}"
        for change in _changes(record, later):
            if change.variable != _HOOK:
                yield replace(change, frames=hook) if at_prompt and hook else change
            elif not at_prompt:
                hook = change.frames


def _changes(record: _Record, later: _Record) -> Iterator[Change]:
    """Yield what `record`'s command changed: each record holds the state before its command."""
    if record.state == later.state:
        return
    before, after = _state(record.state), _state(later.state)
    for name in before.keys() | after.keys():
        if before.get(name) == after.get(name):
            continue
        _attributes, old = before.get(name, ("", None))
        attributes, new = after.get(name, ("", None))
        exported = "x" in attributes
        yield Change(name, old, new, exported, _frames(record), record.command.strip(), _frames(later))


@lru_cache(maxsize=256)
def _state(text: str) -> dict[str, tuple[str, str | None]]:
    found: dict[str, tuple[str, str | None]] = {}
    for item in text.split("\x1d"):
        name, equals, rest = item.partition("=")
        attributes, second, value = rest.partition("=")
        if equals and second:
            found[name] = (attributes, value)
    return found


@lru_cache(maxsize=256)
def _unquoted(sources: str) -> tuple[str, ...]:
    """Split what ${BASH_SOURCE[@]@Q} gives: words in single quotes, or in $'...'."""
    try:
        return tuple(shlex.split(sources.replace("$'", "'")))
    except ValueError:
        return tuple(sources.split())


def _reached(records: Sequence[_Record]) -> dict[str, set[int]]:
    reached: dict[str, set[int]] = {}
    for record in records:
        for frame in _frames(record)[:1]:
            reached.setdefault(frame.file, set()).add(frame.line)
    return reached


def _returned(records: Sequence[_Record]) -> dict[str, int]:
    """Return the files that were left early, with the line of the `return`.

    FUNCNAME is empty in a sourced file, and "source" where a function sources it.
    """
    left = (
        r for r in records if r.function in ("", "source") and r.command.split(maxsplit=1)[:1] == ["return"]
    )
    return {frames[0].file: frames[0].line for frames in map(_frames, left) if frames}
