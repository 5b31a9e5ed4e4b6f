"""What fills the window: the header, the pages, and the quiet offer below them."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gomedic.texts import N_
from gomedic_gui.change_bar import ChangeBar
from gomedic_gui.doctor import Doctor
from gomedic_gui.header import Header
from gomedic_gui.overrides_page import OverridesPage
from gomedic_gui.plan_page import PlanPage
from gomedic_gui.preview_page import PreviewPage
from gomedic_gui.result_page import ResultPage
from gomedic_gui.tabs import Tabs
from gomedic_gui.text import tr
from gomedic_gui.welcome_page import WelcomePage
from gomedic_gui.working_page import WorkingPage


class Middle(QWidget):
    """Lays out the parts of the window; one of `pages` is shown at a time. The first is there at once."""

    first_painted = Signal()  # once

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doctor = doctor
        self._is_painted = False
        self.header = Header()
        self.welcome = WelcomePage()
        self.pages = QStackedWidget()
        self.pages.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.pages.setAccessibleName(tr(N_("What gomedic shows")))
        self.pages.addWidget(self.welcome)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.header)
        self._layout.addWidget(self.pages, 1)

    def finish(self) -> None:
        """Make the other pages, and what is below them."""
        self.tabs = Tabs(self._doctor)
        self.preview_page = PreviewPage()
        self.plan_page = PlanPage()
        self.overrides = OverridesPage(self._doctor)
        self.working = WorkingPage()
        self.result = ResultPage()
        self.changes = ChangeBar(self._doctor)
        shown = (self.tabs, self.preview_page, self.plan_page, self.overrides, self.working, self.result)
        for page in shown:
            self.pages.addWidget(page)
        self._layout.addWidget(self.changes)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def set_free(self, free: bool) -> None:
        """Say whether something could be begun now."""
        self.tabs.set_free(free)
        self.changes.set_free(free)
        self.result.set_free(free)
