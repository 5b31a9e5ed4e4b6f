"""One fix at a time: shown, carried out, taken back, and what came of it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gomedic.model import Examination, Finding, Fix, Receipt, Step
from gomedic.proof import Proof
from gomedic.texts import N_
from gomedic_gui.case import TakenBack, Treated, taking_back, treating
from gomedic_gui.outcome import outcome_of_fix, outcome_of_taking_back
from gomedic_gui.text import tr

if TYPE_CHECKING:
    from gomedic_gui.window import Window


class Treatments(QObject):
    """Leads through one change of the machine, on the pages of a window."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.chosen: tuple[Finding, Fix] | None = None
        window.trials.proved.connect(self._show_proof)
        window.trials.edits_known.connect(self._show_edits)

    def preview(self, finding: Finding, fix: Fix) -> None:
        """Show what a fix would do."""
        window = self._window
        if window.is_busy:
            return
        self.chosen = (finding, fix)
        window.preview_page.show_fix(finding, fix)
        window.pages.setCurrentWidget(window.preview_page)
        window.trials.ask_proof(finding, fix)
        window.trials.ask_edits(fix)

    def _show_proof(self, finding: Finding, fix: Fix, proof: Proof | None) -> None:
        if self._shows(fix) and self.chosen == (finding, fix):
            self._window.preview_page.show_proof(proof)

    def _show_edits(self, fix: Fix, steps: tuple[Step, ...]) -> None:
        if self._shows(fix):
            self._window.preview_page.show_edits(steps)

    def _shows(self, fix: Fix) -> bool:
        chosen = self.chosen is not None and self.chosen[1] == fix
        return chosen and self._window.pages.currentWidget() is self._window.preview_page

    def treat(self) -> None:
        """Carry out the fix that is shown."""
        window = self._window
        if window.is_busy or window.case is None or self.chosen is None:
            return
        fix = self.chosen[1]
        shared = fix.install is not None and fix.install.to is not None
        window.show_working(tr(fix.title), may_ask=fix.needs_root or shared, installs=fix.install is not None)
        work, before = treating(window.doctor, window.case, *self.chosen), window.case.examination
        window.begin(work, window.show_progress, partial(self._after_fix, before))

    def take_back(self, receipt: Receipt | None = None) -> None:
        """Take back a fix (None: the newest)."""
        window = self._window
        receipt = receipt or (window.case.last_fix if window.case else None)
        if receipt is None or window.gives_way(partial(self.take_back, receipt)):
            return
        if window.is_busy or window.case is None:
            return
        asks = any(step.privileged for step in receipt.steps)
        window.show_working(tr(N_("Taking back: {title}"), title=receipt.title), may_ask=asks)
        work, before = taking_back(window.doctor, receipt), window.case.examination
        window.begin(work, window.show_progress, partial(self._after_taking_back, before))

    def _after_fix(self, before: Examination, treated: Treated) -> None:
        """Show what came of a fix; where a build still follows, that can be given up from the header."""
        window = self._window
        outcome = outcome_of_fix(treated, before)
        if treated.treatment.taken_back or window.pages.currentWidget() in (window.working, window.result):
            window.show_result(outcome, treated.case)
        else:
            window.show_case(treated.case)
        if not treated.treatment.settled:
            window.let_build()

    def _after_taking_back(self, before: Examination, taken: TakenBack) -> None:
        self._window.show_result(outcome_of_taking_back(taken, before), taken.case)
