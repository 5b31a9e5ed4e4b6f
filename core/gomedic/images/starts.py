"""Read what a shell's start does in an image: the files it reads, by its manual, and the session that comes of it."""

import os
from collections.abc import Iterator

from msgspec import Struct

from gomedic.host import Ended, Host
from gomedic.images.shell import read
from gomedic.images.shell.state import Shell
from gomedic.model import Origin, Session
from gomedic.sessions.attribution import Lines
from gomedic.sessions.result import Outcome, Start, session_of
from gomedic.sessions.startup_files import family_of
from gomedic.sessions.trace import Frame, Trace

_MOST_WORLDS = 24  # ways that conditions nobody can tell may turn out
_BASH_LOGIN = (".bash_profile", ".bash_login", ".profile")
_DEFAULT_PATH = {
    "bash": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "sh": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "zsh": "/bin:/usr/bin:/usr/ucb:/usr/local/bin",
}


class Reading(Struct, frozen=True):
    """A session as reading tells it; where two ways are possible that differ in Go, `unclear` names what decides."""

    session: Session
    unclear: Origin | None = None

    @property
    def is_sure(self) -> bool:
        """Whether nothing that cannot be read decides about Go."""
        return self.unclear is None


class _World(Struct, frozen=True):
    session: Session
    doubts: tuple[Origin, ...]
    decided: tuple[Origin, ...]


def read_start(host: Host, start: Start, lines: Lines) -> Reading:
    """Return the session that a start gives."""
    return _joined(list(_worlds(host, start, lines, [])))


def read_script(host: Host, start: Start, script: str, arguments: tuple[str, ...], lines: Lines) -> Reading:
    """Return the environment that a script hands on: to the program it becomes by `exec`, else at its end."""
    return _joined(list(_worlds(host, start, lines, [script], arguments)))


def _worlds(
    host: Host, start: Start, lines: Lines, scripts: list[str], arguments: tuple[str, ...] = ()
) -> Iterator[_World]:
    """Yield what a start comes to for each way that its unclear conditions may turn out."""
    pending: list[tuple[bool, ...]] = [()]
    for _count in range(_MOST_WORLDS):
        if not pending:
            return
        yield _one_world(host, start, lines, scripts, arguments, pending.pop(), pending)


def _one_world(
    host: Host, start: Start, lines: Lines, scripts: list[str], arguments: tuple[str, ...],
    given: tuple[bool, ...], pending: list[tuple[bool, ...]],
) -> _World:  # fmt: skip
    taken: list[bool] = []
    decided: list[Origin] = []

    def decide() -> bool:
        answer = given[len(taken)] if len(taken) < len(given) else True
        if len(taken) >= len(given):
            pending.append((*taken, False))
        taken.append(answer)
        decided.append(_place(shell, lines))
        return answer

    family = family_of(start.shell, host.files)
    shell = Shell(family, start.shell, start.mode, start.base.env, host.account, decide, arguments)
    _given_by_the_shell(shell)
    ended = ""
    words: tuple[str, ...] = ()
    reader = read.Reader(shell, host.files)
    try:
        for path in scripts or _files(host, shell, start):
            reader.file(path)
        if family not in ("bash", "sh", "zsh"):
            shell.doubts.append(_the_shell_itself(start.shell))
    except read.Ended as end:
        ended, words = end.how, end.words
    session = _session(host, start, shell, lines, ended, words)
    return _World(session, tuple(shell.doubts), tuple(decided))


def _given_by_the_shell(shell: Shell) -> None:
    """Set what shells set by themselves."""
    name = os.path.basename(shell.path)
    if shell.family == "bash" or name == "bash":
        shell.values |= {
            "BASH": shell.path,
            "BASH_VERSION": "5",
            "EUID": str(shell.account.uid),
            "UID": str(shell.account.uid),
        }
    if shell.family == "zsh":
        shell.values |= {"ZSH_VERSION": "5", "EUID": str(shell.account.uid), "UID": str(shell.account.uid)}
    if shell.mode.interactive or shell.family == "sh":
        shell.values["PS1"] = "$ "
    if "PATH" not in shell.values and shell.family in _DEFAULT_PATH:
        shell.values["PATH"] = _DEFAULT_PATH[shell.family]
        shell.exported.add("PATH")  # it is not, but the shell itself looks programs up there


def _files(host: Host, shell: Shell, start: Start) -> Iterator[str]:
    """Yield the start-up files in their order; what one sets decides about the next (bash(1), dash(1), zsh(1))."""
    mode, home = start.mode, shell.values.get("HOME", "")
    own = [os.path.join(home, name) for name in _BASH_LOGIN]
    if shell.family == "zsh":
        yield from _zsh_files(host, shell, home)
    elif mode.login:
        yield "/etc/profile"
        names = own if shell.family == "bash" else own[-1:]
        yield from (path for path in names if host.files.may(path, os.R_OK))
        if shell.family == "sh" and mode.interactive:
            yield shell.values.get("ENV", "")
    elif shell.family == "bash" and (mode.interactive or start.kind == "command"):
        yield "/etc/bash.bashrc"
        yield os.path.join(home, ".bashrc")
    elif shell.family == "bash":
        yield shell.values.get("BASH_ENV", "")
    elif mode.interactive:
        yield shell.values.get("ENV", "")


def _zsh_files(host: Host, shell: Shell, home: str) -> Iterator[str]:
    wanted = {
        "zshenv": True,
        "zprofile": shell.mode.login,
        "zshrc": shell.mode.interactive,
        "zlogin": shell.mode.login,
    }
    system = "/etc/zsh" if host.files.is_folder("/etc/zsh") else "/etc"
    for name in (name for name, is_read in wanted.items() if is_read):
        yield f"{system}/{name}"
        yield os.path.join(shell.values.get("ZDOTDIR") or home, f".{name}")


def _session(
    host: Host, start: Start, shell: Shell, lines: Lines, ended: str, words: tuple[str, ...]
) -> Session:
    """Return the session by way of the same values that a traced start gives."""
    came_through = not ended or (ended == "exec" and start.kind == "run")
    last = tuple(Frame(f.file, f.line) for f in reversed(shell.frames))
    trace = Trace(
        tuple(shell.changes), tuple(shell.files), {f: frozenset(at) for f, at in shell.reached.items()},
        dict(shell.returned), last, f"exec {' '.join(words)}" if ended == "exec" else "", came_through,
    )  # fmt: skip
    environment = shell.environment() if came_through else None
    plain = Ended(0, b"", b"", {}, 0.0, timed_out=ended == "hung")
    alias = f"alias: {shell.aliases['go']}" if "go" in shell.aliases else None
    alias = "function" if "go" in shell.functions else alias
    if not shell.mode.interactive and alias is not None and "go" not in shell.functions:
        alias = None  # aliases are expanded only in interactive shells (bash(1), ALIASES)
    outcome = Outcome(start, plain, environment, alias, trace, shell.environment())
    return session_of(outcome, lines, host.files)


def _the_shell_itself(path: str) -> Origin:
    """Return a shell as what decides, where no line of a file can be named: a shell whose language is not read here."""
    return Origin(path, None, path)


def _place(shell: Shell, lines: Lines) -> Origin:
    if not shell.frames:
        return _the_shell_itself(shell.path)
    frame = shell.frames[-1]
    found = lines(frame.file)
    text = found[frame.line - 1].strip() if found and 0 < frame.line <= len(found) else None
    return Origin(frame.file, frame.line or None, text)


def _joined(worlds: list[_World]) -> Reading:
    """Return one session for all ways: with Go where some way has it, for what lacks it then is another's fault."""
    with_go = [world for world in worlds if world.session.go is not None]
    chosen = (with_go or worlds)[0]
    doubt = next((doubt for world in worlds for doubt in world.doubts), None)
    ways = {(w.session.go.real_path if w.session.go else None) for w in worlds}
    if doubt is None and (len(ways) > 1 or len(worlds) >= _MOST_WORLDS):
        doubt = next(
            (at for world in worlds for at in world.decided), _the_shell_itself(chosen.session.shell)
        )
    return Reading(chosen.session, doubt)
