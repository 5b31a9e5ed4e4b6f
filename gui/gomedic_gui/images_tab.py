"""What instructors come for, behind one tab: check an image, write a set-up."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from gomedic.texts import N_
from gomedic_gui.case import Case
from gomedic_gui.doctor import Doctor
from gomedic_gui.exports_page import ExportsPage
from gomedic_gui.images_page import ImagesPage
from gomedic_gui.text import tr


class ImagesTab(QTabWidget):
    """The two pages beside each other."""

    ended = Signal()  # nothing is at work any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.images = ImagesPage(doctor)
        self.exports = ExportsPage()
        self.addTab(self.images, tr(N_("Check an i&mage")))
        self.addTab(self.exports, tr(N_("Write a set-&up")))
        self.tabBar().setAccessibleName(tr(N_("For images")))
        self.setAccessibleName(tr(N_("For images")))
        for page in (self.images, self.exports):
            page.ended.connect(self.ended)

    @property
    def is_busy(self) -> bool:
        """Whether something is at work."""
        return self.images.is_busy or self.exports.is_busy

    def stop(self) -> None:
        """Ask what is at work to stop."""
        self.images.stop()
        self.exports.stop()

    def show_case(self, case: Case) -> None:
        """Write set-ups for this machine from now on."""
        self.exports.show_case(case)
