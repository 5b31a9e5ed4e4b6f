"""One finding, whole: what is, why it matters, the guilty line, where it shows, and the way out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from gomedic.by_hand import commands_by_hand
from gomedic.diagnosis import Check
from gomedic.doctor import Offer
from gomedic.model import Evidence, Finding, Fix
from gomedic.pages import check_named
from gomedic.texts import N_, Message
from gomedic_gui.button import Button
from gomedic_gui.case import Case, guilty_line
from gomedic_gui.check_page import CheckPage
from gomedic_gui.commands_box import CommandsBox
from gomedic_gui.evidence_box import EvidenceBox
from gomedic_gui.fix_bar import FixBar
from gomedic_gui.fold import Fold
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.palette import scheme_of
from gomedic_gui.scroll import Scroll
from gomedic_gui.session_links import SessionLinks
from gomedic_gui.text import counted, tr


class FindingPanel(QWidget):
    """Shows a finding, and on demand what there is to know about its kind.

    Asks for a fix or a session to be shown; does nothing itself.
    """

    fix_chosen = Signal(object, object)  # Finding, Fix
    session_chosen = Signal(str)
    instead_wanted = Signal(object)  # Finding

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding: Finding | None = None
        self._shown: tuple[object, ...] = ()
        self._scroll = Scroll()
        self.about = CheckPage()
        self.about.closed.connect(self._leave_page)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(self.about)
        self._bar = FixBar()
        self._bar.fix_chosen.connect(self._ask_for_fix)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._bar)

    def show_finding(self, case: Case, finding: Finding) -> None:
        """Show a finding of a case."""
        if (now := _shown(case, finding, self.palette())) == self._shown:
            self._bar.wait()
            return  # the same as before: keep what is unfolded, and where the person has scrolled to
        check, reads_on = check_named(finding.check), self._reads_about(finding)
        self._finding, self._shown = finding, now
        self._scroll.setWidget(self._body(case, finding, check))
        self._bar.show_finding(finding)
        if check is not None and reads_on:
            self.about.show_check(check)
        else:
            self._stack.setCurrentWidget(self._scroll)

    def _reads_about(self, finding: Finding) -> bool:
        shown = self._finding is not None and self._finding.check == finding.check
        return shown and self._stack.currentWidget() is self.about

    def show_offer(self, finding: Finding, offer: Offer) -> None:
        """Show which fix of a finding is offered first, if it is the one that is shown."""
        if finding == self._finding:
            self._bar.show_offer(offer)

    def wait(self) -> None:
        """Let no fix be chosen until a finding is shown."""
        self._bar.wait()

    def set_free(self, free: bool) -> None:
        """Say whether a fix could be begun now."""
        self._bar.set_free(free)

    def _ask_for_fix(self, fix: Fix) -> None:
        self.fix_chosen.emit(self._finding, fix)

    def _show_page(self, check: Check) -> None:
        self.about.show_check(check)
        self._stack.setCurrentWidget(self.about)
        self.about.begin_reading()

    def _leave_page(self) -> None:
        self._stack.setCurrentWidget(self._scroll)  # which gives the focus back to what had it there

    def _body(self, case: Case, finding: Finding, check: Check | None) -> QWidget:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        sign = GlyphRow(bold=True)
        sign.show_level(finding.severity.value)
        layout.addWidget(sign)
        layout.addWidget(label(tr(finding.message), scale=1.2, bold=True))
        layout.addWidget(label(tr(finding.why)))
        if check is not None:
            layout.addWidget(self._about_button(check), 0, Qt.AlignmentFlag.AlignLeft)
        self._add_evidence(layout, case, finding)
        if finding.sessions:
            links = SessionLinks(finding.sessions, case.examination.sessions)
            links.session_chosen.connect(self.session_chosen)
            layout.addSpacing(4)
            layout.addWidget(_section(tr(N_("Where it shows"))))
            layout.addWidget(links)
        _add_advice(layout, finding)
        self._add_consequences(layout, case, finding)
        if any(fix.steps for fix in finding.fixes):
            words = tr(N_("Show how to do it &by hand"))
            layout.addWidget(Fold("by-hand", words, lambda: [self._by_hand(finding)]))
        if any(not kind.startswith("process:") for kind in finding.sessions):
            instead = instead_button()
            instead.clicked.connect(lambda: self.instead_wanted.emit(finding))
            layout.addWidget(instead, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return body

    def _add_consequences(self, layout: QVBoxLayout, case: Case, finding: Finding) -> None:
        follow = [each for each in case.examination.findings if each.because_of == finding.id]
        if follow:
            words = counted(
                len(follow), N_("{n} thing &more follows from it"), N_("{n} things &more follow from it")
            )
            layout.addWidget(Fold("follows", words, lambda: [_row(each) for each in follow]))

    def _by_hand(self, finding: Finding) -> QWidget:
        """Return the commands of the fix that is offered, else of the first that consists of steps."""
        first = self._bar.first
        stepwise = [fix for fix in (*((first,) if first else ()), *finding.fixes) if fix.steps]
        title = tr(N_("By hand, in a terminal: {title}"), title=stepwise[0].title)
        return CommandsBox(commands_by_hand(stepwise[0].steps), title)

    def _about_button(self, check: Check) -> Button:
        button = Button(look="quiet")
        button.setObjectName("about")
        button.say(
            tr(N_("Abo&ut this kind of fault")), tr(N_("What it means, how it is cured, and who met it"))
        )
        button.setAccessibleName(tr(N_("About this kind of fault: {title}"), title=Message(check.title)))
        button.clicked.connect(lambda: self._show_page(check))
        return button

    def _add_evidence(self, layout: QVBoxLayout, case: Case, finding: Finding) -> None:
        first, others = _ordered(finding)
        if first is None:
            return
        layout.addSpacing(4)
        layout.addWidget(_section(tr(N_("Where it comes from")) if first.line else tr(N_("What was seen"))))
        layout.addWidget(_box(case, finding, first))
        if others:
            words = counted(len(others), N_("Show {n} more place"), N_("Show {n} more places"))
            layout.addWidget(
                Fold("more-places", words, lambda: [_box(case, finding, other) for other in others])
            )


def instead_button() -> Button:
    """Return the button that asks what else could be done."""
    button = Button(look="quiet")
    button.setObjectName("instead")
    words = N_("Tries every other way to choose a Go, and shows what would defeat it; changes nothing")
    button.say(tr(N_("What could I do &instead?")), tr(words))
    return button


def _shown(case: Case, finding: Finding, palette: QPalette) -> tuple[object, ...]:
    """Return all that decides what the panel looks like."""
    places = [(evidence.file or "", evidence.line or 0) for evidence in finding.evidence]
    labels = [(session.kind, session.label) for session in case.examination.sessions]
    return (
        finding,
        [each for each in case.examination.findings if each.because_of == finding.id],
        [case.excerpts.get(place) for place in places],
        labels,
        scheme_of(palette),
        tr(finding.message),
    )


def _ordered(finding: Finding) -> tuple[Evidence | None, list[Evidence]]:
    """Return the evidence to show first, and the rest without repeating a place."""
    first = guilty_line(finding) or next(iter(finding.evidence), None)
    if first is None:
        return None, []
    places = {(first.file, first.line, first.text)}
    others = []
    for evidence in finding.evidence:
        key = (evidence.file, evidence.line, evidence.text)
        if key not in places:
            places.add(key)
            others.append(evidence)
    return first, others


def _box(case: Case, finding: Finding, evidence: Evidence) -> EvidenceBox:
    excerpt = case.excerpts.get((evidence.file or "", evidence.line or 0))
    return EvidenceBox(evidence, excerpt, finding.severity.value, case.examination.account.home)


def _add_advice(layout: QVBoxLayout, finding: Finding) -> None:
    """Add the ways out that are the person's own to take."""
    if finding.advice:
        layout.addSpacing(4)
        layout.addWidget(_section(tr(N_("What helps"))))
    for advice in finding.advice:
        layout.addWidget(label(tr(advice)))


def _row(finding: Finding) -> GlyphRow:
    row = GlyphRow()
    row.show_level(finding.severity.value, tr(finding.message))
    return row


def _section(title: str) -> QLabel:
    return label(title, scale=0.92, bold=True, muted=True)
