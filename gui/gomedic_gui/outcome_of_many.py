"""What came of several fixes done, or taken back, as one: in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gomedic.model import Examination, Finding, Severity
from gomedic.texts import N_
from gomedic.together import Course
from gomedic_gui.case import Case
from gomedic_gui.failure import Failure
from gomedic_gui.outcome import STALE_TERMINALS, Line, Outcome, changes_between, outcome_of_failure
from gomedic_gui.text import counted, enumerated, tr

if TYPE_CHECKING:
    from gomedic.taking_back import Return

_STOPPED = N_("You stopped it; what was done by then stays, and nothing is half done.")


def outcome_of_fixes(
    course: Course, before: Examination, case: Case, *, stopped: bool = False, failure: Failure | None = None
) -> Outcome:
    """Return what came of a plan, also of one that was stopped or could not be carried on."""
    after = case.examination
    solved = _gone(before, after)
    done = [finding for finding, _fix in course.chosen if finding.id in {f.id for f in solved}]
    lines = [
        *_whys(course, stopped=stopped, failure=failure),
        *(Line("ok", tr(N_("Solved: {message}"), message=found.message)) for found in solved),
        *_undone(course, [finding.id for finding in done]),
        *_came(before, after),
        *_of_building(course, before, after),
    ]
    if course.cures:
        lines.append(Line("hint", tr(STALE_TERMINALS)))
    whole = len(done) == len(course.chosen)
    return Outcome(
        "ok" if whole else "hint" if stopped else "warning",
        _headline(len(done), len(course.chosen)) if course.cures else _nothing(course, stopped=stopped),
        tuple(lines),
        changes_between(before, after),
        can_be_taken_back=bool(course.cures),
        commands=failure.commands if failure else (),
        receipts=tuple(cure.receipt for cure in course.cures),
    )


def _headline(done: int, count: int) -> str:
    if done == count:
        return tr(N_("Done. {n} problems are gone."), n=count)
    return tr(N_("{done} of {count} problems are gone."), done=done, count=count)


def _nothing(course: Course, *, stopped: bool) -> str:
    if stopped:
        return tr(N_("Stopped. Everything is as it was."))
    if course.treatment is not None and course.treatment.taken_back:
        return tr(N_("It did not help, so it was taken back. Everything is as it was."))
    return tr(N_("Nothing was changed."))


def _whys(course: Course, *, stopped: bool, failure: Failure | None) -> Iterator[Line]:
    """Yield why it came to less than was planned."""
    if stopped and course.cures:
        yield Line("hint", tr(_STOPPED))
    if failure is not None:
        yield from outcome_of_failure(failure).lines
    treatment = course.treatment
    if treatment is not None and treatment.taken_back and treatment.reason is not None:
        title = course.chosen[course.at][1].title
        words = N_("“{title}” did not help, so it was taken back, and nothing was begun after it. {why}")
        yield Line("warning", tr(words, title=title, why=treatment.reason))


def _undone(course: Course, done: list[str]) -> Iterator[Line]:
    missed = {left.finding.id: left for left in course.missed}
    for finding, fix in course.chosen:
        if finding.id in missed:
            why = missed[finding.id].why
            yield Line("warning", tr(N_("Not done: {title}. {why}"), title=fix.title, why=why))
        elif finding.id not in done:
            yield Line("hint", tr(N_("Not done: {title}."), title=fix.title))


def _gone(before: Examination, after: Examination) -> list[Finding]:
    there = {found.id for found in after.findings if found.severity is not Severity.HINT}
    return [
        found for found in before.findings if found.severity is not Severity.HINT and found.id not in there
    ]


def _came(before: Examination, after: Examination) -> list[Line]:
    known = {found.id for found in before.findings}
    new = [found for found in after.findings if found.id not in known]
    return [Line(found.severity.value, tr(found.message)) for found in new]


def _of_building(course: Course, before: Examination, after: Examination) -> list[Line]:
    if course.treatment is not None and not course.treatment.settled and course.over:
        return [Line("hint", tr(N_("Now a small program is built, to be quite sure that Go works.")))]
    return [Line("hint", tr(note)) for note in after.notes if note not in before.notes]


# ------------------------------------------------------------------ taken back


def outcome_of_return(
    course: "Return",
    before: Examination,
    case: Case | None,
    *,
    stopped: bool = False,
    failure: Failure | None = None,
) -> Outcome:
    """Return what came of taking several fixes back; `case` as it is now, None where it is not known yet."""
    restored, kept = len(course.restored), {each.receipt.id for each in course.kept}
    lines = [
        *(Line("ok", tr(N_("Taken back: {title}"), title=receipt.title)) for receipt in course.restored),
        *(_kept(each.receipt.title, each.why) for each in course.kept),
    ]
    if failure is not None:
        lines += outcome_of_failure(failure).lines
    known = kept | {receipt.id for receipt in course.restored}
    rest = [receipt for receipt in course.wanted if receipt.id not in known]
    lines += [Line("hint", tr(N_("Not taken back: {title}."), title=receipt.title)) for receipt in rest]
    if course.paths:
        paths = enumerated(course.paths)
        lines.append(Line("hint", tr(N_("As it was before: {path}"), path=paths)))
    commands = (*(failure.commands if failure else ()), *(c for each in course.kept for c in each.commands))
    return Outcome(
        "ok" if restored == len(course.wanted) else "hint" if stopped else "warning",
        _headline_of_return(restored, len(course.wanted)),
        tuple(lines),
        changes_between(before, case.examination) if case is not None else (),
        commands=commands,
    )


def _kept(title: object, why: object) -> Line:
    return Line("warning", tr(N_("Not taken back: {title}. {why}"), title=title, why=why))  # type: ignore[arg-type]


def _headline_of_return(restored: int, count: int) -> str:
    if restored == count:
        return counted(count, N_("{n} fix was taken back."), N_("{n} fixes were taken back."))
    if not restored:
        return tr(N_("None of them could be taken back; nothing was changed."))
    return tr(N_("{done} of {count} fixes were taken back."), done=restored, count=count)
