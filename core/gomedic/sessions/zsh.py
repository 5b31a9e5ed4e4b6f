"""Start zsh plainly, or traced: its state travels in PS4, so that every command tells what it found."""

import os
import shlex
import tempfile
from collections.abc import Mapping, Sequence

from gomedic.sessions.script import MARK, Mode, Script
from gomedic.sessions.zsh_trace import read_trace

__all__ = ["command_script", "plain_script", "read_trace", "traced_script"]

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
    nonce = os.urandom(4).hex()
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
    if not (scratch or ps4):
        return Script(words)
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
