"""What `gomedic fix` is going to do: which findings, by which fix of each, and what came of trying it."""

import sys
from collections.abc import Iterator, Sequence

from gomedic import doctor, report
from gomedic.console import Console
from gomedic.model import Examination, Finding, Fix
from gomedic.preview import outline
from gomedic.texts import N_, Message, in_language
from gomedic.together import LeftOut, Part, candidates, curable, plan_all

NO_FINDING = N_("There is no finding {id} now; `gomedic check` lists what there is.")
NO_FIX = N_("There is no fix {fix} for {id}.")
NOT_CURABLE = N_("gomedic knows no fix for {id}.")
NOTHING_TO_FIX = N_("There is nothing to fix.")
FAILED = N_("Not offered: {title}. {why} (All the same: gomedic fix '{id}#{fix}')")
ALL_FAILED = N_("No fix of {id} helps in a copy of your files, so nothing is done about it.")
LEFT_OUT = N_("Left out: {id}. {why}")

Wanted = tuple[Finding, Fix | None]  # None: the best one


# ------------------------------------------------------------------ which


def wanted_of(examination: Examination, names: Sequence[str], *, every: bool) -> list[Wanted] | Message:
    """Return the findings to put right, or why there are none."""
    if every or not names:
        chosen = candidates(examination) if every else curable(examination)[:1]
        return [(finding, None) for finding in chosen] or Message(NOTHING_TO_FIX)
    wanted: list[Wanted] = []
    for name in names:
        pair = named(examination, name)
        if isinstance(pair, Message):
            return pair
        wanted.append(pair if "#" in name else (pair[0], None))
    return wanted


def named(examination: Examination, name: str) -> tuple[Finding, Fix] | Message:
    """Return the finding and fix that FINDING[#FIX] names (a check's name will do for its only finding), or why not."""
    identity, _hash, wanted = name.partition("#")
    finding = next((f for f in examination.findings if f.id == identity), None)
    if finding is None:
        alone = [f for f in examination.findings if f.check == identity]
        finding = alone[0] if len(alone) == 1 else None
    if finding is None:
        return Message(NO_FINDING, {"id": identity})
    fix = next((f for f in finding.fixes if wanted in ("", f.id)), None)
    if fix is not None:
        return finding, fix
    return (
        Message(NO_FIX, {"fix": wanted, "id": identity}) if wanted else Message(NOT_CURABLE, {"id": identity})
    )


# ------------------------------------------------------------------ by which fix


def planned(
    examination: Examination, wanted: Sequence[Wanted], console: Console, *, safe_only: bool
) -> list[Part]:
    """Return the plan; a fix that was named stays, else the first that is not proved to fail is taken."""
    parts = [_planned(examination, finding, fix, console) for finding, fix in wanted]
    return [p for p in parts if not (safe_only and p.trial is not None and not p.trial.fix.safe)]


def planned_together(examination: Examination, console: Console) -> tuple[list[Part], tuple[LeftOut, ...]]:
    """Return the plan for all that is safe, and what it leaves out."""
    plan = console.follow(plan_all(console.host, examination))
    told = {part.finding.id for part in plan.failed}  # which say so themselves
    return [*plan.parts, *plan.failed], tuple(left for left in plan.left_out if left.finding.id not in told)


def _planned(examination: Examination, finding: Finding, fix: Fix | None, console: Console) -> Part:
    if fix is not None:
        trial = console.follow(doctor.try_fix(console.host, examination, finding, fix))
        return Part(finding, trial)
    offer = console.follow(doctor.best_fix(console.host, examination, finding))
    return Part(finding, offer.first, offer.failed)


# ------------------------------------------------------------------ shown


def show_plan(plan: Sequence[Part], console: Console, left_out: Sequence[LeftOut] = ()) -> None:
    """Print the plan, with what came of trying it, and what it leaves out."""
    if console.as_json:
        parts = [_json(part, console) for part in plan if part.trial]
        console.document(
            {"schema": 1, "plan": parts, "left_out": [_left(each, console) for each in left_out]}
        )
        return
    for part in plan:
        console.lines([*_text(part, console), ("", "")])
    for each in left_out:
        console.say(Message(LEFT_OUT, {"id": each.finding.id, "why": each.why}))


def _left(left: LeftOut, console: Console) -> report.Json:
    return {"finding": left.finding.id, "why": in_language(left.why, console.catalogue)}


def tell_failures(plan: Sequence[Part], console: Console) -> None:
    """Say on standard error of which findings no fix helps, beside a document or where nothing else is shown."""
    for part in plan:
        if part.trial is None:
            console.say(Message(ALL_FAILED, {"id": part.finding.id}), to=sys.stderr)


def _json(part: Part, console: Console) -> report.Json:
    assert part.trial is not None  # noqa: S101 - asked before
    failed = [
        {"id": trial.fix.id, "title": in_language(trial.fix.title, console.catalogue)}
        | {"proof": report.proof_json(trial.proof, console.catalogue)}
        for trial in part.failed
    ]
    return {
        "finding": part.finding.id,
        **report.fix_json(part.trial.fix, console.catalogue),
        "proof": report.proof_json(part.trial.proof, console.catalogue),
        "failed": failed,
    }


def _text(part: Part, console: Console) -> Iterator[report.Line]:
    yield in_language(part.finding.message, console.catalogue), "bold"
    if part.trial is not None:
        yield from _fix_text(part.trial.fix, console)
        yield from report.proof_text(part.trial.proof, console.catalogue)
    for trial in part.failed:
        values = {"title": trial.fix.title, "why": (trial.proof and trial.proof.why) or Message("")}
        names = {"id": part.finding.id, "fix": trial.fix.id}
        yield "  " + in_language(Message(FAILED, {**values, **names}), console.catalogue), "yellow"


def _fix_text(fix: Fix, console: Console) -> Iterator[report.Line]:
    yield "→ " + in_language(fix.title, console.catalogue), "green"
    if fix.note is not None:
        yield "  " + in_language(fix.note, console.catalogue), ""
    for step in outline(fix.steps):
        root = f"  ({in_language(Message(report.NEEDS_ROOT), console.catalogue)})" if step.privileged else ""
        yield f"  {in_language(step.words, console.catalogue)}{root}", ""
        for line in (step.diff or "").splitlines():
            yield f"    {line}", _diff_style(line)


def _diff_style(line: str) -> str:
    return "green" if line.startswith("+") else "red" if line.startswith("-") else "dim"
