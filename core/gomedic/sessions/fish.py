"""Start fish on a shadow of its folders, plainly or with a handler on each variable that tells who changed it."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress

from gomedic.sessions.fish_trace import AT_END, read_trace
from gomedic.sessions.script import MARK, Mode, Script

__all__ = ["command_script", "plain_script", "read_trace", "traced_script"]

_FIRST = "!gomedic.fish"  # fish reads conf.d in the order of names
_LINKED = (
    "conf.d",
    "functions",
    "completions",
)  # may get new files: a folder of links, not a link to the folder
_REPORT = r"""
for __gm in (builtin set -nx)
    builtin string match -q -- "*@scratch@*" "$$__gm"
    and builtin set -gx $__gm (builtin string replace -a -- @shadow@ @real@ $$__gm)
end
builtin functions -q go; and builtin functions go >&@env@
builtin printf '\0\0' >&@env@
exec /usr/bin/env -0 >&@env@
"""
_RECORD = r"""
function __gm_record
    builtin printf '\x01%s\x1f%s\x1f' @nonce@ $argv[1]
    builtin set --show $argv[1]
    builtin printf '\x1f'
    builtin status stack-trace
    builtin printf '\x1e\n'
end
"""


def plain_script(mode: Mode, base: Mapping[str, str], shell: str = "/usr/bin/fish") -> Script:
    """Return how to start fish as the person's session does, with nothing added but the report at its end.

    fish writes to its configuration and data folders when it merely starts, so it gets a shadow of them: links
    to the person's files, and a copy of the universal variables. Its first act is to restore what the person
    had in XDG_CONFIG_HOME and XDG_DATA_HOME; in what it exports, names of the shadow become the real ones.
    """
    scratch = _shadow(base)
    _write_first(scratch, _restoring(base))
    return _script(mode, base, scratch, (shell,), "")


def command_script(mode: Mode, base: Mapping[str, str], shell: str = "/usr/bin/fish") -> Script:
    """Return how to start fish with the report given by -c: fish is never started otherwise."""
    return plain_script(mode, base, shell)


def traced_script(
    mode: Mode, base: Mapping[str, str], watch: Sequence[str], *, shell: str = "/usr/bin/fish"
) -> Script:
    """Return how to start fish so that each change of a watched variable is written to `trace`, among fish's own trace.

    The handlers come from the first file of conf.d: what fish itself does before (PATH from
    fish_user_paths) is told by the state they find.
    """
    scratch, nonce = _shadow(base), secrets.token_hex(4)
    names = [name for name in dict.fromkeys((*watch, "fish_user_paths")) if name.isidentifier()]
    handlers = [
        f"function __gm_{name} --on-variable {name}; __gm_record {name} >&$__gm_trace; end; __gm_{name}"
        for name in names
    ]
    first = [
        _restoring(base),
        "set -g __gm_trace $GOMEDIC_TRACE; set -e GOMEDIC_TRACE; set -e fish_trace",
        _RECORD.replace("@nonce@", nonce),
        *handlers,
        "set -g fish_trace 1",
    ]
    _write_first(scratch, "\n".join(first))
    prompt = rf"builtin printf '\x01%s\x1fprompt\x1f\x1f\x1e\n' {nonce} >&@trace@" if mode.interactive else ""
    end = rf"builtin printf '\x01%s\x1f{MARK}\x1f\x1f\x1e\n' {nonce} >&@trace@"
    leave = "for __gm in (functions -a); string match -q '__gm_*' -- $__gm; and functions -e $__gm; end"
    wrapped = ("/bin/sh", "-c", 'GOMEDIC_TRACE=@trace@ exec "$@"', "sh", shell, "-o", "/dev/fd/@trace@")
    return _script(mode, base, scratch, wrapped, f"{end}\n{leave}", nonce=nonce, prompt=prompt)


def _script(
    mode: Mode,
    base: Mapping[str, str],
    scratch: str,
    words: tuple[str, ...],
    end: str,
    *,
    nonce: str = "",
    prompt: str = "",
) -> Script:
    hooks = f"{prompt}\nemit fish_prompt >/dev/null 2>&1" if mode.interactive else ""
    shadow, real = os.path.join(scratch, "config", "fish"), config_folder(base)
    report = (
        _REPORT.replace("@scratch@", scratch).replace("@shadow@", shadow).replace("@real@", _quoted(real))
    )
    code = "\n".join((AT_END, hooks, end, report) if nonce else (hooks, report))
    env = {"XDG_CONFIG_HOME": f"{scratch}/config", "XDG_DATA_HOME": f"{scratch}/data"}
    env |= {"fish_trace": "1"} if nonce else {}
    argv = (*words, *mode.flags, "-c", code)
    return Script(argv, env=env, stdin=b"\n\n\n", nonce=nonce, scratch=scratch)


def config_folder(base: Mapping[str, str]) -> str:
    """Return the folder of the person's fish configuration (fish-language(1), "Configuration files")."""
    return os.path.join(base.get("XDG_CONFIG_HOME") or os.path.join(base.get("HOME", ""), ".config"), "fish")


def _data_folder(base: Mapping[str, str]) -> str:
    return os.path.join(
        base.get("XDG_DATA_HOME") or os.path.join(base.get("HOME", ""), ".local/share"), "fish"
    )


def _restoring(base: Mapping[str, str]) -> str:
    """Return the commands that put back what the person had."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME")
    return "\n".join(f"set -gx {n} {_quoted(base[n])}" if n in base else f"set -e {n}" for n in names)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


# ------------------------------------------------------------------ the shadow folders


def _shadow(base: Mapping[str, str]) -> str:
    """Make a folder that looks to fish like the person's configuration and data folders."""
    scratch = tempfile.mkdtemp(prefix="gomedic-fish-")
    config, data = os.path.join(scratch, "config", "fish"), os.path.join(scratch, "data", "fish")
    _link_all(config_folder(base), config, without=(*_LINKED, "fish_variables"))
    for name in _LINKED:
        _link_all(os.path.join(config_folder(base), name), os.path.join(config, name))
    with suppress(OSError):
        shutil.copyfile(
            os.path.join(config_folder(base), "fish_variables"), os.path.join(config, "fish_variables")
        )
    _link_all(_data_folder(base), data, without=("fish_history",))
    os.makedirs(
        os.path.join(data, "generated_completions"), exist_ok=True
    )  # else fish makes them, in the background
    return scratch


def _link_all(source: str, target: str, without: Sequence[str] = ()) -> None:
    os.makedirs(target)
    with suppress(OSError):
        for name in os.listdir(source):
            if name not in without:
                os.symlink(os.path.join(source, name), os.path.join(target, name))


def _write_first(scratch: str, code: str) -> None:
    path = os.path.join(scratch, "config", "fish", "conf.d", _FIRST)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(f"{code}\n")
