"""The list of findings, at the left of the window."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from gomedic.model import CheckResult, Examination, Finding
from gomedic.texts import N_
from gomedic_gui.finding_delegate import FindingDelegate
from gomedic_gui.finding_tree import CHECK, FINDING, index_of, tree_of
from gomedic_gui.index import Index
from gomedic_gui.text import tr


class FindingList(QTreeView):
    """Shows the findings of an examination; tells which one the person chose."""

    finding_chosen = Signal(object)  # Finding
    check_chosen = Signal(object)  # CheckResult that could not find out

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(N_("What was found")))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(22)
        self.setMouseTracking(True)
        self.setItemDelegate(FindingDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._model = QStandardItemModel(self)
        self._chosen_id: str | None = None

    def show_examination(self, examination: Examination) -> None:
        """Show its findings; the one chosen before stays chosen while it is still there."""
        old = self._model
        self._model = tree_of(examination, self)
        self.setModel(self._model)
        old.deleteLater()
        self.expandAll()
        self.setCurrentIndex(index_of(self._model, self._chosen_id))

    def choose(self, finding_id: str) -> None:
        """Choose a finding by its id."""
        self.setCurrentIndex(index_of(self._model, finding_id))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        chosen = current.data(FINDING)
        if isinstance(chosen, Finding):
            self._chosen_id = chosen.id
            self.finding_chosen.emit(chosen)
        elif isinstance(check := current.data(CHECK), CheckResult):
            self.check_chosen.emit(check)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # rows are as high as their text, wrapped to the width
