"""The ways of starting work and the Go each gets, as a list model."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from gomedic.model import Examination, Session, Severity
from gomedic.texts import N_
from gomedic_gui.index import Index
from gomedic_gui.places import tilde
from gomedic_gui.text import listed, tr
from gomedic_gui.wording import go_in_words, kind_explained, kind_in_words, level_in_words, state_in_words

SESSION = Qt.ItemDataRole.UserRole + 1
LEVEL = Qt.ItemDataRole.UserRole + 2
GO = Qt.ItemDataRole.UserRole + 3  # "Go 1.22.10", "No Go"
WHERE = Qt.ItemDataRole.UserRole + 4  # path of that go, or what went wrong


class SessionModel(QAbstractListModel):
    """One row for each session of an examination."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._examination: Examination | None = None

    def show_examination(self, examination: Examination) -> None:
        """Hold the sessions of another examination."""
        self.beginResetModel()
        self._examination = examination
        self.endResetModel()

    def row_of(self, kind: str) -> int:
        """Return the row of a kind of session, 0 when there is none."""
        kinds = [session.kind for session in self._sessions()]
        return kinds.index(kind) if kind in kinds else 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's signature
        return 0 if parent.isValid() else len(self._sessions())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self._examination is None:
            return None
        session = self._sessions()[index.row()]
        return _data(session, self._examination, role)

    def _sessions(self) -> tuple[Session, ...]:
        return self._examination.sessions if self._examination else ()


def _data(session: Session, examination: Examination, role: int) -> object:
    if role == SESSION:
        return session
    if role == LEVEL:
        return level_of(session, examination)
    if role == GO:
        return go_in_words(session)
    if role == WHERE:
        return where(session, examination.account.home)
    if role == Qt.ItemDataRole.DisplayRole:
        return kind_in_words(session.kind, session.label)
    if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
        return kind_explained(session.kind)
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return _spoken(session, examination)
    return None


def _spoken(session: Session, examination: Examination) -> str:
    return tr(
        N_("{session}: {go}, {where} ({level})"),
        session=kind_in_words(session.kind, session.label),
        go=go_in_words(session),
        where=where(session, examination.account.home),
        level=level_in_words(level_of(session, examination)),
    )


def where(session: Session, home: str) -> str:
    """Return the path of a session's go, or why there is none."""
    words = state_in_words(session)
    if session.go is not None:
        return listed([tilde(session.go.path, home), words])
    return words or session.alias or tr(N_("not on its PATH"))


def level_of(session: Session, examination: Examination) -> str:
    """Return the worst that was found about a session; a missing Go that nobody needs there is a hint."""
    hits = {finding.severity for finding in examination.findings if session.kind in finding.sessions}
    for severity in Severity:
        if severity in hits:
            return severity.value
    if session.state != "ok":
        return "unknown"
    return "ok" if session.go is not None else "hint"
