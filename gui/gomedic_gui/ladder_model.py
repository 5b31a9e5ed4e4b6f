"""The PATH ladder of a session as a table: order, folder, what it means for go, who put it there."""

from PySide6.QtCore import QObject, Qt

from gomedic.model import Evidence
from gomedic.texts import N_
from gomedic_gui.ladder import Rung
from gomedic_gui.places import origin_in_short, tilde
from gomedic_gui.rail import rails
from gomedic_gui.rows_model import RowsModel
from gomedic_gui.text import listed, tr
from gomedic_gui.wording import version_in_words

STATE = Qt.ItemDataRole.UserRole + 1
RAIL = Qt.ItemDataRole.UserRole + 2  # above and below
DANGER = Qt.ItemDataRole.UserRole + 3  # "" for none
IS_LINK = Qt.ItemDataRole.UserRole + 4  # whether it names lines that can be shown
PLACE = Qt.ItemDataRole.UserRole + 5  # Evidence, None where there is none
_DANGERS = {
    "relative": N_("depends on the folder you are in"),
    "open": N_("others can put programs there"),
}
_HEADINGS = (N_("Folder"), N_("Its go"), N_("Put on PATH by"))


class LadderModel(RowsModel):
    """One row for each entry of PATH."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(_HEADINGS, owner)
        self._home = ""

    def show_ladder(self, rungs: tuple[Rung, ...], home: str) -> None:
        """Hold the ladder of another session."""
        self._home = home
        self.hold([*enumerate(rungs)])

    def winner(self) -> int | None:
        """Return the row of the go that runs."""
        return next((at for at, rung in self.rows if rung.state == "runs"), None)

    def cell(self, row: tuple[int, Rung], column: int, role: int) -> object:
        at, rung = row
        cells = (self._folder(rung), meaning(rung), origin_in_short(rung.origin, self._home))
        if role == STATE:
            return rung.state
        if role == RAIL:
            return rails(len(self.rows), self.winner())[at]
        if role == DANGER:
            return rung.danger
        if role == IS_LINK:
            return column == 2 and rung.origin.is_line
        if role == PLACE:
            origin = rung.origin
            return Evidence(origin.text or "", origin.path, origin.line) if origin.is_line else None
        if role == Qt.ItemDataRole.DisplayRole:
            return cells[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _details(rung) if column == 2 else cells[column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{at + 1}. " + ", ".join(cell for cell in cells if cell)
        return None

    def _folder(self, rung: Rung) -> str:
        return tilde(rung.entry, self._home) or tr(N_("(empty: the current folder)"))


def meaning(rung: Rung) -> str:
    """Return what a rung means for the person who types go."""
    return listed([_meaning(rung), tr(_DANGERS[rung.danger]) if rung.danger else ""])


def _meaning(rung: Rung) -> str:
    version = version_in_words(rung.version) if rung.version is not None else ""
    if rung.state == "runs":
        return tr(N_("{version} runs"), version=version or "go")
    if rung.state == "shadowed":
        return tr(N_("{version}, hidden"), version=version)
    if rung.state == "missing":
        return tr(N_("no such folder"))
    return tr(N_("repeated")) if rung.state == "repeated" else ""


def _details(rung: Rung) -> str:
    where = f"{rung.origin.file}:{rung.origin.line}" if rung.origin.is_line else rung.origin.file
    return "\n".join(part for part in (where, rung.origin.text or "", *rung.origin.chain) if part)
