"""Everything that is safe as one plan: tried in a copy one upon the other, and done one after the other."""

from collections.abc import Callable, Generator, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gomedic.diagnosis import LAST_RESORT
from gomedic.doctor import Treatment, treat
from gomedic.ending import ending
from gomedic.host import Host
from gomedic.model import EditFile, Examination, Finding, Fix, Progress, Receipt, Severity, Step
from gomedic.probes.trial import scratch
from gomedic.proof import CannotShowError, Proof, compared
from gomedic.proving import Trial, can_be_shown, judged, rehearsed, still_there
from gomedic.texts import N_, Message

TRYING = N_("Trying fix {number} of {count} in a copy of your files")
NO_FIX = N_("There is no ready-made fix for it.")
NEEDS_ROOT = N_("Its fix needs an administrator.")
NOT_SAFE = N_("Its fix is for you to choose by itself.")
NONE_HELPS = N_("No fix of it helps in a copy of your files.")
BRINGS_BACK = N_("In the copy this comes back: {finding}")
IN_THE_WAY = N_("It changes {path}, which another of these fixes changes too; do it afterwards.")
NOT_AS_SHOWN = N_("It would now change something else than was shown, so it was left alone.")


class Part(Struct, frozen=True):
    """One finding, the fix to be done, and those that failed in the copy."""

    finding: Finding
    trial: Trial | None  # None: every fix failed
    failed: tuple[Trial, ...] = ()


class LeftOut(Struct, frozen=True):
    """A finding that a plan leaves alone, and why."""

    finding: Finding
    why: Message


class Plan(Struct, frozen=True):
    """What is to be done, each part on the machine as the one before leaves it."""

    parts: tuple[Part, ...]  # each with a trial
    left_out: tuple[LeftOut, ...] = ()
    along: tuple[Finding, ...] = ()  # which the parts before cure too
    proof: Proof | None = None  # over all; None: nothing could be tried
    failed: tuple[Part, ...] = ()  # those of which every fix failed, which are among what is left out

    @property
    def chosen(self) -> "tuple[Chosen, ...]":
        """The findings and their fixes."""
        return tuple((part.finding, part.trial.fix) for part in self.parts if part.trial)

    @property
    def untried(self) -> tuple[Finding, ...]:
        """The findings whose fixes could not be tried."""
        return tuple(part.finding for part in self.parts if part.trial and part.trial.proof is None)


Chosen = tuple[Finding, Fix]


class Cure(Struct, frozen=True):
    """One part that was carried out."""

    finding: Finding
    fix: Fix
    receipt: Receipt


class Course(Struct, frozen=True):
    """How far a plan has come."""

    chosen: tuple[Chosen, ...]
    at: int = 0  # number of the part that is under way, from 0
    cures: tuple[Cure, ...] = ()
    missed: tuple[LeftOut, ...] = ()  # which no longer fitted
    treatment: Treatment | None = None  # of the part that was done last
    over: bool = False


# ------------------------------------------------------------------ which


def candidates(examination: Examination) -> tuple[Finding, ...]:
    """Return the causes, graver than a hint, that have a fix which is safe."""
    return tuple(f for f in curable(examination) if any(fix.safe for fix in f.fixes))


def curable(examination: Examination) -> tuple[Finding, ...]:
    """Return the causes, graver than a hint, that have a fix."""
    return tuple(f for f in _causes(examination) if f.fixes)


def promising(examination: Examination) -> tuple[Finding, ...]:
    """Return the candidates whose first fix is safe: what a plan consists of if every first fix helps."""
    return tuple(f for f in candidates(examination) if f.fixes[0].safe)


def _causes(examination: Examination) -> tuple[Finding, ...]:
    return tuple(f for f in examination.findings if f.severity is not Severity.HINT and not f.because_of)


def _beyond(examination: Examination) -> tuple[LeftOut, ...]:
    """Return the causes without a safe fix."""
    return tuple(
        LeftOut(f, _why_not(f)) for f in _causes(examination) if not any(fix.safe for fix in f.fixes)
    )


def _why_not(finding: Finding) -> Message:
    if not finding.fixes:
        return Message(NO_FIX)
    return Message(NEEDS_ROOT if all(fix.needs_root for fix in finding.fixes) else NOT_SAFE)


# ------------------------------------------------------------------ the plan


class _SoFar(Struct, frozen=True):
    """A plan in the making."""

    examination: Examination  # of the copy, with the parts in place
    plan: Plan
    steps: tuple[Step, ...] = ()  # of the parts that show in the copy


def plan_all(host: Host, examination: Examination) -> Iterator[Progress | Plan]:
    """Try what is safe in a copy, each fix upon those before it; yield progress, last the plan.

    Of each finding the first fix that is not proved to fail is taken. Left out is one that is not safe, and one
    that would bring back what a part before it cures.
    """
    so_far = _SoFar(examination, Plan(()))
    wanted = candidates(examination)
    for number, finding in enumerate(wanted):
        values = {"number": number + 1, "count": len(wanted)}
        yield Progress(Message(TRYING, values), number / len(wanted))
        so_far = yield from _with(host, examination, so_far, finding)
    plan = so_far.plan
    proof = (
        _over_all(examination, so_far) if any(part.trial.proof for part in plan.parts if part.trial) else None
    )
    yield replace(plan, left_out=(*plan.left_out, *_beyond(examination)), proof=proof)


def _with(
    host: Host, first: Examination, so_far: _SoFar, finding: Finding
) -> Generator[Progress, None, _SoFar]:
    """Return the plan with a finding put in, or left out."""
    plan = so_far.plan
    now = _now(so_far.examination, finding)
    if now is None:
        return replace(so_far, plan=replace(plan, along=(*plan.along, finding)))
    failed: list[Trial] = []
    for number, fix in enumerate(now.fixes):
        if number:
            yield Progress(Message(N_("Trying the next way")))
        trial, after = _upon(host, first, so_far, now, fix)
        if trial.failed:
            failed.append(trial)
        elif why := _hindrance(plan, trial):
            return _without(so_far, LeftOut(finding, why))
        else:
            return _joined(so_far, Part(finding, trial, tuple(failed)), after)
    return _without(so_far, LeftOut(finding, _of_failures(failed)), Part(finding, None, tuple(failed)))


def _now(current: Examination, finding: Finding) -> Finding | None:
    """Return a finding as it is in the copy, where nothing shows of what only trying Go tells."""
    if finding.check == LAST_RESORT:
        return finding
    found = next((f for f in current.findings if f.id == finding.id), None)
    return found if found is not None and found.severity is not Severity.HINT else None


def _joined(so_far: _SoFar, part: Part, after: Examination) -> _SoFar:
    fix = part.trial.fix if part.trial else None
    shown = after is not so_far.examination
    steps = merged((*so_far.steps, *fix.steps)) if fix is not None and shown else so_far.steps
    return _SoFar(after, replace(so_far.plan, parts=(*so_far.plan.parts, part)), steps)


def _without(so_far: _SoFar, left: LeftOut, part: Part | None = None) -> _SoFar:
    plan = so_far.plan
    failed = (*plan.failed, part) if part else plan.failed
    return replace(so_far, plan=replace(plan, left_out=(*plan.left_out, left), failed=failed))


def _hindrance(plan: Plan, trial: Trial) -> Message | None:
    """Return why a fix that may help is no part of the plan."""
    if not trial.fix.safe:
        return Message(NEEDS_ROOT if trial.fix.needs_root else NOT_SAFE)
    untried = [part.trial.fix for part in plan.parts if part.trial and part.trial.proof is None]
    taken = {path for fix in untried for path in _edited(fix.steps)}
    both = [path for path in _edited(trial.fix.steps) if path in taken]
    return Message(IN_THE_WAY, {"path": both[0]}) if both else None


def _of_failures(failed: Sequence[Trial]) -> Message:
    whys = [trial.proof.why for trial in failed if trial.proof and trial.proof.why]
    return next((why for why in whys if why.text == BRINGS_BACK), Message(NONE_HELPS))


def _upon(
    host: Host, first: Examination, so_far: _SoFar, finding: Finding, fix: Fix
) -> tuple[Trial, Examination]:
    """Try a fix in a copy where the parts before it are in place; return the trial, and what is found there then."""
    if not can_be_shown(finding, fix):
        return Trial(fix, None), so_far.examination
    try:
        after, trusted = rehearsed(host, first, merged((*so_far.steps, *fix.steps)), fix.steps)
    except (CannotShowError, OSError):
        return Trial(fix, None), so_far.examination
    proof = judged(so_far.examination, after, finding)
    if (back := _brought_back(so_far.plan, after)) is not None:
        proof = replace(proof, helps=False, why=Message(BRINGS_BACK, {"finding": back.message}))
    return Trial(fix, proof if proof.helps or trusted else None), after


def _brought_back(plan: Plan, after: Examination) -> Finding | None:
    """Return what a part cured, as its trial has shown, and is there again."""
    cured = [part.finding for part in plan.parts if part.trial and part.trial.proof]
    return next((f for f in (*cured, *plan.along) if still_there(after, f)), None)


def _over_all(first: Examination, so_far: _SoFar) -> Proof:
    before, after = ({f.id for f in each.findings} for each in (first, so_far.examination))
    gone = tuple(f.id for f in first.findings if f.id not in after)
    come = tuple(
        f.id for f in so_far.examination.findings if f.id not in before and f.severity is not Severity.HINT
    )
    return compared(first, so_far.examination, (gone, come), None)


def merged(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return steps with one edit for each file, where the first edit of it stands."""
    found: dict[object, Step] = {}
    for number, step in enumerate(steps):
        key = ("edit", step.path) if isinstance(step, EditFile) else number
        known = found.get(key)
        if isinstance(known, EditFile) and isinstance(step, EditFile):
            step = replace(known, after=step.after, privileged=known.privileged or step.privileged)
        found[key] = step
    return tuple(found.values())


def _edited(steps: Sequence[Step]) -> list[str]:
    return [step.path for step in steps if isinstance(step, EditFile)]


# ------------------------------------------------------------------ doing it


def treat_all(
    host: Host,
    examination: Examination,
    chosen: Sequence[Chosen],
    *,
    may_ask: bool = False,
    as_shown: bool = False,
    judged: "Callable[[Iterator[Progress | Treatment]], Iterator[Progress | Treatment]]" = iter,
) -> Iterator[Progress | Course]:
    """Carry out one fix after the other, each on the machine as the one before left it, as `doctor.treat`.

    Yields progress, and how far it has come whenever that changes. What did not help is taken back, and nothing is
    begun after it. Closing the generator leaves what is done by then, and nothing half done. With `as_shown` a fix
    that would by now edit something else than in `chosen` is left alone. `judged` sees what each treatment yields.
    """
    course = Course(tuple(chosen))
    with scratch() as cache:
        for number, (finding, fix) in enumerate(chosen):
            course = replace(course, at=number)
            yield course
            current = course.treatment.examination if course.treatment else examination
            now = _fitting(current, finding, fix)
            if now is None:
                continue  # an earlier fix cured it too
            if as_shown and _edits(now[1]) != _edits(fix):
                course = replace(course, missed=(*course.missed, LeftOut(finding, Message(NOT_AS_SHOWN))))
                continue
            with ending(treat(host, current, *now, may_ask=may_ask, cache=cache)) as work:
                for value in judged(work):
                    if not isinstance(value, Progress):
                        course = _after(course, value, now)
                    yield value if isinstance(value, Progress) else course
            if course.treatment is not None and course.treatment.taken_back:
                break
    yield replace(course, over=True)


def _after(course: Course, treatment: Treatment, now: Chosen) -> Course:
    others = tuple(cure for cure in course.cures if cure.finding.id != now[0].id)
    receipt = treatment.receipt
    cures = (*others, Cure(*now, receipt)) if receipt and not treatment.taken_back else others
    last = not treatment.settled and course.at == len(course.chosen) - 1
    return replace(course, cures=cures, treatment=treatment, over=last)


def _fitting(current: Examination, finding: Finding, fix: Fix) -> Chosen | None:
    """Return a finding and its fix as they are now; None where there is no such finding, or fix, any more."""
    found = next((f for f in current.findings if f.id == finding.id), None)
    again = next((f for f in found.fixes if f.id == fix.id), None) if found else None
    return (found, again) if found and again else None


def _edits(fix: Fix) -> tuple[Step, ...]:
    return tuple(step for step in fix.steps if isinstance(step, EditFile))
