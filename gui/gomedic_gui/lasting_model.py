"""What lasts, as a table: each of Go's variables, what carries it, and when it is gone."""

from PySide6.QtCore import QObject, Qt

from gomedic.exporting.values import SYSTEM_PATH
from gomedic.persistence import Lasting, Persistence
from gomedic.persistence_words import CARRIERS, LASTS, STORAGE
from gomedic.preview import shown
from gomedic.reporting.masking import without_secrets
from gomedic.texts import N_
from gomedic_gui.places import origin_in_short
from gomedic_gui.rows_model import RowsModel
from gomedic_gui.text import listed, tr

BELOW = Qt.ItemDataRole.UserRole + 1  # the second line of a cell
LASTING = Qt.ItemDataRole.UserRole + 2  # "kept", "gone", "unknown"; None: the cell is text
BEFORE = Qt.ItemDataRole.UserRole + 3  # that of the cell at the left
_STATES = {True: "kept", False: "gone", None: "unknown"}
_HEADINGS = (N_("Variable"), N_("Carried by"), N_("In a new terminal"), N_("After a restart"), N_("After a rebuild"))  # fmt: skip
_SYSTEM = frozenset(SYSTEM_PATH.split(":"))  # their folders come last: they are no news
_TEXTS = 2  # columns that are text


class LastingModel(RowsModel):
    """One row for each variable or entry of PATH; where there is no image there is no column for a rebuild."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(_HEADINGS, owner)
        self._home = ""

    def show_found(self, found: Persistence, home: str) -> None:
        """Hold another map."""
        self._home = home
        own_first = sorted(found.lasting, key=lambda each: each.name == "PATH" and each.value in _SYSTEM)
        self.hold(own_first, _HEADINGS if found.is_container else _HEADINGS[:-1])

    def cell(self, row: Lasting, column: int, role: int) -> object:
        if column >= _TEXTS:
            return self._answer(row, column, role)
        first, below = (row.name, _value(row)) if column == 0 else self._carried(row)
        if role == BELOW:
            return below
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (first, below) if part)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row) if column == 0 else listed([first, below])
        return first if role == Qt.ItemDataRole.DisplayRole else None

    def _answer(self, each: Lasting, column: int, role: int) -> object:
        answers = (True, each.terminal, each.restart, each.rebuild)  # it is here now
        at = column - _TEXTS + 1
        if role == LASTING:
            return _STATES[answers[at]]
        if role == BEFORE:
            return _STATES[answers[at - 1]]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{tr(_HEADINGS[column])}: {tr(LASTS[answers[at]])}"
        wanted = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        return tr(LASTS[answers[at]]) if role in wanted else None

    def _carried(self, each: Lasting) -> tuple[str, str]:
        file = ""
        if each.origin is not None:
            file = origin_in_short(each.origin, self._home)
        stored = tr(STORAGE.get(each.storage or "", ""))
        return tr(CARRIERS[each.carrier]), listed([file, stored])

    def _spoken(self, each: Lasting) -> str:
        answers = (each.terminal, each.restart, each.rebuild)[: self.columnCount() - _TEXTS]
        words = (
            f"{tr(head)}: {tr(LASTS[is_so])}"
            for head, is_so in zip(_HEADINGS[_TEXTS:], answers, strict=False)
        )
        return ", ".join((f"{each.name} {_value(each)}", self._carried(each)[0], *words))


def _value(each: Lasting) -> str:
    """Return the value as it may be shown to others: a picture is handed on."""
    return shown(without_secrets(each.value))
