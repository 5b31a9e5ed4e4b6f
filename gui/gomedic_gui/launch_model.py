"""The launch-way table of an image as a model: each way to start work in it, which Go it finds, and what carries it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from gomedic.texts import N_
from gomedic_gui.images import command_of, found_in_words, where_from
from gomedic_gui.images_model import LEVEL
from gomedic_gui.rows_model import RowsModel
from gomedic_gui.text import tr
from gomedic_gui.wording import version_in_words

if TYPE_CHECKING:
    from gomedic.images.model import LaunchWay

_HEADINGS = (N_("Started by"), N_("Go"), N_("Carried by"), N_("Put there by"))
_SIGNS = {"found": "ok", "missing": "no", "unknown": "unknown"}


class LaunchModel(RowsModel):
    """One row for each way."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(_HEADINGS, owner)

    def show_ways(self, ways: "tuple[LaunchWay, ...]") -> None:
        """Hold another table."""
        self.hold(ways)

    def cell(self, row: "LaunchWay", column: int, role: int) -> object:
        cells = (command_of(row), _go(row), row.carrier.value if row.carrier else "", _maker(row))
        if role == LEVEL:
            return _SIGNS[row.found.value] if column == 1 else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells[column]
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
