"""The fixes that were made, newest first, as a table model."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QModelIndex,
    QObject,
    Qt,
)  # fmt: skip

from gomedic.model import Receipt
from gomedic.texts import N_
from gomedic_gui.index import Index
from gomedic_gui.text import tr
from gomedic_gui.wording import receipt_state_in_words

RECEIPT = Qt.ItemDataRole.UserRole + 1
_HEADINGS = (N_("When"), N_("What was done"), N_("State"))


class HistoryModel(QAbstractTableModel):
    """One row for each receipt."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._receipts: tuple[Receipt, ...] = ()

    def show_receipts(self, receipts: tuple[Receipt, ...]) -> None:
        """Hold other receipts."""
        self.beginResetModel()
        self._receipts = receipts
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._receipts)

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
        receipt = self._receipts[index.row()]
        cells = (when(receipt.took_place), tr(receipt.title), receipt_state_in_words(receipt.state))
        if role == RECEIPT:
            return receipt
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(cells)
        return None


def when(took_place: str) -> str:
    """Return an ISO 8601 time as local date and time, in the one order that everybody reads alike."""
    moment = QDateTime.fromString(took_place, Qt.DateFormat.ISODate).toLocalTime()
    return moment.toString("yyyy-MM-dd HH:mm") if moment.isValid() else took_place
