"""Which Go each way of starting work gets before a fix and after it, as a table."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from gomedic.proof import Change
from gomedic.texts import N_
from gomedic_gui.index import Index
from gomedic_gui.text import tr
from gomedic_gui.wording import kind_explained, kind_in_words, version_in_words

STATE = Qt.ItemDataRole.UserRole + 1  # "gains" "changes" "loses" "same" "none"
PLANNED = (N_("Session"), N_("Now"), N_("With the fix"))
DONE = (N_("Session"), N_("Before"), N_("Now"))


class MapModel(QAbstractTableModel):
    """One row for each kind of session."""

    def __init__(
        self, changes: Sequence[Change] = (), headings: Sequence[str] = PLANNED, owner: QObject | None = None
    ) -> None:
        super().__init__(owner)
        self._changes = tuple(changes)
        self._headings = tuple(headings)

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Hold another map."""
        self.beginResetModel()
        self._changes = tuple(changes)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._changes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._headings)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        shown = role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal
        return tr(self._headings[section]) if shown else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        change = self._changes[index.row()]
        if role == STATE:
            return state_of(change)
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(change)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return kind_explained(change.kind)
        return spoken(change) if role == Qt.ItemDataRole.AccessibleTextRole else None


def state_of(change: Change) -> str:
    """Return what becomes of a session's Go."""
    if change.before == change.after:
        return "same" if change.after is not None else "none"
    if change.before is None:
        return "gains"
    return "changes" if change.after is not None else "loses"


def spoken(change: Change) -> str:
    """Return a row as a sentence."""
    session, then, now = _cells(change)
    if change.before == change.after:
        return tr(N_("{session}: {go}, as before"), session=session, go=then)
    return tr(N_("{session}: {then} → {now}"), session=session, then=then, now=now)


def _cells(change: Change) -> tuple[str, str, str]:
    return kind_in_words(change.kind), _in_words(change.before), _in_words(change.after)


def _in_words(version: str | None) -> str:
    return version_in_words(version) if version is not None else tr(N_("No Go"))
