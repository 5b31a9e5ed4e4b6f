"""Start every kind of session at once and tell what each really gives."""

import shutil
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import ModuleType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gomedic.host import Ended, Host
from gomedic.model import Session
from gomedic.sessions import ash_trace, bash, dash, fish, fish_trace, zsh, zsh_trace
from gomedic.sessions.attribution import Lines, cached_lines
from gomedic.sessions.base import Base, bases
from gomedic.sessions.chamber import Place, chamber
from gomedic.sessions.result import Outcome, Start, bare_session, concerns_go, session_of
from gomedic.sessions.script import Mode, Script, environment_of
from gomedic.sessions.startup_files import all_candidates, family_of
from gomedic.sessions.trace import WATCHED, Trace

TIME_LIMIT = 6.0  # seconds that a start-up may take before it counts as hung
_LARGEST_TRACE = 16 << 20  # bytes; a heavy oh-my-zsh writes 3 MB, a loop that hangs as much as it is let
_CAPS = {"trace": _LARGEST_TRACE, "env": 1 << 20, "out": 1 << 14, "err": 1 << 14}
_AT_ONCE = 8
_MODES = {
    "terminal": Mode(login=False, interactive=True),
    "ssh": Mode(login=True, interactive=True),
    "login": Mode(login=True, interactive=False),
    "command": Mode(login=False, interactive=False),
}
_SHELLS: dict[str, ModuleType] = {"bash": bash, "sh": dash, "zsh": zsh, "fish": fish}
_ALWAYS_WATCHED = ("PATH", "GOROOT", "GOPATH", "GOBIN")


def survey(
    host: Host,
    *,
    time_limit: float = TIME_LIMIT,
    cancelled: threading.Event | None = None,
    changes: Sequence[str] = (),
    rebase: Callable[[Mapping[str, Base]], Mapping[str, Base]] = dict,
) -> "Survey":
    """Start every kind of session that can exist on the machine, as the account gets it; writes nothing.

    `changes` are shell commands that change the view the sessions start in (see `chamber`); `rebase` changes
    the environments that they start from.
    """
    found = rebase(bases(host))
    lines = cached_lines(host.text)
    starts = [
        Start(kind, host.account.shell, _MODES[kind], base) for kind, base in found.items() if kind in _MODES
    ]
    with chamber(host, changes) as place:
        outcomes = run_starts(host, place, starts, found.values(), time_limit=time_limit, cancelled=cancelled)
    bare = [bare_session(kind, base) for kind, base in found.items() if kind not in _MODES]
    return Survey((*(session_of(outcome, lines) for outcome in outcomes), *bare), place.isolated)


def run_starts(
    host: Host,
    place: Place,
    starts: Sequence[Start],
    of: Iterable[Base],
    *,
    time_limit: float = TIME_LIMIT,
    cancelled: threading.Event | None = None,
) -> list[Outcome]:
    """Start shells in a place, all at once, each plainly and traced; return what came of each, in their order.

    Followed are Go's variables that some start-up file, or a base environment in `of`, names.
    """
    runner = _Runner(host, place, _watched(host, of), time_limit, cancelled)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        outcomes = _run_all(runner, pool, starts)
        return _follow_execs(runner, pool, outcomes, cached_lines(host.text))


class Survey(Struct, frozen=True):
    """The sessions of the machine, and whether the start-up files ran where they could change nothing."""

    sessions: tuple[Session, ...]
    isolated: bool


class _Runner(Struct, frozen=True):
    host: Host
    place: Place
    watch: tuple[str, ...]
    time_limit: float
    cancelled: threading.Event | None

    def run(self, start: Start, script: Script) -> Ended:
        """Run one script from a start's base environment, inside the chamber."""
        env = {name: value for name, value in start.base.env.items() if name not in script.remove}
        if script.scratch is not None:
            self.place.show(script.scratch)
        try:
            return self.host.run(
                self.place.command(script.argv, env.get("HOME") or "/"), env={**env, **script.env}, cwd="/",
                timeout=self.time_limit, stdin=script.stdin, channels=("env", "trace"), caps=_CAPS,
                cancelled=self.cancelled,
            )  # fmt: skip
        finally:
            if script.scratch is not None:
                shutil.rmtree(script.scratch, ignore_errors=True)


def _watched(host: Host, found: Iterable[Base]) -> tuple[str, ...]:
    """Return the variables worth following: those that some start-up file or base environment names at all."""
    texts = [host.text(path) or "" for path in all_candidates(host.home, host.env)]
    names = {name for base in found for name in base.env}
    named = {name for name in WATCHED if name in names or any(name in text for text in texts)}
    return tuple(name for name in WATCHED if name in named or name in _ALWAYS_WATCHED)


def _run_all(runner: _Runner, pool: ThreadPoolExecutor, starts: Sequence[Start]) -> list[Outcome]:
    """Start each shell plainly and traced, all at once, and wait for them."""
    running = [
        (start, pool.submit(_plain, runner, start), pool.submit(_traced, runner, start)) for start in starts
    ]
    outcomes = [_outcome(start, plain, traced) for start, plain, traced in running]
    again = {
        at: pool.submit(_traced, wider, outcome.start)
        for at, outcome in enumerate(outcomes)
        if (wider := _wider(runner, outcome))
    }
    return [
        _retraced(outcome, again[at].result()) if at in again else outcome
        for at, outcome in enumerate(outcomes)
    ]


def _wider(runner: _Runner, outcome: Outcome) -> _Runner | None:
    """Where a file that no list of start-up files knows set a variable of Go's, follow that one too."""
    base = outcome.start.base.env
    made = [name for name, value in (outcome.environment or {}).items() if base.get(name) != value]
    missed = [name for name in made if name not in runner.watch and concerns_go(name)]
    return replace(runner, watch=(*runner.watch, *missed)) if missed else None


def _retraced(outcome: Outcome, traced: tuple[Trace, dict[str, str] | None]) -> Outcome:
    return replace(outcome, trace=traced[0], traced_environment=traced[1])


def _outcome(
    start: Start,
    plain: "Future[tuple[Ended, dict[str, str] | None, str | None]]",
    traced: "Future[tuple[Trace, dict[str, str] | None]]",
) -> Outcome:
    ended, environment, alias = plain.result()
    trace, traced_environment = traced.result()
    return Outcome(start, ended, environment, alias, trace, traced_environment)


def _plain(runner: _Runner, start: Start) -> tuple[Ended, dict[str, str] | None, str | None]:
    """Run the shell as it is; where its start-up swallowed the report given by stdin, once more with -c."""
    module = _SHELLS.get(family_of(start.shell, runner.host.files), bash)
    ended = runner.run(start, module.plain_script(start.mode, start.base.env, start.shell))
    report = environment_of(ended.channels["env"])
    if report is None and not ended.timed_out and start.mode.interactive:
        again = runner.run(start, module.command_script(start.mode, start.base.env, start.shell))
        report = environment_of(again.channels["env"])
    environment, alias = report if report is not None else (None, None)
    return ended, environment, alias


def _traced(runner: _Runner, start: Start) -> tuple[Trace, dict[str, str] | None]:
    family = family_of(start.shell, runner.host.files)
    if family not in _SHELLS:
        return Trace(), None
    module = _SHELLS[family]
    extra: dict[str, Any] = {"over_ssh": start.kind == "command"} if family == "bash" else {}
    if family == "sh":
        extra = {"files": runner.host.files}
    watch = (
        WATCHED if family == "fish" else runner.watch
    )  # fish tells each change: to follow all costs nothing
    if family == "sh" and not _has_bash(runner.host):
        return _traced_by_itself(runner, start)
    script = module.traced_script(start.mode, start.base.env, watch, shell=start.shell, **extra)
    ended = runner.run(start, script)
    report = environment_of(ended.channels["env"])
    trace = _read_trace(runner.host, family, start, script, ended)
    return trace, report[0] if report else None


def _has_bash(host: Host) -> bool:
    return host.which(dash.TRACER) is not None


def _traced_by_itself(runner: _Runner, start: Start) -> tuple[Trace, dict[str, str] | None]:
    """Trace busybox ash without bash's help; dash alone tells no lines, and what it sets is of unknown origin."""
    if not dash.is_busybox(start.shell, runner.host.files):
        return Trace(), None
    script = ash_trace.traced_script(start.mode, start.base.env, runner.watch, shell=start.shell)
    ended = runner.run(start, script)
    report = environment_of(ended.channels["env"])
    found = report[0] if report else None
    return ash_trace.read_trace(ended.channels["trace"], script, runner.host.text, found), found


def _read_trace(host: Host, family: str, start: Start, script: Script, ended: Ended) -> Trace:
    data = ended.channels["trace"]
    if family == "fish":
        return fish_trace.read_trace(data, script, start.base.env, host.text, hung=ended.timed_out)
    if family == "zsh":
        return zsh_trace.read_trace(data, script.nonce, host.text)
    return bash.read_trace(data, script.nonce)


# ------------------------------------------------------------------ start-up files that leave for another shell


def _follow_execs(
    runner: _Runner, pool: ThreadPoolExecutor, outcomes: list[Outcome], lines: Lines
) -> list[Outcome]:
    """Where a start-up file replaced the shell by another, examine that one from the environment it was given."""
    following = {
        at: pool.submit(_follow, runner, outcome, lines)
        for at, outcome in enumerate(outcomes)
        if outcome.exec_words
    }
    return [
        following[at].result() or outcome if at in following else outcome
        for at, outcome in enumerate(outcomes)
    ]


def _follow(runner: _Runner, outcome: Outcome, lines: Lines) -> Outcome | None:
    start = outcome.start
    over_ssh = start.kind == "command"
    script = bash.traced_script(
        start.mode, start.base.env, runner.watch, shell=start.shell, over_ssh=over_ssh
    )
    caught = environment_of(runner.run(start, bash.exec_catcher(script)).channels["env"])
    if caught is None:
        return None
    words = outcome.exec_words
    shell = runner.host.which(words[0], caught[0].get("PATH"))
    if shell is None or not family_of(shell, runner.host.files):
        return replace(outcome, traced_environment=caught[0])
    mode = Mode(login="-l" in words or "--login" in words, interactive=start.mode.interactive)
    base = Base(caught[0], outcome.origins(lines), outcome.entries(lines))
    followed = Start(start.kind, shell, mode, base)
    plain, traced = _plain(runner, followed), _traced(runner, followed)
    return Outcome(followed, *plain, *traced, before=outcome)
