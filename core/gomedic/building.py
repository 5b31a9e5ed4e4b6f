"""Building a program of one file in the sessions of an examination: the last word on whether Go works there."""

import contextlib
import time
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from gomedic.checks import go_fails_unexplained
from gomedic.checks._words import where
from gomedic.diagnosis import LAST_RESORT, diagnose, ordered
from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.model import Examination, Finding, Progress, Session, Severity
from gomedic.probes import trial
from gomedic.probes.trial import Failure
from gomedic.questions import Questions, waiting
from gomedic.texts import N_, Message

LIMIT = 300.0  # seconds for all builds that a person asked for
LIMIT_AFTER_FIX = 90.0  # seconds for those that follow a fix
BUILDING = N_("Building a small program as in {where}: {seconds} s")
BUILT = N_("A small program was built and started as in {where}.")
UNFINISHED = N_("Building a small program as in {where} was not tried to the end: {limit} s were over.")

Key = tuple[str | None, ...]


class Builds(Struct, frozen=True):
    """What came of the builds in some sessions."""

    outcomes: Mapping[Key, Failure | None]  # by what tells trials apart
    well: tuple[Session, ...]
    unfinished: tuple[Session, ...]


def concerned(before: Examination, after: Examination, finding: Finding) -> set[str]:
    """Return the kinds of sessions that a fix of `finding` was for, or whose go has changed by it."""
    was = {session.kind: trial.differs_in(session) for session in before.sessions}
    changed = {s.kind for s in after.sessions if s.kind in was and trial.differs_in(s) != was[s.kind]}
    return changed | set(finding.sessions)


def tried_by_building(
    host: Host,
    examination: Examination,
    project: str | None = None,
    *,
    kinds: Collection[str] | None = None,
    limit: float = LIMIT,
    cache: str | None = None,
) -> Iterator[Progress | Examination]:
    """Build in the sessions of these `kinds` (None: all) that should have Go and in which nothing known is an error.

    Yield progress, last the examination with what came of it. All builds together end within `limit` seconds. `cache` is a folder for what builds with the same go share.
    Nothing is yielded where there is no session to build in.
    """
    sessions = [session for session in examination.sessions if not session.is_process]
    facts = Facts(host, sessions, project)
    ill = {kind for f in examination.findings if f.severity is Severity.ERROR for kind in f.sessions}
    wanted = [s for s in facts.judged_sessions if s.kind not in ill and (kinds is None or s.kind in kinds)]
    chosen = [session for session in wanted if facts.was_tried(session)]
    if not chosen:
        return
    with trial.scratch() as folder:
        builds = yield from _built(host, chosen, cache or folder, limit)
    yield _told(Facts(host, sessions, project, built=builds.outcomes), examination, builds, limit)


def _built(
    host: Host, sessions: Sequence[Session], cache: str, limit: float
) -> Generator[Progress, None, Builds]:
    """Build once for all sessions that nothing tells apart, one after the other: a build takes all cores."""
    outcomes: dict[Key, Failure | None] = {}
    end = time.monotonic() + limit
    questions = Questions()
    try:
        for key, alike in _alike(sessions).items():
            with contextlib.suppress(TimeoutError):
                outcomes[key] = yield from _one(host, questions, alike, cache, end - time.monotonic())
    finally:
        questions.close()
    well = tuple(
        s for s in sessions if trial.differs_in(s) in outcomes and outcomes[trial.differs_in(s)] is None
    )
    late = tuple(s for s in sessions if trial.differs_in(s) not in outcomes)
    return Builds(outcomes, well, late)


def _alike(sessions: Sequence[Session]) -> dict[Key, list[Session]]:
    found: dict[Key, list[Session]] = {}
    for session in sessions:
        found.setdefault(trial.differs_in(session), []).append(session)
    return found


def _one(
    host: Host, questions: Questions, sessions: list[Session], cache: str, left: float
) -> Generator[Progress, None, Failure | None]:
    if left <= 0:
        raise TimeoutError
    session, words = sessions[0], where(sessions)
    key = trial.differs_in(session)
    answer = questions.ask(key, partial(trial.build, host, session, cache, left, questions.stopped))
    return (
        yield from waiting(answer, lambda spent: Message(BUILDING, {"where": words, "seconds": int(spent)}))
    )


def _told(facts: Facts, examination: Examination, builds: Builds, limit: float) -> Examination:
    """Return the examination with the last resort's check run again, and what was built said."""
    ((result, found),) = diagnose(facts, [go_fails_unexplained.CHECK])
    others = (finding for finding in examination.findings if finding.check != LAST_RESORT)
    results = (check for check in examination.checks if check.id != LAST_RESORT)
    return replace(
        examination,
        findings=ordered((*others, *found)),
        checks=(*results, result),
        notes=(*examination.notes, *_notes(builds, limit)),
    )


def _notes(builds: Builds, limit: float) -> Iterator[Message]:
    if builds.well:
        yield Message(BUILT, {"where": where(builds.well)})
    if builds.unfinished:
        yield Message(UNFINISHED, {"where": where(builds.unfinished), "limit": int(limit)})
