"""What instructors come for, behind one tab: images, set-ups, policies, what a container keeps, a class's reports."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from gomedic.texts import N_
from gomedic_gui.case import Case
from gomedic_gui.class_page import ENDINGS, ClassPage
from gomedic_gui.doctor import Doctor
from gomedic_gui.exports_page import ExportsPage
from gomedic_gui.images_page import ImagesPage
from gomedic_gui.lasting_page import LastingPage
from gomedic_gui.policy_page import ENDING, PolicyPage
from gomedic_gui.text import tr


class ImagesTab(QTabWidget):
    """The pages beside each other."""

    ended = Signal()  # nothing is at work any more
    examine_requested = Signal()

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.images = ImagesPage(doctor)
        self.exports = ExportsPage()
        self.policy = PolicyPage(doctor)
        self.lasting = LastingPage(doctor)
        self.reports = ClassPage(doctor)
        self._working = (self.images, self.exports, self.policy, self.lasting, self.reports)
        for page, title in (
            (self.images, N_("Check an i&mage")),
            (self.exports, N_("Write a set-&up")),
            (self.policy, N_("What must hol&d")),
            (self.lasting, N_("What a re&build keeps")),
            (self.reports, N_("&Join reports")),
        ):
            self.addTab(page, tr(title))
            page.ended.connect(self.ended)
        self.tabBar().setAccessibleName(tr(N_("For instructors")))
        self.setAccessibleName(tr(N_("For instructors")))
        self.policy.examine_requested.connect(self.examine_requested)
        self.policy.chosen.connect(self.images.show_policy)

    @property
    def is_busy(self) -> bool:
        """Whether something is at work."""
        return any(page.is_busy for page in self._working)

    def stop(self) -> None:
        """Ask what is at work to stop."""
        for page in self._working:
            page.stop()

    def show_case(self, case: Case) -> None:
        """Speak of this machine from now on."""
        for page in (self.exports, self.policy, self.lasting):
            page.show_case(case)

    def take(self, files: list[str]) -> None:
        """Take files that were dropped, each kind on the page that it is for."""
        policies, reports, images = sorted_out(files)
        if policies:
            self.setCurrentWidget(self.policy)
            self.policy.use(policies[-1])
        if reports:
            self.setCurrentWidget(self.reports)
            self.reports.read(reports)
        for image in images:
            self.setCurrentWidget(self.images)
            self.images.check(image)


def sorted_out(files: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the policies, the reports and the images among files, told by how their names end."""
    policies = [file for file in files if file.lower().endswith(ENDING)]
    reports = [file for file in files if file.lower().endswith(ENDINGS)]
    return policies, reports, [file for file in files if file not in policies and file not in reports]
