"""The parts of a plan as people read them: fixes to be done, fixes to be taken back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gomedic.model import Step
from gomedic.preview import outline
from gomedic.texts import N_, Message
from gomedic.together import LeftOut, Part, Plan
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.history_model import when
from gomedic_gui.labels import label
from gomedic_gui.places import tilde
from gomedic_gui.plan_page import Makers, Section
from gomedic_gui.preview_page import installing
from gomedic_gui.step_card import step_card
from gomedic_gui.text import enumerated, tr

if TYPE_CHECKING:
    from gomedic.taking_back import Prospect


def parts_of_plan(plan: Plan) -> Makers:
    """Yield what a plan does, finding by finding, then what it leaves out."""
    for number, part in enumerate(plan.parts, 1):
        yield from _part(number, part)
    for finding in plan.along:
        yield _row("ok", tr(N_("Solved along with these: {message}"), message=finding.message))
    if plan.left_out:
        yield _heading(tr(N_("Left as it is")))
    for left in plan.left_out:
        yield _left_out(left)


def _part(number: int, part: Part) -> Makers:
    if part.trial is None:
        return
    fix = part.trial.fix
    words = [_heading(f"{number}.  {tr(fix.title)}")]
    words.append(label(tr(N_("Against: {message}"), message=part.finding.message), muted=True))
    if fix.note is not None:
        words.append(_row("hint", tr(fix.note)))
    if part.trial.proof is None:
        words.append(_row("unknown", tr(N_("This one cannot be tried beforehand."))))
    section = Section(words)
    yield section
    if fix.install is not None:
        section.add(step_card(installing(fix.install)))
    yield from _cards(section, fix.steps)


def _left_out(left: LeftOut) -> QWidget:
    words = tr(N_("{message} {why}"), message=left.finding.message, why=left.why)
    return _row(left.finding.severity.value, words)


def parts_of_return(prospects: "Sequence[Prospect]", home: str) -> Makers:
    """Yield what taking fixes back would do, the newest first."""
    for number, prospect in enumerate(prospects, 1):
        receipt = prospect.receipt
        words = [_heading(f"{number}.  {tr(receipt.title)}")]
        words.append(label(tr(N_("Done on {when}"), when=when(receipt.took_place)), muted=True))
        if prospect.why_not is not None:
            words.append(_row("warning", _why_it_stays(prospect, prospect.why_not, home)))
        elif not prospect.steps:
            words.append(_row("ok", tr(N_("All of it is as it was already."))))
        section = Section(words)
        yield section
        yield from _cards(section, prospect.steps)


def _why_it_stays(prospect: "Prospect", why: Message, home: str) -> str:
    if not prospect.left:
        return tr(N_("This one stays. {why}"), why=why)
    paths = enumerated(dict.fromkeys(tilde(left.path, home) for left in prospect.left))
    return tr(
        N_("This one stays, because {paths} was changed after it; what stands there now is not touched."),
        paths=paths,
    )


def _cards(section: Section, steps: Sequence[Step]) -> Makers:
    for step in outline(steps):
        section.add(step_card(tr(step.words), step.diff, step.privileged))
        yield None


def _heading(words: str) -> QWidget:
    return label(words, scale=1.1, bold=True)


def _row(level: str, words: str) -> GlyphRow:
    row = GlyphRow()
    row.show_level(level, words)
    return row
