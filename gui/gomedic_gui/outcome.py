"""What came of a fix or of taking one back, in words."""

from msgspec import Struct

from gomedic.doctor import Restored, Treatment
from gomedic.model import Examination, Finding, GoCommand, Receipt
from gomedic.plans import is_wish
from gomedic.proof import Change
from gomedic.texts import N_
from gomedic_gui.case import TakenBack, Treated
from gomedic_gui.failure import Failure
from gomedic_gui.purge import FOR_GOOD, purges
from gomedic_gui.text import tr
from gomedic_gui.toolchains_plan import done_in_words
from gomedic_gui.wording import version_in_words

STALE_TERMINALS = N_("Terminals that are open now keep their old settings. Open a new one to use the change.")


class Line(Struct, frozen=True):
    """A sentence with its sign."""

    level: str
    words: str


class Outcome(Struct, frozen=True):
    """What the result page shows."""

    level: str
    headline: str
    lines: tuple[Line, ...] = ()
    changes: tuple[Change, ...] = ()  # which Go each way of starting work had, and has now
    can_be_taken_back: bool = False
    commands: tuple[str, ...] = ()  # what an administrator would type
    receipts: tuple[Receipt, ...] = ()  # what is taken back together; none: the newest fix alone


def outcome_of_fix(treated: Treated, before: Examination) -> Outcome:
    """Return what came of a fix."""
    treatment = treated.treatment
    if treatment.receipt is None or treatment.taken_back:
        return _not_kept(treatment)
    if is_wish(treated.finding):
        return _outcome_of_wish(treated, treatment, before)
    lines = [
        *_gone(treated.finding, treatment, before),
        *_tried(treatment, before),
        *_advice(treatment),
    ]
    changes = changes_between(before, treatment.examination)
    return Outcome("ok", tr(N_("Done. This problem is gone.")), tuple(lines), changes, can_be_taken_back=True)


def _outcome_of_wish(treated: Treated, treatment: Treatment, before: Examination) -> Outcome:
    """Return what came of installing, using or removing a toolchain."""
    lines = [
        *_unsigned(treatment.examination),
        *(Line("hint", tr(note)) for note in treatment.notes),
        *_solved(treatment, before),
        *_came(treatment),
        *_tried(treatment, before),
        *_advice(treatment),
    ]
    if gone := purges(treated.fix):
        lines.append(Line("hint", tr(FOR_GOOD)))
    changes = changes_between(before, treatment.examination)
    done = tr(done_in_words(treated.fix))
    return Outcome("ok", done, tuple(lines), changes, can_be_taken_back=not gone)


def _unsigned(after: Examination) -> list[Line]:
    """Say of what sessions use that nobody checked its signature, where that is so."""
    used = {session.go.root for session in after.sessions if session.go}
    every = [each for each in after.toolchains if each.root in used and each.signature_checked is False]
    text = N_("{go} is not signature-checked.")
    return [Line("warning", tr(text, go=version_in_words(each.version))) for each in every]


def _tried(treatment: Treatment, before: Examination) -> list[Line]:
    """Say what building a program has shown, or that it is still to come."""
    if not treatment.settled:
        return [Line("hint", tr(N_("Now a small program is built, to be quite sure that Go works.")))]
    return [Line("hint", tr(note)) for note in treatment.examination.notes if note not in before.notes]


def _not_kept(treatment: Treatment) -> Outcome:
    headline = (
        N_("It did not help, so it was taken back. Everything is as it was.")
        if treatment.taken_back
        else N_("Nothing was changed.")
    )
    lines = (Line("hint", tr(treatment.reason)),) if treatment.reason else ()
    return Outcome("warning", tr(headline), lines)


def _gone(treated: Finding, treatment: Treatment, before: Examination) -> list[Line]:
    """Name what else went away, and what is new, beside the finding itself."""
    solved = Line("ok", tr(N_("Solved: {message}"), message=treated.message))
    return [solved, *_solved(treatment, before, treated.id), *_came(treatment)]


def _solved(treatment: Treatment, before: Examination, besides: str = "") -> list[Line]:
    gone = set(treatment.before) - set(treatment.after) - {besides}
    every = [finding.message for finding in before.findings if finding.id in gone]
    return [Line("ok", tr(N_("Solved: {message}"), message=message)) for message in every]


def _came(treatment: Treatment) -> list[Line]:
    came = set(treatment.after) - set(treatment.before)
    new = [finding for finding in treatment.examination.findings if finding.id in came]
    return [Line(finding.severity.value, tr(finding.message)) for finding in new]


def changes_between(before: Examination, after: Examination) -> tuple[Change, ...]:
    """Return which Go each way of starting work had and has; none where no Go is involved at all."""
    old = {session.kind: session.go for session in before.sessions}
    changes = tuple(
        Change(session.kind, _version(old[session.kind]), _version(session.go))
        for session in after.sessions
        if session.kind in old and not session.is_process
    )
    return changes if any(change.before or change.after for change in changes) else ()


def _version(go: GoCommand | None) -> str | None:
    return (go.version or "") if go is not None else None


def _advice(treatment: Treatment) -> list[Line]:
    stale = any(session.is_process for session in treatment.examination.sessions)
    return [Line("hint", tr(STALE_TERMINALS))] if treatment.receipt or stale else []


def outcome_of_taking_back(taken: TakenBack, before: Examination) -> Outcome:
    """Return what came of taking a fix back."""
    title = tr(taken.receipt.title) if taken.receipt else ""
    changes = changes_between(before, taken.case.examination)
    lines = tuple(_restored(taken.restored))
    return Outcome("ok", tr(N_("Taken back: {title}"), title=title), lines, changes)


def _restored(restored: Restored) -> list[Line]:
    return [Line("ok", tr(N_("As it was before: {path}"), path=path)) for path in restored.restored]


def outcome_of_cancelling(*, fetched: bool = False) -> Outcome:
    """Return what to say after the person stopped a fix; `fetched`: something of a download is kept."""
    kept = tr(N_("What was downloaded is kept, so the next time goes on from there."))
    lines = (Line("hint", kept),) if fetched else ()
    return Outcome("hint", tr(N_("Stopped. Everything is as it was.")), lines)


def outcome_of_failure(failure: Failure) -> Outcome:
    """Return what to say when a fix could not be carried out."""
    lines = [Line("hint", tr(failure.message))]
    for path, saved in failure.left:
        text = (
            N_("{path} is not as it was; what it held lies in {saved}.")
            if saved
            else N_("{path} is not as it was.")
        )
        lines.append(Line("warning", tr(text, path=path, saved=saved)))
    return Outcome("error", tr(N_("That could not be done.")), tuple(lines), commands=failure.commands)
