"""What fills the window: the header, the pages, and the quiet offer below them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gomedic.texts import N_
from gomedic_gui.change_bar import ChangeBar
from gomedic_gui.doctor import Doctor
from gomedic_gui.header import Header
from gomedic_gui.overrides_page import OverridesPage
from gomedic_gui.preview_page import PreviewPage
from gomedic_gui.result_page import ResultPage
from gomedic_gui.tabs import Tabs
from gomedic_gui.text import tr
from gomedic_gui.welcome_page import WelcomePage
from gomedic_gui.working_page import WorkingPage


class Middle(QWidget):
    """Lays out the parts of the window; one of `pages` is shown at a time."""

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = Header()
        self.tabs = Tabs(doctor)
        self.welcome = WelcomePage()
        self.preview_page = PreviewPage()
        self.overrides = OverridesPage(doctor)
        self.working = WorkingPage()
        self.result = ResultPage()
        self.changes = ChangeBar(doctor)
        self.pages = QStackedWidget()
        self.pages.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.pages.setAccessibleName(tr(N_("What gomedic shows")))
        for page in (
            self.welcome, self.tabs, self.preview_page, self.overrides, self.working, self.result,
        ):  # fmt: skip
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.changes)

    def set_free(self, free: bool) -> None:
        """Say whether something could be begun now."""
        self.tabs.set_free(free)
        self.changes.set_free(free)
        self.result.set_free(free)
