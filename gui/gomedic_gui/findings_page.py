"""The first page: the findings at the left, the chosen one at the right."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from gomedic.model import CheckResult, Examination, Finding
from gomedic_gui.case import Case
from gomedic_gui.finding_list import FindingList
from gomedic_gui.finding_panel import FindingPanel
from gomedic_gui.healthy_panel import HealthyPanel


class FindingsPage(QSplitter):
    """Shows a case by its findings."""

    fix_chosen = Signal(object, object)  # Finding, Fix
    session_chosen = Signal(str)
    offer_wanted = Signal(object)  # Finding
    thorough_requested = Signal()
    instead_wanted = Signal(object)  # Finding

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._case: Case | None = None
        self.findings = FindingList()
        self.findings.setMinimumWidth(220)
        self.panel = FindingPanel()
        self.healthy = HealthyPanel()
        self._right = QStackedWidget()
        self._right.addWidget(self.panel)
        self._right.addWidget(self.healthy)
        self._right.setMinimumWidth(320)
        self.addWidget(self.findings)
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
            self.findings.setVisible(True)
            self.findings.add_findings(case.examination)
        self._is_showing_case = False

    def _show_settled(self, examination: Examination) -> None:
        unknown = any(check.state == "failed" for check in examination.checks)
        self.findings.setVisible(bool(examination.findings) or unknown)
        if not self.findings.isVisibleTo(self):
            self.healthy.show_healthy(examination)
            self._right.setCurrentWidget(self.healthy)
        self.findings.show_examination(examination)
        self.findings.tell_chosen()

    def begin(self) -> None:
        """Take note that an examination begins."""
        self.findings.begin()

    def set_free(self, free: bool) -> None:
        """Say whether something could be begun now."""
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
