"""The what-if table as a model: one row for each way, under a heading that says who can do it; one column for each session."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from gomedic.model import Session
from gomedic.texts import N_
from gomedic_gui.index import Index
from gomedic_gui.overrides import ALREADY, Tried, is_way_out, outcome_of, state_of
from gomedic_gui.text import enumerated, tr
from gomedic_gui.wording import go_in_words, kind_in_words

if TYPE_CHECKING:
    from gomedic.overrides.values import Outcome, Row

ROW = Qt.ItemDataRole.UserRole + 1  # the Row, None on headings
STATE = Qt.ItemDataRole.UserRole + 2  # works already fails untried; of a way as a whole "best", "out" or ""
OUTCOME = Qt.ItemDataRole.UserRole + 3
_STATES = {
    "works": N_("works"),
    ALREADY: N_("runs it already"),
    "fails": N_("does not work"),
    "untried": N_("not tried"),
}
_SHORT = {"works": N_("works"), ALREADY: N_("as now"), "fails": N_("no"), "untried": N_("untried")}


class OverridesModel(QAbstractTableModel):
    """Holds a table that was tried."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._tried: Tried | None = None
        self._lines: list[Row | str] = []
        self._sessions: tuple[Session, ...] = ()

    def show_tried(self, tried: Tried | None) -> None:
        """Hold another table; None: an empty one."""
        self.beginResetModel()
        self._tried = tried
        self._lines = _lines(tried) if tried else []
        self._sessions = tried.sessions if tried else ()
        self.endResetModel()

    def headings(self) -> list[int]:
        """Return the rows that are headings."""
        return [number for number, line in enumerate(self._lines) if isinstance(line, str)]

    def best(self) -> int:
        """Return the row of the way that serves most, else the first."""
        found = self._tried.found.best if self._tried else None
        ways = [(number, line) for number, line in enumerate(self._lines) if not isinstance(line, str)]
        first = ways[0][0] if ways else 0
        return next((number for number, way in ways if way.way.id == found), first)

    def column_of(self, kind: str) -> int:
        """Return the column of a kind of session, 0 where there is none."""
        kinds = [session.kind for session in self._sessions]
        return kinds.index(kind) + 1 if kind in kinds else 0

    def session_at(self, column: int) -> Session | None:
        """Return the session of a column; None for the column of the ways."""
        return self._sessions[column - 1] if 0 < column <= len(self._sessions) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() or not self._lines else len(self._sessions) + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        way = index.isValid() and not isinstance(self._lines[index.row()], str)
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if way else Qt.ItemFlag.NoItemFlags

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        session = self.session_at(section)
        if session is None:
            return tr(N_("Way"))
        return f"{kind_in_words(session.kind, session.label)}\n{go_in_words(session)}"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if isinstance(line, str):
            text = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return line if role in text and index.column() == 0 else None
        if role == ROW:
            return line
        session = self.session_at(index.column())
        outcome = outcome_of(line, session.kind) if session is not None else None
        return _of_way(line, self._tried, role) if session is None else _of_cell(line, session, outcome, role)


def _of_way(row: "Row", tried: Tried | None, role: int) -> object:
    if role == Qt.ItemDataRole.DisplayRole:
        return tr(row.way.title)
    if role == STATE:
        best = tried is not None and tried.found.best == row.way.id
        return "best" if best else "out" if is_way_out(row) else ""
    if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
        works = enumerated(kind_in_words(kind) for kind in row.works) or tr(N_("nowhere"))
        return tr(N_("{way}: works in: {sessions}"), way=row.way.title, sessions=works)
    return None


def _of_cell(row: "Row", session: Session, outcome: "Outcome | None", role: int) -> object:
    if outcome is None:
        return None
    if role == OUTCOME:
        return outcome
    if role == STATE:
        return state_of(outcome)
    if role == Qt.ItemDataRole.DisplayRole:
        return tr(_SHORT[state_of(outcome)])
    if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
        return in_a_sentence(row, session, outcome)
    return None


def in_a_sentence(row: "Row", session: Session, outcome: "Outcome") -> str:
    """Return what a way would give a session, and why not more."""
    name, state = kind_in_words(session.kind, session.label), tr(_STATES[state_of(outcome)])
    if outcome.reason is None:
        return tr(N_("{way}, {session}: {state}."), way=row.way.title, session=name, state=state)
    return tr(
        N_("{way}, {session}: {state}. {reason}"),
        way=row.way.title,
        session=name,
        state=state,
        reason=outcome.reason,
    )


def _lines(tried: Tried) -> "list[Row | str]":
    from gomedic.overrides.told import WHO

    lines: list[Row | str] = []
    for by, heading in WHO.items():
        rows = [row for row in tried.found.rows if row.way.by == by]
        lines += [tr(heading), *rows] if rows else []
    return lines
