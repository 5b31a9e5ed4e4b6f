"""The causes that a class has, the one that hits most people first, as a table."""

from PySide6.QtCore import QObject, Qt

from gomedic.reporting.merging import Hit, Overview
from gomedic.texts import N_
from gomedic_gui.images_model import LEVEL
from gomedic_gui.rows_model import RowsModel
from gomedic_gui.text import enumerated, tr
from gomedic_gui.wording import level_in_words

_HEADINGS = (N_("Which cause hits most"), N_("How many"), N_("Whom it hits"))


class ClassModel(RowsModel):
    """One row for each cause."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(_HEADINGS, owner)
        self._people = 0

    def show_overview(self, overview: Overview) -> None:
        """Hold another class."""
        self._people = len(overview.reports)
        self.hold(overview.hits)

    def cell(self, row: Hit, column: int, role: int) -> object:
        share = tr(N_("{count} of {all}"), count=len(row.names), all=self._people)
        cells = (row.example, share, enumerated(row.names))
        if role == LEVEL:
            return row.severity if column == 0 else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells[column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((level_in_words(row.severity), *cells)) if column == 0 else cells[column]
        return None
