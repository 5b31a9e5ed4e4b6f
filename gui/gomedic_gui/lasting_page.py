"""What a new terminal, a restart and a rebuild keep of Go's variables, as a picture."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gomedic.persistence import Persistence
from gomedic.persistence_words import notes_on
from gomedic.texts import N_
from gomedic_gui.asides import Asides
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.doctor import Doctor
from gomedic_gui.failure import Failure
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.lasting_delegate import LastingDelegate
from gomedic_gui.lasting_model import LastingModel
from gomedic_gui.save_button import SaveButton
from gomedic_gui.tables import plain_table
from gomedic_gui.text import tr

_TITLE = N_("What lasts of Go's variables")
_WHAT = N_(
    "The line of a variable ends where it is lost. What is to last for a whole class belongs in the image."
)


class LastingPage(QWidget):
    """Shows the map of what lasts; it is drawn when somebody first looks."""

    ended = Signal()  # nothing is being looked up any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doctor = doctor
        self._case: Case | None = None
        self._stale = True
        self._asides = Asides(self, threads=1)
        self._asides.ended.connect(self.ended)
        self.model = LastingModel(self)
        self.table = _table(self.model)
        self._notes = GlyphRow()
        self._notes.setObjectName("lasting-notes")
        self._notes.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(label(tr(_WHAT), muted=True))
        layout.addWidget(self._notes)
        layout.addWidget(self.table, 1)
        layout.addLayout(self._buttons())
        self.setFocusProxy(self.table)

    @property
    def is_busy(self) -> bool:
        """Whether something is being looked up."""
        return self._asides.busy

    def stop(self) -> None:
        """Ask what is at work to stop."""
        self._asides.cancel()

    def show_case(self, case: Case) -> None:
        """Show the map of this machine as it is now."""
        self._case = case
        self._stale = True
        if self.isVisible():
            self.compare("")

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if self._stale and self._case is not None:
            self.compare("")

    def compare(self, image: str) -> None:
        """Draw the map; with the container's image ("": without) what it sets and `docker run -e` gave are told apart."""
        if self._case is not None:
            self._stale = False
            work = self._doctor.lasting(self._case.examination, image)
            self._asides.run(work, self._show_found, self._show_failure)

    # ------------------------------------------------------------ what comes of it

    def _show_found(self, found: Persistence) -> None:
        home = self._case.examination.account.home if self._case else ""
        self.model.show_found(found, home)
        self.table.selectRow(0)
        _set_widths(self.table)
        self._compare.setVisible(found.is_container)
        self._tell("hint", " ".join(tr(note) for note in notes_on(found)))

    def _show_failure(self, failure: Failure) -> None:
        self._tell("unknown", tr(failure.message))

    def _tell(self, level: str, words: str) -> None:
        self._notes.show_level(level, words)
        self._notes.setVisible(bool(words))
        if words:
            self._notes.announce()

    # ------------------------------------------------------------ how it is put together

    def _buttons(self) -> QHBoxLayout:
        self._compare = Button()
        self._compare.setObjectName("compare-image")
        explained = N_(
            "Tells what the image sets from what docker run -e gave; a file that docker save wrote"
        )
        self._compare.say(tr(N_("&Take its image into account…")), tr(explained))
        self._compare.clicked.connect(self._choose)
        self._compare.hide()
        self.save = SaveButton()
        self.save.told.connect(self._tell)
        self.save.offer(tr(_TITLE), self.table, lambda: tr(_TITLE))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._compare)
        row.addStretch(1)
        row.addWidget(self.save)
        return row

    def _choose(self) -> None:
        asking = QFileDialog(self, tr(N_("Choose the image of this container")))
        asking.setObjectName("compare-image-dialog")
        asking.setFileMode(QFileDialog.FileMode.ExistingFile)
        asking.fileSelected.connect(self.compare)
        asking.finished.connect(asking.deleteLater)
        asking.open()


def _table(model: LastingModel) -> QTableView:
    view = QTableView()
    view.setObjectName("lasting")
    plain_table(view, model, LastingDelegate(view), tr(_TITLE))
    down = view.verticalHeader()
    down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # all rows are of one height: none is asked
    down.setDefaultSectionSize(2 * view.fontMetrics().lineSpacing() + 18)
    return view


def _set_widths(view: QTableView) -> None:
    """Give the two columns of text what the signs leave."""
    across = view.horizontalHeader()
    for column in range(view.model().columnCount()):
        mode = QHeaderView.ResizeMode
        across.setSectionResizeMode(column, mode.Stretch if column == 1 else mode.ResizeToContents)
    across.setSectionResizeMode(0, mode.Interactive)
    across.resizeSection(0, min(view.sizeHintForColumn(0), view.fontMetrics().averageCharWidth() * 26))
