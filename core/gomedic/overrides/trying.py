"""Try each way to override the machine's Go: the sessions start in a copy-on-write view with it in place."""

import os
import shlex
import shutil
import tempfile
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from difflib import SequenceMatcher

from msgspec.structs import replace

from gomedic.examining import NOT_ISOLATED
from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.model import EditFile, Origin, Progress, Session
from gomedic.overrides.judging import judged
from gomedic.overrides.other_ways import other_ways
from gomedic.overrides.own_ways import own_ways
from gomedic.overrides.shims import through_shim
from gomedic.overrides.target import steps_to_show, target_of
from gomedic.overrides.values import ACCOUNT, Outcome, Overrides, Row, Seen, Target, Way
from gomedic.probes import sudo
from gomedic.probes.go_settings import GoSettings
from gomedic.proof import CannotShowError, contents_after, view_with
from gomedic.sessions.own import own_session
from gomedic.sessions.survey import TIME_LIMIT, survey
from gomedic.settings import read_settings
from gomedic.shadow import at_home, bases_in, shadow_home
from gomedic.texts import N_, Message

STARTING = N_("Starting every kind of session")
TRYING = N_("Trying: {way}")
NO_VIEW = N_("Not tried: this machine allows no copy-on-write view.")
NOT_SHOWN = N_("Not tried: the copy-on-write view cannot show this change.")
_HUNG = 2.0  # seconds more than the slowest start-up that ended; then one that hangs is not waited for again


def try_overrides(host: Host, only: Container[str] | None = None) -> Iterator[Progress | Overrides]:
    """Yield progress, and last the table. Changes nothing, uses no network, starts no go.

    `only` limits it to the ways with these ids. Each way costs one start of all sessions. Closing the generator between two values leaves nothing.
    """
    yield Progress(Message(STARTING), 0.0)
    surveyed = survey(host, time_limit=TIME_LIMIT)
    facts = Facts(host, [_through_shim(host, s) for s in (*surveyed.sessions, *_of_the_settings(host))])
    sessions = (*facts.sessions, *_of_sudo(host, facts))
    target = target_of(facts)
    has_alternatives = host.which("update-alternatives") is not None
    known = [*own_ways(facts, target), *other_ways(facts, target, has_alternatives=has_alternatives)]
    ways = [way for way in known if only is None or way.id in only]
    trier = _Trier(host, facts, target, sessions, isolated=surveyed.isolated)
    rows = []
    for number, way in enumerate(ways, 1):
        yield Progress(Message(TRYING, {"way": way.title}), number / (len(ways) + 1))
        rows.append(trier.row(way))
    judged = tuple(session.kind for session in facts.judged_sessions)
    notes = () if surveyed.isolated else (Message(NOT_ISOLATED),)
    yield Overrides(target, sessions, judged, tuple(rows), _best(rows, judged), notes)


def _through_shim(host: Host, session: Session) -> Session:
    return replace(session, go=through_shim(host, session, session.go))


def _of_the_settings(host: Host) -> list[Session]:
    return [own_session(own.name, own.command, own.environment) for own in read_settings(host).sessions]


def _of_sudo(host: Host, facts: Facts) -> list[Session]:
    found = sudo.probe(host) if "sudo" in facts.usage else None
    return [found] if found is not None else []


def _best(rows: Sequence[Row], judged: Sequence[str]) -> str | None:
    """Return the way that serves most sessions in which Go is expected, of those the account can go; the first of equals."""
    own = [
        row
        for row in rows
        if row.way.by == ACCOUNT and any(not o.already for o in row.outcomes if o.state == "works")
    ]
    best = max(own, key=lambda row: (len(set(row.works) & set(judged)), len(row.works)), default=None)
    return best.way.id if best is not None else None


class _Trier:
    """Tries one way after the other on the same machine."""

    def __init__(
        self, host: Host, facts: Facts, target: Target, sessions: tuple[Session, ...], *, isolated: bool
    ) -> None:
        self._host = host
        self._facts = facts
        self._target = target
        self._sessions = sessions
        self._isolated = isolated

    def row(self, way: Way) -> Row:
        """Return what a way would give each session."""
        try:
            found = self._in_view(way) if self._isolated else self._in_shadow(way)
        except (CannotShowError, OSError):
            return self._untried(way, NOT_SHOWN if self._isolated else NO_VIEW)
        unmoved = self._sessions[len(found) :]  # of the settings, and of sudo
        changed = self._changed(way)
        settings = GoSettings(changed)
        outcomes = tuple(
            judged(self._seen(way, changed, settings, before, after))
            for before, after in zip(self._sessions, (*found, *unmoved), strict=True)
        )
        return Row(way, outcomes, tried=self._isolated or not way.links_to_lay)

    def _changed(self, way: Way) -> Host:
        return self._host.with_contents(contents_after(way.steps))

    def _in_view(self, way: Way) -> tuple[Session, ...]:
        steps = (*steps_to_show(self._facts, self._target), *way.steps)
        with view_with(self._host, steps) as changes, _links(self._target, way.links_to_lay) as more:
            every = (*changes, *more)
            surveyed = survey(
                self._changed(way), time_limit=self._time_limit, changes=every, rebase=way.rebase or dict
            )
        if every and not surveyed.isolated:
            raise CannotShowError
        return surveyed.sessions

    def _in_shadow(self, way: Way) -> tuple[Session, ...]:
        """Start the sessions without a view; what is read before any start-up file needs none."""
        rebase = way.rebase or dict
        steps = (*steps_to_show(self._facts, self._target), *(() if way.rebase else way.steps))
        with shadow_home(self._host, steps) as shadow:
            surveyed = survey(
                shadow.with_contents(contents_after(way.steps) if way.rebase else {}),
                time_limit=self._time_limit,
                rebase=lambda bases: bases_in(self._host, shadow, rebase(bases)),
            )
            return tuple(at_home(self._host, session, shadow) for session in surveyed.sessions)

    @property
    def _time_limit(self) -> float:
        ended = [session.seconds for session in self._sessions if session.state != "hung"]
        hangs = len(ended) < len(self._sessions)
        return min(TIME_LIMIT, max(ended, default=0.0) + _HUNG) if hangs else TIME_LIMIT

    def _seen(self, way: Way, host: Host, settings: GoSettings, before: Session, after: Session) -> Seen:
        def now(origin: Origin) -> Origin | None:
            return _now(way, origin)

        return Seen(way, self._target, self._facts, host, settings, before, after, now)

    def _untried(self, way: Way, text: str) -> Row:
        reason = Message(text)
        return Row(way, tuple(Outcome(s.kind, "untried", reason=reason) for s in self._sessions), tried=False)


@contextmanager
def _links(target: Target, paths: Sequence[str]) -> Iterator[list[str]]:
    """Give the commands that lay a folder with a link over the folder where the link would be."""
    folder = tempfile.mkdtemp(prefix="gomedic-view-")
    try:
        yield [
            _laid_over(path, target, os.path.join(folder, str(number))) for number, path in enumerate(paths)
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _laid_over(path: str, target: Target, scratch: str) -> str:
    """Return the commands; what is laid over lies in memory, for overlays over overlays can be stacked twice only."""
    folder = os.path.realpath(os.path.dirname(path))
    if not os.path.isdir(folder) or set(folder) & set(",:\\"):
        raise CannotShowError
    os.mkdir(scratch, 0o755)
    link = shlex.join(["ln", "-s", target.binary, os.path.join(scratch, os.path.basename(path))])
    over = shlex.join(["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={scratch}:{folder}", folder])
    return f"mount -t tmpfs -o mode=755 tmpfs {shlex.quote(scratch)}\n{link}\n{over}"


def _now(way: Way, origin: Origin) -> Origin | None:
    """Return a line of a file that the way changes as it is numbered now; None for one that the way adds."""
    step = next((s for s in way.steps if isinstance(s, EditFile) and s.path == origin.path), None)
    if step is None or origin.line is None:
        return origin
    before, after = ((data or b"").split(b"\n") for data in (step.before, step.after))
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        if block.b < origin.line <= block.b + block.size:
            return replace(origin, line=origin.line - block.b + block.a)
    return None
