"""The pages beside each other, each with its tab."""

import re

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from gomedic.texts import N_
from gomedic_gui.ask_page import AskPage
from gomedic_gui.case import Case
from gomedic_gui.doctor import Doctor
from gomedic_gui.findings_page import FindingsPage
from gomedic_gui.history_page import HistoryPage
from gomedic_gui.images_tab import ImagesTab
from gomedic_gui.report_page import ReportPage
from gomedic_gui.sessions_page import SessionsPage
from gomedic_gui.settings_page import SettingsPage
from gomedic_gui.text import tr
from gomedic_gui.toolchains_page import ToolchainsPage


class Tabs(QTabWidget):
    """The pages that a case is shown on, in the order of their shortcuts: Ctrl+1 and so on."""

    ended = Signal()  # nothing is at work on a page any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setAcceptDrops(True)
        self.setAccessibleName(tr(N_("Pages")))
        self.tabBar().setAccessibleName(tr(N_("Pages")))
        self.findings = FindingsPage()
        self.sessions = SessionsPage()
        self.toolchains = ToolchainsPage(doctor)
        self.history = HistoryPage()
        self.ask = AskPage()
        self.report = ReportPage(doctor)
        self.images = ImagesTab(doctor)
        self.settings = SettingsPage(doctor)
        self._working = (self.toolchains, self.report, self.images, self.settings)
        self._soon: Case | None = None
        self._drawing = QTimer(self, singleShot=True, interval=0)
        self._drawing.timeout.connect(self._show_now)
        self.shortcuts: dict[str, QWidget] = {}
        for number, (page, title) in enumerate((
            (self.findings, N_("&What was found")),
            (self.sessions, N_("Which &Go, where")),
            (self.toolchains, N_("Too&lchains")),
            (self.history, N_("&History")),
            (self.ask, N_("Ex&plain an error")),
            (self.report, N_("&Report")),
            (self.images, N_("Te&aching")),
            (self.settings, N_("Setti&ngs")),
        ), 1):  # fmt: skip
            self.shortcuts[f"Ctrl+{number}"] = page
            self.setTabToolTip(self.addTab(page, tr(title)), f"Ctrl+{number}")
        self.findings.session_chosen.connect(self.show_session)
        self.toolchains.session_chosen.connect(self.show_session)
        for page in self._working:
            page.ended.connect(self.ended)
        self.ask.finding_chosen.connect(self.show_finding)

    def title_of(self, page: QWidget) -> str:
        """Return the title of a page, without the letter that opens it."""
        return re.sub(r" ?\(&\w\)|&", "", self.tabText(self.indexOf(page)))

    @property
    def is_busy(self) -> bool:
        """Whether something is at work on a page."""
        return any(page.is_busy for page in self._working)

    def stop(self) -> None:
        """Ask what is at work on the pages to stop."""
        for page in self._working:
            page.stop()

    def show_case_soon(self, case: Case) -> None:
        """Show a case in the next turn of the event loop."""
        self._soon = case
        self._drawing.start()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        self.setCurrentWidget(self.images)
        self.images.take([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    @property
    def is_drawing(self) -> bool:
        """Whether something is about to be shown."""
        return self._drawing.isActive() or self.findings.is_drawing

    def _show_now(self) -> None:
        if self._soon is not None:
            self.show_case(self._soon)

    def show_case(self, case: Case) -> None:
        """Show a case on every page."""
        self._drawing.stop()
        self._soon = None
        for page in (
            self.findings,
            self.sessions,
            self.toolchains,
            self.history,
            self.ask,
            self.report,
            self.images,
        ):
            page.show_case(case)

    def set_free(self, free: bool) -> None:
        """Say whether something could be begun now."""
        for page in (self.findings, self.toolchains, self.history):
            page.set_free(free)

    def show_session(self, kind: str) -> None:
        """Show a session and its PATH."""
        self.sessions.choose(kind)
        self.setCurrentWidget(self.sessions)
        self.sessions.cards.setFocus()

    def show_finding(self, identity: str) -> None:
        """Show a finding of the case."""
        self.findings.findings.choose(identity)
        self.setCurrentWidget(self.findings)
        self.findings.findings.setFocus()
