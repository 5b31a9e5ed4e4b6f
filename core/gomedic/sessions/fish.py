"""Start fish on a shadow of its folders, plainly or with a handler on each variable that tells who changed it."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress

from gomedic.regular import regular
from gomedic.sessions.fish_trace import AT_END, TELLS_JOBS, read_trace
from gomedic.sessions.script import MARK, Mode, Script

__all__ = ["command_script", "plain_script", "read_trace", "traced_script"]

_LARGEST = 4 << 20  # bytes of universal variables
_FIRST = "!gomedic.fish"  # fish reads conf.d in the order of names
_LINKED = (
    "conf.d",
    "functions",
    "completions",
)  # may get new files: a folder of links, not a link to the folder
_FOLDERS = {  # the variable that tells where fish keeps things: its name in the shadow, what it is without the variable
    "XDG_CONFIG_HOME": ("config", ".config"),
    "XDG_DATA_HOME": ("data", ".local/share"),
    "XDG_CACHE_HOME": ("cache", ".cache"),
}
_REPORT = r"""
for __gm in (builtin set -nx)
    builtin string match -q -- "*@scratch@*" "$$__gm"
    and builtin set -gx $__gm (builtin string replace -a -- @shadow@ @real@ $$__gm)
end
builtin functions -q go; and builtin functions go | builtin string replace -a -- @shadow@ @real@ >&@env@
builtin printf '\0\0' >&@env@
exec /usr/bin/env -0 >&@env@
"""
# The view that fish starts in may have files that the machine has not, where a change is tried in it.
_LINKING = r"""
for part in . conf.d functions completions; do
    for file in "$1/$part"/*; do
        name=$2/$part/${file##*/}
        [ ! -e "$file" ] || [ -e "$name" ] || [ -L "$name" ] || PATH=/usr/bin:/bin ln -s "$file" "$name"
    done
done
if [ -f "$1/fish_variables" ] && [ -r "$1/fish_variables" ]; then
    PATH=/usr/bin:/bin head -c @largest@ "$1/fish_variables" >"$2/.seen" &&
        PATH=/usr/bin:/bin mv -f "$2/.seen" "$2/fish_variables"
fi
shift 2
exec "$@"
"""
# What a builtin prints can stand in the middle of a line that fish tells of a job meanwhile, so it goes in pieces that
# pipe(7) promises to keep whole: 4096 bytes, four of which may be one character.
_RECORD = r"""
function __gm_tell
    builtin set -l left $argv[1]
    while builtin test (builtin string length -- $left) -gt 1000
        builtin printf '\x01%s\x1f%s\x1d' @nonce@ (builtin string sub -l 1000 -- $left)
        builtin set left (builtin string sub -s 1001 -- $left)
    end
    builtin printf '\x01%s\x1f%s\x1e' @nonce@ $left
end
function __gm_record
    builtin set -l shown (builtin string join \x1c (builtin set --show $argv[1]))
    builtin set -l stack (builtin string join \x1c (builtin status stack-trace))
    __gm_tell $argv[1]\x1f"$shown"\x1f"$stack"
end
"""


def plain_script(mode: Mode, base: Mapping[str, str], shell: str = "/usr/bin/fish") -> Script:
    """Return how to start fish as the person's session does, with nothing added but the report at its end.

    fish writes to its folders of configuration, data and (since 4.0) cached things when it merely starts, so it gets
    a shadow of them: links to the person's files, and a copy of the universal variables. Its first act is to restore
    what the person had in XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_CACHE_HOME; in what it exports, names of the shadow become the real ones.
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
    scratch, nonce = _shadow(base), os.urandom(4).hex()
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
    prompt = "__gm_tell prompt >&@trace@" if mode.interactive else ""
    end = f"__gm_tell {MARK} >&@trace@"
    leave = "for __gm in (functions -a); string match -q '__gm_*' -- $__gm; and functions -e $__gm; end"
    tells = ("-d", TELLS_JOBS, "-o", "/dev/fd/@trace@")
    wrapped = ("/bin/sh", "-c", 'GOMEDIC_TRACE=@trace@ exec "$@"', "sh", shell, *tells)
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
    env = {name: f"{scratch}/{folder}" for name, (folder, _usual) in _FOLDERS.items()}
    env |= {"fish_trace": "1"} if nonce else {}
    linking = ("/bin/sh", "-c", _LINKING.replace("@largest@", str(_LARGEST)), "sh", real, shadow)
    argv = (*linking, *words, *mode.flags, "-c", code)
    return Script(argv, env=env, stdin=b"\n\n\n", nonce=nonce, scratch=scratch)


def config_folder(base: Mapping[str, str]) -> str:
    """Return the folder of the person's fish configuration (fish-language(1), "Configuration files")."""
    return _folder(base, "XDG_CONFIG_HOME")


def _folder(base: Mapping[str, str], name: str) -> str:
    """Return fish's folder in the one that a variable names (XDG Base Directory Specification)."""
    return os.path.join(base.get(name) or os.path.join(base.get("HOME", ""), _FOLDERS[name][1]), "fish")


def _restoring(base: Mapping[str, str]) -> str:
    """Return the commands that put back what the person had."""
    return "\n".join(f"set -gx {n} {_quoted(base[n])}" if n in base else f"set -e {n}" for n in _FOLDERS)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


# ------------------------------------------------------------------ the shadow folders


def _shadow(base: Mapping[str, str]) -> str:
    """Make a folder that looks to fish like the person's configuration and data folders."""
    scratch = tempfile.mkdtemp(prefix="gomedic-fish-")
    config, data, cache = (os.path.join(scratch, folder, "fish") for folder, _usual in _FOLDERS.values())
    _link_all(config_folder(base), config, without=(*_LINKED, "fish_variables"))
    for name in _LINKED:
        _link_all(os.path.join(config_folder(base), name), os.path.join(config, name))
    _copy(os.path.join(config_folder(base), "fish_variables"), os.path.join(config, "fish_variables"))
    _link_all(_folder(base, "XDG_DATA_HOME"), data, without=("fish_history",))
    _link_all(_folder(base, "XDG_CACHE_HOME"), cache)
    for folder in (
        data,
        cache,
    ):  # else fish makes them, in the background: up to 3.7 with the data, then in the cache
        os.makedirs(os.path.join(folder, "generated_completions"), exist_ok=True)
    return scratch


def _link_all(source: str, target: str, without: Sequence[str] = ()) -> None:
    os.makedirs(target)
    with suppress(OSError):
        for name in os.listdir(source):
            if name not in without:
                os.symlink(os.path.join(source, name), os.path.join(target, name))


def _copy(source: str, target: str) -> None:
    """Copy a plain file that can be read; a link may lead to a device without end."""
    with suppress(OSError), open(source, "rb", opener=regular) as file, open(target, "wb") as copy:
        copy.write(file.read(_LARGEST))


def _write_first(scratch: str, code: str) -> None:
    path = os.path.join(scratch, "config", "fish", "conf.d", _FIRST)
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(f"{code}\n")
