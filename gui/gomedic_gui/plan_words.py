"""What the page of a plan says of it as a whole."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gomedic.texts import N_
from gomedic.together import Plan
from gomedic_gui.text import counted, tr

if TYPE_CHECKING:
    from gomedic.taking_back import Prospect


def title_of_plan(count: int) -> str:
    """Return the title of a plan of so many fixes."""
    if not count:
        return tr(N_("Nothing can be fixed in one go"))
    return counted(count, N_("Fix {n} problem"), N_("Fix {n} problems in one go"))


def title_of_return(count: int, of: int = 0) -> str:
    """Return the title of a plan to take so many fixes back, `of` so many that were asked for."""
    if not count:
        return tr(N_("None of them can be taken back"))
    if count < of:
        return tr(N_("Take {n} of {count} fixes back"), n=count, count=of)
    return counted(count, N_("Take {n} fix back"), N_("Take {n} fixes back, the newest first"))


def promise_of_plan(plan: Plan) -> str:
    """Return what a person may rely on who agrees to a plan."""
    if not plan.parts:
        return ""
    return tr(N_("What is there now is kept: you can take this back at any time, all of it or one by one."))


def promise_of_return(prospects: "Sequence[Prospect]") -> str:
    """Return what a person may rely on who agrees to take fixes back."""
    if any(each.why_not for each in prospects):
        return tr(N_("What you have changed since stays as it is; nothing of it is lost."))
    return tr(N_("Every file is then as it was before these fixes."))


def verdict_of_plan(plan: Plan) -> tuple[str, str] | None:
    """Return level and sentence of what the copy shows of a whole plan; None where nothing could be tried."""
    if plan.proof is None:
        return None
    if plan.untried:
        words = N_(
            "In a copy of your files {done} of {count} problems are gone; the others cannot be tried beforehand."
        )
        done = len(plan.parts) - len(plan.untried)
        return "ok", tr(words, done=done, count=len(plan.parts))
    count = len(plan.parts)
    return "ok", counted(
        count,
        N_("In a copy of your files the problem is gone."),
        N_("In a copy of your files these {n} problems are gone."),
    )
