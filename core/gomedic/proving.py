"""What each way out of a finding would do, tried in a copy, and which of them to offer first."""

import os
from collections.abc import Generator, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gomedic.diagnosis import LAST_RESORT
from gomedic.examining import examine
from gomedic.host import Host
from gomedic.model import EditFile, Examination, Finding, Fix, MakeFolder, Progress, Severity, Step
from gomedic.probes.go_settings import env_file
from gomedic.proof import (
    CannotShowError,
    NoViewError,
    Proof,
    compared,
    contents_after,
    folders_after,
    view_with,
)
from gomedic.sessions.startup_files import all_candidates
from gomedic.shadow import at_home, shadow_home
from gomedic.texts import N_, Message

PROVING = N_("Trying the fix in a copy of your files")
STILL_THERE = N_("The fix did not help: the finding is still there. It was taken back.")
NEW_ERROR = N_("The fix brought a new fault ({finding}). It was taken back.")
WOULD_STAY = N_("In the copy the finding is still there.")
WOULD_COME = N_("In the copy a new fault comes: {finding}")


class Trial(Struct, frozen=True):
    """A fix, and what came of trying it; None where it could not be tried."""

    fix: Fix
    proof: Proof | None

    @property
    def failed(self) -> bool:
        """Whether it is proved that the fix would not help."""
        return self.proof is not None and not self.proof.helps


class Offer(Struct, frozen=True):
    """The ways out of a finding: the one to offer first, those not tried, and those that failed in the copy."""

    first: Trial | None  # None: each failed, or there is no fix
    others: tuple[Fix, ...] = ()
    failed: tuple[Trial, ...] = ()

    @classmethod
    def untried(cls, fixes: tuple[Fix, ...]) -> "Offer":
        """Return the offer where nothing could be tried: the fixes as they come."""
        return cls(Trial(fixes[0], None) if fixes else None, fixes[1:])

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """All of them, in the order to show them: what failed comes last."""
        first = (self.first.fix,) if self.first else ()
        return (*first, *self.others, *(trial.fix for trial in self.failed))


def best_fix(host: Host, examination: Examination, finding: Finding) -> Iterator[Progress | Offer]:
    """Try the fixes of a finding in turn until one is not proved to fail; yield progress, last the offer."""
    failed: list[Trial] = []
    for number, fix in enumerate(finding.fixes):
        trial = yield from _trial(host, examination, finding, fix)
        if not trial.failed:
            yield Offer(trial, finding.fixes[number + 1 :], tuple(failed))
            return
        failed.append(trial)
    yield Offer(None, (), tuple(failed))


def try_fix(host: Host, examination: Examination, finding: Finding, fix: Fix) -> Iterator[Progress | Trial]:
    """Try one fix, whatever may come of it; yield progress, last the trial."""
    yield (yield from _trial(host, examination, finding, fix))


def _trial(
    host: Host, examination: Examination, finding: Finding, fix: Fix
) -> Generator[Progress, None, Trial]:
    proof: Proof | None = None
    for value in prove(host, examination, finding, fix):
        if isinstance(value, Progress):
            yield value
        else:
            proof = value
    return Trial(fix, proof)


def prove(
    host: Host, examination: Examination, finding: Finding, fix: Fix
) -> Iterator[Progress | Proof | None]:
    """Yield progress, and last what the machine would be like with `fix` in place; None where that cannot be shown.

    The same sessions and checks run in a copy-on-write view with the change in it; where user namespaces are
    refused, in a shadow home, which shows only changes in the home. What a fix downloads and what root alone can
    read cannot be shown.
    """
    yield Progress(Message(PROVING))
    try:
        if not can_be_shown(finding, fix):
            raise CannotShowError
        yield _proof(host, examination, finding, fix.steps)
    except (CannotShowError, OSError):
        yield None


def can_be_shown(finding: Finding, fix: Fix) -> bool:
    """Tell whether a fix consists of steps, and its finding of what a copy shows."""
    return fix.install is None and bool(fix.steps) and finding.check != LAST_RESORT


def _proof(host: Host, examination: Examination, finding: Finding, steps: Sequence[Step]) -> Proof | None:
    after, trusted = rehearsed(host, examination, steps, steps)
    proof = judged(examination, after, finding)
    return proof if proof.helps or trusted else None


def rehearsed(
    host: Host, examination: Examination, steps: Sequence[Step], last: Sequence[Step]
) -> tuple[Examination, bool]:
    """Return what would be found with `steps` done, and whether it counts that the `last` of them did not help.

    Raises CannotShowError, OSError.
    """
    try:
        return _in_view(host, examination, steps), _shows_all(host, examination, last)
    except NoViewError:
        return _in_shadow(host, examination, steps), False


def _in_view(host: Host, examination: Examination, steps: Sequence[Step]) -> Examination:
    """Return what is found in the view; a go that is tried runs outside of it, so what it fails at does not count."""
    changed = host.with_contents(contents_after(steps), folders_after(steps))
    with view_with(host, steps) as changes:
        found = examined(changed, examination, changes)
    return _without_trials(found)


def _in_shadow(host: Host, examination: Examination, steps: Sequence[Step]) -> Examination:
    """Return what is found in a shadow home, where the machine as it is looks there as it does at home.

    A failure there tells little: a line may name the real home. Raises CannotShowError.
    """
    with shadow_home(host, ()) as same:
        if _grave(at_home(host, examined(same, examination), same)) != _grave(examination):
            raise CannotShowError
    with shadow_home(host, steps) as changed:
        found = _without_trials(at_home(host, examined(changed, examination), changed))
        return _edits_at_home(found, changed.home.encode(), host.home.encode())


def _edits_at_home(found: Examination, shadow: bytes, home: bytes) -> Examination:
    """Let what the fixes write name the real home too."""
    return replace(
        found, findings=tuple(
            replace(f, fixes=tuple(
                replace(fix, steps=tuple(_edit_at_home(step, shadow, home) for step in fix.steps))
                for fix in f.fixes
            ))
            for f in found.findings
        ),
    )  # fmt: skip


def _edit_at_home(step: Step, shadow: bytes, home: bytes) -> Step:
    if not isinstance(step, EditFile):
        return step
    before, after = (each and each.replace(shadow, home) for each in (step.before, step.after))
    return replace(step, before=before, after=after)


def _without_trials(found: Examination) -> Examination:
    return replace(found, findings=tuple(f for f in found.findings if f.check != LAST_RESORT))


def examined(host: Host, like: Examination, changes: Sequence[str] = ()) -> Examination:
    """Return what another examination of the same project finds."""
    folder = os.path.dirname(like.project) if like.project else None
    work = examine(host, project=folder, changes=changes)
    return next(value for value in work if isinstance(value, Examination))


def judged(before: Examination, after: Examination, finding: Finding) -> Proof:
    """Return the proof that two examinations make of a fix of `finding`."""
    was, will_be = _grave(before), _grave(after)
    gone = tuple(identity for identity in was if identity not in will_be)
    come = tuple(identity for identity in will_be if identity not in was)
    why = _fault(before, after, finding)
    return compared(before, after, (gone, come), why)


def _fault(before: Examination, after: Examination, finding: Finding) -> Message | None:
    if still_there(after, finding):
        return Message(WOULD_STAY)
    new = new_error(before, after)
    return Message(WOULD_COME, {"finding": new.message}) if new else None


def _shows_all(host: Host, before: Examination, steps: Sequence[Step]) -> bool:
    """Tell whether all that looks at the machine sees the steps, so that a failure in the view is one indeed.

    Sessions and probes alike read the start-up files and go's settings through the view; modes, links and what a
    program like sudo reads by itself are looked at on the machine as it is.
    """
    read = {path for s in before.sessions for path in (*s.files, env_file(s))}
    read |= set(all_candidates(host.home, host.env))
    return all(
        isinstance(step, MakeFolder) or (isinstance(step, EditFile) and step.path in read) for step in steps
    )


def _grave(examination: Examination) -> tuple[str, ...]:
    """Return the ids of findings at error or warning that are not about running processes."""
    grave = (f for f in examination.findings if f.severity is not Severity.HINT)
    return tuple(f.id for f in grave if not all(kind.startswith("process:") for kind in f.sessions))


# ------------------------------------------------------------------ did it help


def verdict(before: Examination, after: Examination, finding: Finding) -> Message | None:
    """Return why a fix must be taken back, None when it helped.

    It must where the finding is still there, or where a session in which nothing was an error before now has
    an error. A running process that is now out of date is no reason.
    """
    if still_there(after, finding):
        return Message(STILL_THERE)
    new = new_error(before, after)
    return Message(NEW_ERROR, {"finding": new.message}) if new else None


def still_there(after: Examination, finding: Finding) -> bool:
    """Tell whether a finding is still more than a hint."""
    return any(f.id == finding.id and f.severity is not Severity.HINT for f in after.findings)


def new_error(before: Examination, after: Examination) -> Finding | None:
    """Return an error in a session in which nothing was an error before, and that had a Go: without one, what
    stands in the way of Go there (a proxy that is gone) only shows once there is one.
    """
    ill = {kind for f in before.findings if f.severity is not Severity.HINT for kind in f.sessions}
    ill |= {session.kind for session in before.sessions if session.go is None}
    known = {f.id for f in before.findings}
    for new in after.findings:
        sessions = [kind for kind in new.sessions if not kind.startswith("process:")]
        grave = new.id not in known and new.severity is Severity.ERROR
        if grave and any(kind not in ill for kind in sessions):
            return new
    return None
