"""The causes that a class has, the one that hits most people first, as a table."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from gomedic.reporting.merging import Hit, Overview
from gomedic.texts import N_
from gomedic_gui.images_model import LEVEL
from gomedic_gui.index import Index
from gomedic_gui.text import enumerated, tr
from gomedic_gui.wording import level_in_words

_HEADINGS = (N_("Which cause hits most"), N_("How many"), N_("Whom it hits"))


class ClassModel(QAbstractTableModel):
    """One row for each cause."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._overview = Overview((), (), ())

    def show_overview(self, overview: Overview) -> None:
        """Hold another class."""
        self.beginResetModel()
        self._overview = overview
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._overview.hits)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return tr(_HEADINGS[section]) if orientation is Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        hit = self._overview.hits[index.row()]
        cells = (hit.example, self._share(hit), enumerated(hit.names))
        if role == LEVEL:
            return hit.severity if index.column() == 0 else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return (
                ", ".join((level_in_words(hit.severity), *cells))
                if index.column() == 0
                else cells[index.column()]
            )
        return None

    def _share(self, hit: Hit) -> str:
        return tr(N_("{count} of {all}"), count=len(hit.names), all=len(self._overview.reports))
