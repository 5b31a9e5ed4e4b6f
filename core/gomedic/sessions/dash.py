"""Start dash or busybox ash plainly; trace their start-up files in bash, which reads them alike and says more."""

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence

from gomedic.files import HERE, Files
from gomedic.sessions import bash
from gomedic.sessions.bash import read_trace
from gomedic.sessions.script import MARK, Mode, Script

__all__ = [
    "REPORT", "TRACER", "command_script", "is_busybox", "plain_script", "read_trace", "start_up", "traced_script", "words_of",
]  # fmt: skip

TRACER = "/bin/bash"
REPORT = r"""
case $(type go 2>/dev/null) in "go is an alias for"*|"go is a"*function*) type go >/proc/self/fd/@env@ ;; esac
printf '\0\0' >/proc/self/fd/@env@
\unset HISTFILE
\exec /usr/bin/env -0 >/proc/self/fd/@env@
"""
_NOT_IN_DASH = (
    "source declare typeset shopt let pushd popd dirs mapfile readarray compgen complete compopt bind "
    "disown help history logout suspend caller builtin enable"
)


def plain_script(mode: Mode, _base: Mapping[str, str], shell: str = "/bin/dash") -> Script:
    """Return how to start the shell as the person's session does, with nothing added but the report at its end.

    An interactive shell gets its commands from stdin, as a terminal's does; `command_script` is for start-up
    files that swallow stdin. dash takes only one digit in `>&N`, so channels are opened by name.
    """
    if not mode.interactive:
        return command_script(mode, _base, shell)
    return Script((*words_of(shell), *mode.flags), stdin=f"\n\n\n{REPORT}".encode())


def command_script(mode: Mode, _base: Mapping[str, str], shell: str = "/bin/dash") -> Script:
    """Return how to start the shell with the report given by -c, as editors do."""
    return Script((*words_of(shell), *mode.flags, "-c", REPORT))


def traced_script(
    mode: Mode,
    base: Mapping[str, str],
    watch: Sequence[str],
    *,
    shell: str = "/bin/dash",
    tracer: str = TRACER,
    files: Files = HERE,
) -> Script:
    """Return how to replay what the shell reads in `bash --posix`, each command telling what it found.

    Debian's dash counts no lines (it is built without LINENO). What the replay tells holds only where it ends
    with the environment that the shell itself ends with.
    """
    nonce = os.urandom(4).hex()
    code = [
        *_disguise(base, busybox=is_busybox(shell, files)),
        f"PS4={shlex.quote(bash.ps4(nonce, watch))}; BASH_XTRACEFD=@trace@; set -x",
        *start_up(mode),
        f": {MARK}",
        r"{ \set +x; \trap - DEBUG EXIT; \unset BASH_XTRACEFD PS4; } 2>/dev/null",
        REPORT.replace(r"\exec ", "") + r"\exit",  # by exec, bash would count SHLVL down
    ]
    flags = ("-i",) if mode.interactive else ()
    argv = (tracer, "--posix", "--noprofile", "--norc", *flags, "-c", "\n".join(code))
    return Script(argv, remove=("ENV",), stdin=b"\n\n\n", nonce=nonce)


def words_of(shell: str) -> tuple[str, ...]:
    """Return the words that start the shell: busybox, named so, has to be told which one is wanted."""
    return (shell, "ash") if os.path.basename(shell) == "busybox" else (shell,)


def is_busybox(shell: str, files: Files = HERE) -> bool:
    """Tell whether this is busybox's ash under whatever name."""
    return os.path.basename(files.real(shell)) == "busybox"


def _disguise(base: Mapping[str, str], *, busybox: bool) -> Iterator[str]:
    """Yield commands after which bash looks to start-up files like the shell it stands for."""
    yield "unset BASH BASH_VERSION BASH_EXECUTION_STRING HISTFILE; set +B +H"
    if "ENV" in base:
        yield f"export ENV={shlex.quote(base['ENV'])}"
    if "PS1" not in base:  # both set it also when they are not interactive
        yield r"PS1='\w \$ '" if busybox else "PS1='$ '; [ $EUID != 0 ] || PS1='# '"
    if not busybox:  # busybox counts SHLVL up as bash does
        yield f"SHLVL={shlex.quote(base['SHLVL'])}" if "SHLVL" in base else "unset SHLVL"
    if "PATH" not in base:
        yield (
            "export PATH=/sbin:/usr/sbin:/bin:/usr/bin"
            if busybox
            else "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        )
    yield f"enable -n {_NOT_IN_DASH if not busybox else _NOT_IN_DASH.replace('source', '').replace('let', '')}"


def start_up(mode: Mode) -> Iterator[str]:
    """Yield what reads the start-up files in the order of dash(1), "Invocation"."""
    if mode.login:
        yield "[ -r /etc/profile ] && . /etc/profile"
        yield '[ -r "$HOME/.profile" ] && . "$HOME/.profile"'
    if mode.interactive:  # its value is expanded
        yield r'eval "__gm=\"${ENV-}\""; [ ! -r "$__gm" ] || . "$__gm"; unset __gm'
