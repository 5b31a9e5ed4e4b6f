"""The entries of the Toolchains page, as a list model."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from gomedic_gui.index import Index
from gomedic_gui.toolchains_entries import Entry
from gomedic_gui.toolchains_wording import beside_of, level_of, line_of, spoken, title_of

ENTRY = Qt.ItemDataRole.UserRole + 1
LEVEL = Qt.ItemDataRole.UserRole + 2  # "" for none
BESIDE = Qt.ItemDataRole.UserRole + 3  # what stands beside the title
LINE = Qt.ItemDataRole.UserRole + 4  # and below it


class ToolchainsModel(QAbstractListModel):
    """One row for each entry."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._entries: list[Entry] = []
        self._home = ""

    def show_entries(self, entries: list[Entry], home: str) -> None:
        """Hold other entries."""
        self.beginResetModel()
        self._entries, self._home = entries, home
        self.endResetModel()

    def row_of(self, key: str) -> int | None:
        """Return the row of an entry."""
        keys = [entry.key for entry in self._entries]
        return keys.index(key) if key in keys else None

    def first_row(self) -> int | None:
        """Return the first row that can be chosen."""
        rows = [row for row, entry in enumerate(self._entries) if entry.kind != "heading"]
        return rows[0] if rows else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self._entries[index.row()].kind == "heading":
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self._data(self._entries[index.row()], role) if index.isValid() else None

    def _data(self, entry: Entry, role: int) -> object:
        if role == ENTRY:
            return entry
        if role == LEVEL:
            return level_of(entry)
        if role == BESIDE:
            return beside_of(entry, self._home)
        if role == LINE:
            return line_of(entry)
        if role == Qt.ItemDataRole.DisplayRole:
            return title_of(entry)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(entry, self._home)
        return None
