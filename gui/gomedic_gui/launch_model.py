"""The launch-way table of an image as a model: each way to start work in it, which Go it finds, and what carries it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from gomedic.texts import N_
from gomedic_gui.images import command_of, found_in_words, where_from
from gomedic_gui.images_model import LEVEL
from gomedic_gui.index import Index
from gomedic_gui.text import tr
from gomedic_gui.wording import version_in_words

if TYPE_CHECKING:
    from gomedic.images.model import LaunchWay

_HEADINGS = (N_("Started by"), N_("Go"), N_("Carried by"), N_("Put there by"))
_SIGNS = {"found": "ok", "missing": "no", "unknown": "unknown"}


class LaunchModel(QAbstractTableModel):
    """One row for each way."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._ways: tuple[LaunchWay, ...] = ()

    def show_ways(self, ways: "tuple[LaunchWay, ...]") -> None:
        """Hold another table."""
        self.beginResetModel()
        self._ways = ways
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._ways)

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
        way = self._ways[index.row()]
        cells = (command_of(way), _go(way), way.carrier.value if way.carrier else "", _maker(way))
        if role == LEVEL:
            return _SIGNS[way.found.value] if index.column() == 1 else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(cell for cell in cells if cell)
        return None


def _go(way: "LaunchWay") -> str:
    if way.unclear is not None:
        place = f"{way.unclear.file}:{way.unclear.line}" if way.unclear.line else way.unclear.file
        return tr(N_("cannot be told: {place}"), place=place)
    said = tr(found_in_words(way)) if way.go is None else version_in_words(way.go.version)
    return said if way.installed else tr(N_("{go} (not in the image)"), go=said)


def _maker(way: "LaunchWay") -> str:
    made = where_from(way.made_by)
    return tr(made) if made is not None else ""
