"""A table whose rows come and go together: what all our tables have in common."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from gomedic_gui.index import Index
from gomedic_gui.text import tr


class RowsModel(QAbstractTableModel):
    """Holds rows under headings; what a cell says is told by `cell` of the table at hand."""

    def __init__(self, headings: Sequence[str], owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._headings = headings
        self.rows: Sequence[Any] = ()

    def hold(self, rows: Sequence[Any], headings: Sequence[str] | None = None) -> None:
        """Hold other rows, under other headings where they are given."""
        self.beginResetModel()
        self.rows = rows
        self._headings = self._headings if headings is None else headings
        self.endResetModel()

    def cell(self, row: Any, column: int, role: int) -> object:
        """Return what a cell of a row says in a role; None where it has nothing to say."""
        raise NotImplementedError

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._headings)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return tr(self._headings[section]) if orientation is Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self.cell(self.rows[index.row()], index.column(), role) if index.isValid() else None
