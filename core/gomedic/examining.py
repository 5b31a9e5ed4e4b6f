"""Examine: start the sessions, probe the machine, run the checks. Changes nothing."""

import os
import time
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from gomedic import checks, journal
from gomedic.building import tried_by_building
from gomedic.diagnosis import Check, begin, diagnose, ordered
from gomedic.early import ask_early
from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.machine import Machine
from gomedic.model import CheckResult, Examination, Finding, Progress, Session, Severity, Toolchain
from gomedic.proof import NoViewError
from gomedic.questions import Questions, waiting
from gomedic.sessions.own import own_session
from gomedic.sessions.survey import TIME_LIMIT, survey
from gomedic.settings import Settings, SettingsError, read_settings
from gomedic.texts import N_, Message
from gomedic.versions import plain

NO_PROC = N_(
    "/proc is not mounted here, and without it no session can be examined; an administrator mounts it with: mount -t proc proc /proc"
)
STARTING = N_("Starting every kind of session")
SLOW = N_("Starting every kind of session: a start-up file has taken {seconds} s so far")
LOOKING = N_("Looking for Go installations")
CHECKING = N_("Checking")
UNSIGNED = N_("Go {version} in {root} was installed by its SHA-256 alone: not signature-checked.")
INTERRUPTED = N_("A fix of {when} was interrupted; the next fix or undo finishes or takes back what it left.")
NOT_ISOLATED = N_(
    "The start-up files ran as they are, for this machine allows no copy-on-write view: what they write, they wrote."
)
BEYOND_REACH = N_(
    "{name} runs “{command}” with an environment of its own: no change in your start-up files reaches it."
)
AS_IF = N_("Judged as if these limits were there already: {limits}.")
AS_ROOT = N_("Examined as root: what other accounts get may differ.")


class NoProcError(Exception):
    """There is no /proc, without which no program that is started can be looked after."""

    message = Message(NO_PROC)


def examine(
    host: Host,
    *,
    project: str | None = None,
    only: Sequence[str] = (),
    deep: bool = False,
    changes: Sequence[str] = (),
) -> Iterator[Progress | Examination]:
    """Yield progress, and last the examination. Changes nothing, anywhere.

    Progress tells what is known `so_far` once the sessions are, and after the checks that need not wait for anything.
    `changes` are shell commands that change the view the sessions start in (see `sessions.chamber`). `project` is a folder inside a Go module (default: the current folder); `only` limits the checks to these
    ids; `deep` also builds a program of one file in each session that should have Go: the examination without
    that is yielded first, as soon as it is there.
    """
    chosen = [check for check in checks.ALL if not only or check.id in only]
    questions = Questions()
    try:
        examination = yield from _examined(host, project, chosen, changes, questions)
    finally:
        questions.close()
    yield examination
    if deep:
        yield from tried_by_building(host, examination, project)


def _examined(
    host: Host, project: str | None, chosen: Sequence[Check], changes: Sequence[str], questions: Questions
) -> Generator[Progress, None, Examination]:
    if host.read("/proc/self/stat") is None:
        raise NoProcError
    begun = time.monotonic()
    took_place = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    yield Progress(Message(STARTING), 0.0)
    machine = Machine(host, questions)
    ask_early(machine, host, {check.id for check in chosen})
    starting = partial(survey, host, time_limit=TIME_LIMIT, cancelled=questions.stopped, changes=changes)
    surveyed = yield from waiting(questions.ask("survey", starting), _starting_still, 0.0)
    if changes and not surveyed.isolated:
        raise NoViewError
    yield Progress(Message(LOOKING), 0.6)
    settings, broken = _settings(host)
    own = [own_session(o.name, o.command, o.environment) for o in settings.sessions]
    facts = Facts(host, (*surveyed.sessions, *own), project, _our_changes(host), machine=machine)
    learnt = _Learnt(facts, begun, took_place, (*broken, *_notes(host, isolated=surveyed.isolated)), own)
    yield Progress(Message(CHECKING), 0.9, so_far=learnt.examination((), ()))
    begin(facts, chosen)
    results, found = yield from _quick_ones(learnt, chosen)
    yield from questions.settle(Message(CHECKING), 0.9)
    for result, findings in diagnose(facts, [check for check in chosen if check.id not in results]):
        results[result.id] = result
        found[result.id] = findings
    return learnt.examination(
        tuple(results[check.id] for check in chosen), [f for check in chosen for f in found[check.id]]
    )


def _settings(host: Host) -> tuple[Settings, tuple[Message, ...]]:
    """Return the settings; where they cannot be followed the defaults, and a note that says why."""
    try:
        return read_settings(host), ()
    except SettingsError as error:
        return Settings(), (error.message,)


def _starting_still(spent: float) -> Message:
    return Message(SLOW, {"seconds": int(spent)}) if spent >= 1 else Message(STARTING)


_Results = dict[str, CheckResult]  # by check
_Found = dict[str, tuple[Finding, ...]]


def _quick_ones(
    learnt: "_Learnt", chosen: Sequence[Check]
) -> Generator[Progress, None, tuple[_Results, _Found]]:
    """Run the checks that wait for no answer, and tell what they find: of all by far the most."""
    results: _Results = {}
    found: _Found = {}
    for result, findings in diagnose(learnt.facts, [check for check in chosen if not check.waits]):
        results[result.id], found[result.id] = result, findings
        if findings:
            every = [f for those in found.values() for f in those]
            yield Progress(Message(CHECKING), 0.9, so_far=learnt.examination(tuple(results.values()), every))
    return results, found


class _Learnt(Struct, frozen=True):
    """What is known before the checks begin."""

    facts: Facts
    begun: float
    took_place: str
    notes: tuple[Message, ...]
    own: Sequence[Session]  # of the settings

    def examination(self, results: tuple[CheckResult, ...], found: Sequence[Finding]) -> Examination:
        """Return the examination that these results of checks make."""
        facts, findings = self.facts, ordered(found)
        return Examination(
            account=facts.account,
            project=facts.project.module if facts.project else None,
            seconds=round(time.monotonic() - self.begun, 3),
            took_place=self.took_place,
            sessions=(*_with_usage(facts), *_out_of_date(facts, findings)),
            toolchains=facts.toolchains,
            findings=findings,
            checks=results,
            notes=(*self.notes, *_unsigned(facts.toolchains), *_beyond_reach(self.own, findings)),
            limits=facts.limits.text if facts.limits else "",
        )


def _with_usage(facts: Facts) -> Iterator[Session]:
    for session in facts.sessions:
        yield replace(session, used=facts.usage.get(session.kind))


def _out_of_date(facts: Facts, findings: Sequence[Finding]) -> Iterator[Session]:
    """Yield the running processes that some finding is about."""
    named = {kind for finding in findings for kind in finding.sessions if kind.startswith("process:")}
    if named:  # else nobody waits for them
        yield from (running.session for running in facts.running if running.session.kind in named)


def _notes(host: Host, *, isolated: bool) -> Iterator[Message]:
    if not isolated:
        yield Message(NOT_ISOLATED)
    if host.limits is not None:
        yield Message(AS_IF, {"limits": host.limits.text})
    if host.is_root and host.env.get("SUDO_USER"):
        yield Message(AS_ROOT)
    for receipt in journal.interrupted(host.state_folder):
        yield Message(INTERRUPTED, {"when": receipt.took_place})


def _unsigned(toolchains: Sequence[Toolchain]) -> Iterator[Message]:
    for found in toolchains:
        if found.signature_checked is False:
            yield Message(UNSIGNED, {"version": plain(found.version), "root": found.root})


def _beyond_reach(own: Sequence[Session], findings: Sequence[Finding]) -> Iterator[Message]:
    """Yield what is to be said of sessions of the settings that are ill: start-up files and PATH do not reach them."""
    ill = {kind for f in findings if f.severity is not Severity.HINT for kind in f.sessions}
    for session in own:
        if session.kind in ill:
            yield Message(BEYOND_REACH, {"name": session.kind, "command": session.label or ""})


def _our_changes(host: Host) -> dict[str, tuple[float, ...]]:
    """Return, for each file that a fix or undo of ours changed, when that was (seconds since the epoch)."""
    changes: dict[str, tuple[float, ...]] = {}
    for receipt in journal.history(host.state_folder).receipts:
        for step in receipt.steps:
            path = getattr(step, "path", None)
            stamp = _modified(os.path.realpath(path)) if path else None
            if path and stamp is not None and stamp >= _seconds(receipt.took_place):
                changes[path] = (*changes.get(path, ()), stamp)
    return changes


def _seconds(took_place: str) -> float:
    return datetime.fromisoformat(took_place).timestamp()


def _modified(path: str) -> float | None:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None
