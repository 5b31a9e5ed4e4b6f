"""From what two runs of a shell gave to a session: environment, origins, outcome."""

import os
import shlex
from collections.abc import Mapping

from msgspec import Struct

from gomedic import go_tree
from gomedic.files import HERE, Files
from gomedic.host import Ended
from gomedic.model import UNKNOWN, GoCommand, Origin, PathEntry, Session, Variable
from gomedic.sessions.attribution import Lines, entry_origins, origin_of, variable_origin
from gomedic.sessions.base import Base
from gomedic.sessions.script import Mode
from gomedic.sessions.startup_files import family_of, skipped
from gomedic.sessions.trace import WATCHED, Trace

_BUILT_IN_PATH = {
    "bash": "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin:.",
    "zsh": "/bin:/usr/bin:/usr/ucb:/usr/local/bin",
    "sh": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
}
_NOT_STARTED = (126, 127)  # what a shell that cannot exec a program ends with (bash(1), EXIT STATUS)


class Start(Struct, frozen=True):
    """One shell to be started: for which kind of session, with what, from what."""

    kind: str
    shell: str
    mode: Mode
    base: Base


class Outcome(Struct, frozen=True):
    """What the two runs of one start gave: the plain one is the truth, the traced one tells who did it."""

    start: Start
    plain: Ended
    environment: Mapping[str, str] | None  # None: the start-up never came to its end
    alias: str | None
    trace: Trace
    traced_environment: Mapping[str, str] | None
    before: "Outcome | None" = None  # the shell whose start-up file was left for this one

    @property
    def exec_words(self) -> list[str]:
        """The program and arguments for which a start-up file left the shell, if one did."""
        if self.trace.complete or not self.trace.last_command.startswith("exec "):
            return []
        try:
            words = shlex.split(self.trace.last_command)[1:]
        except ValueError:
            return []
        while words and words[0].startswith("-"):
            words = words[2:] if words[0] == "-a" else words[1:]
        return words

    def entries(self, lines: Lines) -> tuple[tuple[str, Origin], ...]:
        """Return the entries of PATH at the end of the trace, each with who put it there."""
        base = self.start.base
        fallback = _BUILT_IN_PATH.get(family_of(self.start.shell))
        return tuple(entry_origins(base.entries(), self.trace.changes, lines, fallback))

    def origins(self, lines: Lines) -> dict[str, Origin]:
        """Return who gave each variable its value at the end of the trace."""
        base = self.start.base
        names = {*base.env, *(change.variable for change in self.trace.changes)}
        return {n: variable_origin(n, self.trace.changes, base.origins.get(n), lines) for n in names}

    def final(self) -> dict[str, str]:
        """Return the environment that the session ends with; as far as the trace came, if it never ended."""
        if self.environment is not None:
            return dict(self.environment)
        if self.traced_environment is not None:
            return dict(self.traced_environment)
        env = dict(self.start.base.env)
        for change in self.trace.changes:
            if change.after is None:
                env.pop(change.variable, None)
            elif change.exported or change.variable in env:
                env[change.variable] = change.after
        return env


def session_of(outcome: Outcome, lines: Lines, files: Files = HERE) -> Session:
    """Return what a start turned out to be."""
    start, env = outcome.start, outcome.final()
    state, stopped = _state(outcome, lines, files)
    path = _path(outcome, env, lines, files)
    family = family_of(start.shell, files)
    texts = {file: lines(file) for file in outcome.trace.returned}
    earlier = outcome.before.trace.files if outcome.before else ()
    return Session(
        kind=start.kind,
        shell=start.shell,
        state=state,
        seconds=round(outcome.plain.seconds, 3),
        path=path,
        variables=_variables(outcome, env, lines),
        skipped_files=skipped(
            family, start.mode, start.base.env.get("HOME", ""), outcome.trace, texts, files
        ),
        go=go_command(path, files),
        stopped_at=stopped,
        files=(*earlier, *outcome.trace.files),
        environment=env,
        alias=outcome.alias,
        reached=outcome.trace.reached,
    )


def bare_session(kind: str, base: Base, files: Files = HERE) -> Session:
    """Return a session that reads no start-up file at all: its base environment is all it has."""
    origin = base.origin("PATH")
    entries = base.env.get("PATH", "").split(":") if base.env.get("PATH") else []
    path = tuple(PathEntry(entry, files.is_folder(entry), origin) for entry in entries)
    names = [name for name in base.env if concerns_go(name)]
    variables = {name: Variable(base.env[name], True, base.origin(name)) for name in names}
    return Session(
        kind, "/bin/sh", "ok", 0.0, path, variables, go=go_command(path, files), environment=dict(base.env)
    )


def _state(outcome: Outcome, lines: Lines, files: Files) -> tuple[str, Origin | None]:
    """Return how a start-up ended, and where, if not at its end."""
    if outcome.before is not None:
        return "execed", _last_place(outcome.before.trace, lines)
    if not files.may(outcome.start.shell, os.X_OK):
        return "failed", UNKNOWN
    if outcome.exec_words and outcome.plain.code not in _NOT_STARTED:
        return "execed", _last_place(outcome.trace, lines)
    if outcome.environment is not None:
        return "ok", None
    if outcome.plain.timed_out:
        return "hung", _last_place(outcome.trace, lines)
    unheard = b"Bad file descriptor" in outcome.plain.err  # the start-up closed the report's own
    ended = outcome.trace.changes or outcome.trace.last or outcome.plain.code == 0
    return "exited" if ended and not unheard else "failed", _last_place(outcome.trace, lines)


def _last_place(trace: Trace, lines: Lines) -> Origin:
    if not trace.last:
        return UNKNOWN
    place = trace.last[0]
    found = lines(place.file)
    text = found[place.line - 1].strip() if found and 0 < place.line <= len(found) else trace.last_command
    return Origin(place.file, place.line, text, tuple(f"{f.file}:{f.line}" for f in trace.last[1:]))


def _path(outcome: Outcome, env: Mapping[str, str], lines: Lines, files: Files) -> tuple[PathEntry, ...]:
    """Return the true PATH; an origin counts only where the trace ended with the same entry."""
    if "PATH" not in env:
        return ()
    told = list(outcome.entries(lines))
    home = env.get("HOME", "/")
    result = []
    for entry in env["PATH"].split(":"):
        at = next((i for i, (name, _origin) in enumerate(told) if name == entry), None)
        origin = told.pop(at)[1] if at is not None else UNKNOWN
        result.append(
            PathEntry(entry, files.is_folder(os.path.join(home, entry)) if entry else False, origin)
        )
    return tuple(result)


def _variables(outcome: Outcome, env: Mapping[str, str], lines: Lines) -> dict[str, Variable]:
    origins = outcome.origins(lines)
    found = {n: Variable(v, True, origins.get(n, UNKNOWN)) for n, v in env.items() if concerns_go(n)}
    for change in outcome.trace.changes:  # set in the shell, but never handed on
        name = change.variable
        if name not in env and name != "PATH":
            found.pop(name, None)
            if change.after is not None:
                found[name] = Variable(change.after, False, origin_of(change, lines))
    for name, variable in list(found.items()):
        if variable.exported and not _agrees(outcome, name, variable.value):
            found[name] = Variable(variable.value, True, UNKNOWN)
    return found


def _agrees(outcome: Outcome, name: str, value: str) -> bool:
    return outcome.traced_environment is None or outcome.traced_environment.get(name) == value


def concerns_go(name: str) -> bool:
    """Tell whether a variable can matter to Go."""
    return name != "PATH" and (name in WATCHED or name.startswith(("GO", "CGO_")))


def go_command(path: tuple[PathEntry, ...], files: Files = HERE) -> GoCommand | None:
    """Return the `go` that a shell with this PATH would run: the first that is a program."""
    for entry in path:
        candidate = os.path.join(entry.entry, "go")
        if entry.entry.startswith("/") and files.is_file(candidate) and files.may(candidate, os.X_OK):
            root = go_tree.root_of(candidate, files)
            version = go_tree.version_of(root, files) if root else go_tree.built_with(candidate, files)
            return GoCommand(candidate, files.real(candidate), version, root)
    return None
