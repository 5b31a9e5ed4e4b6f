"""The images that were checked, newest first, as a list model."""

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from gomedic_gui.images import level_of, verdict_of_image
from gomedic_gui.index import Index
from gomedic_gui.text import tr
from gomedic_gui.wording import level_in_words

if TYPE_CHECKING:
    from gomedic.images.model import ImageReport, NotRead

REPORT = Qt.ItemDataRole.UserRole + 1
LEVEL = Qt.ItemDataRole.UserRole + 2


class ImagesModel(QAbstractListModel):
    """One row for each image; one that is checked again moves to the top."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._checked: list[tuple[str, ImageReport | NotRead]] = []

    def add(self, path: str, report: "ImageReport | NotRead") -> None:
        """Hold one more report, in the place of an older one on the same image."""
        for row, (known, _report) in enumerate(self._checked):
            if known == path:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._checked[row]
                self.endRemoveRows()
                break
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._checked.insert(0, (path, report))
        self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._checked)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        path, report = self._checked[index.row()]
        if role == REPORT:
            return report
        if role == LEVEL:
            return level_of(report)
        said = tr(verdict_of_image(report, os.path.basename(path.rstrip("/"))))
        if role == Qt.ItemDataRole.DisplayRole:
            return said
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{level_in_words(level_of(report))}: {said}"
        return path if role == Qt.ItemDataRole.ToolTipRole else None
