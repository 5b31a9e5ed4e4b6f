"""The first page: the findings at the left, the chosen one at the right."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gomedic.model import CheckResult, Examination, Finding
from gomedic.texts import N_
from gomedic.together import promising
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.finding_list import FindingList
from gomedic_gui.finding_panel import FindingPanel
from gomedic_gui.healthy_panel import HealthyPanel
from gomedic_gui.text import tr


class FindingsPage(QSplitter):
    """Shows a case by its findings."""

    fix_chosen = Signal(object, object)  # Finding, Fix
    session_chosen = Signal(str)
    offer_wanted = Signal(object)  # Finding
    thorough_requested = Signal()
    instead_wanted = Signal(object)  # Finding
    all_wanted = Signal()  # all that is safe

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._case: Case | None = None
        self.findings = FindingList()
        self._fix_all = Button(look="quiet")
        self._fix_all.setObjectName("fix-all")
        self._fix_all.clicked.connect(self.all_wanted)
        self.panel = FindingPanel()
        self.healthy = HealthyPanel()
        self._right = QStackedWidget()
        self._right.addWidget(self.panel)
        self._right.addWidget(self.healthy)
        self._right.setMinimumWidth(320)
        self._left = self._list_with_button()
        self.addWidget(self._left)
        self.addWidget(self._right)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setStretchFactor(0, 2)
        self.setStretchFactor(1, 3)
        self.setSizes([300, 500])
        self._wanted: Finding | CheckResult | None = None
        self._is_showing_case = False
        self._drawing = QTimer(self, singleShot=True, interval=0)
        self._drawing.timeout.connect(self._show_wanted)
        self.findings.finding_chosen.connect(self._want)
        self.findings.check_chosen.connect(self._want)
        self.panel.fix_chosen.connect(self.fix_chosen)
        self.panel.session_chosen.connect(self.session_chosen)
        self.panel.instead_wanted.connect(self.instead_wanted)
        self.healthy.thorough_requested.connect(self.thorough_requested)

    def show_case(self, case: Case) -> None:
        """Show a case; where nothing was found, what was checked. Of one that is not settled, what was found so far."""
        self._case = case
        self._is_showing_case = True
        if case.settled:
            self._show_settled(case.examination)
        else:
            self._left.setVisible(True)
            self.findings.add_findings(case.examination)
        self._is_showing_case = False

    def _show_settled(self, examination: Examination) -> None:
        unknown = any(check.state == "failed" for check in examination.checks)
        self._left.setVisible(bool(examination.findings) or unknown)
        self._offer_all(len(promising(examination)))
        if not self.findings.isVisibleTo(self):
            self.healthy.show_healthy(examination)
            self._right.setCurrentWidget(self.healthy)
        self.findings.show_examination(examination)
        self.findings.tell_chosen()

    def _offer_all(self, count: int) -> None:
        """Offer to fix all that is safe as one plan, where that is more than the one fix at the right."""
        self._all_bar.setVisible(count > 1)
        explained = N_("Shows every change of all of them before anything is done")
        many = N_("Fix both that are &safe…") if count == 2 else N_("Fix all {n} that are &safe…")
        self._fix_all.say(tr(many, n=count), tr(explained))

    def _list_with_button(self) -> QWidget:
        """Return the list, and below it, where it moves nothing, the button for all."""
        self._all_bar = QWidget()
        row = QHBoxLayout(self._all_bar)
        row.setContentsMargins(12, 12, 12, 12)
        row.addWidget(self._fix_all)
        row.addStretch(1)
        self._all_bar.hide()
        made = QWidget()
        made.setMinimumWidth(220)
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.findings, 1)
        layout.addWidget(self._all_bar)
        return made

    def begin(self) -> None:
        """Take note that an examination begins."""
        self.findings.begin()

    def set_free(self, free: bool) -> None:
        """Say whether something could be begun now."""
        self._fix_all.setEnabled(free)
        self.panel.set_free(free)
        self.healthy.set_free(free)

    @property
    def is_drawing(self) -> bool:
        """Whether what was chosen is about to be shown."""
        return self._drawing.isActive()

    def _want(self, chosen: Finding | CheckResult) -> None:
        """Show what the person chose at once; what a new case brings, in the next turn of the event loop."""
        self._wanted = chosen
        if self._is_showing_case:
            self.panel.wait()
            self._drawing.start()
        else:
            self._show_wanted()

    def _show_wanted(self) -> None:
        self._drawing.stop()
        if isinstance(self._wanted, CheckResult):
            self.healthy.show_unknown(self._wanted)
            self._right.setCurrentWidget(self.healthy)
        elif self._wanted is not None and self._case is not None and self.findings.isVisibleTo(self):
            self.panel.show_finding(self._case, self._wanted)
            self._right.setCurrentWidget(self.panel)
            self.offer_wanted.emit(self._wanted)
