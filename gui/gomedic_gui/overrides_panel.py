"""The what-if table, and below it all that is known of the chosen way."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gomedic.model import Evidence, Session
from gomedic.texts import N_
from gomedic_gui.commands_box import CommandsBox
from gomedic_gui.evidence_box import EvidenceBox
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.overrides import Tried, outcome_of, place_of, state_of
from gomedic_gui.overrides_delegate import OverridesDelegate
from gomedic_gui.overrides_model import ROW, OverridesModel
from gomedic_gui.scroll import Scroll
from gomedic_gui.text import enumerated, tr
from gomedic_gui.wording import kind_in_words

if TYPE_CHECKING:
    from gomedic.overrides.values import Outcome, Row

_WAY, _SESSION = 26, 13  # widths in letters: of the ways at least, of each session
_HEADING = 3  # lines
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
_LEVELS = {"works": "ok", "already": "ok", "fails": "no", "untried": "unknown"}
_WORDS = {
    "works": N_("{sessions}: it works."),
    "already": N_("{sessions}: runs it already."),
    "fails": N_("{sessions}: {reason}"),
    "untried": N_("{sessions}: {reason}"),
}


class OverridesPanel(QSplitter):
    """Shows a table that was tried."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._tried: Tried | None = None
        self._home = ""
        self._notes = label(muted=True)
        self.model = OverridesModel(self)
        self.table = OverridesTable(self.model)
        self.table.selectionModel().currentChanged.connect(self._show_current)
        self._details = Scroll()
        self.addWidget(self._upper())
        self.addWidget(self._details)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.setSizes([340, 180])

    def show_tried(self, tried: Tried, home: str) -> None:
        """Show a table."""
        self._tried, self._home = tried, home
        self._notes.setText("\n".join(tr(note) for note in tried.found.notes))
        self._notes.setVisible(bool(tried.found.notes))
        self.model.show_tried(tried)
        self.table.clearSpans()
        for row in self.model.headings():
            self.table.setSpan(row, 0, 1, self.model.columnCount())
        self.table.share_out()

    def choose(self, kinds: tuple[str, ...]) -> None:
        """Choose the way that serves most, at the first of these kinds of session."""
        column = max((self.model.column_of(kind) for kind in kinds[:1]), default=0)
        self.table.setCurrentIndex(self.model.index(self.model.best(), column))

    def _upper(self) -> QWidget:
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(24, 0, 24, 10)
        layout.setSpacing(8)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._notes)
        return side

    def _show_current(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if row is None or self._tried is None:
            return
        session = self.model.session_at(index.column())
        self._details.setWidget(_details(self._tried, row, session, self._home))


def _details(tried: Tried, row: "Row", session: Session | None, home: str) -> QWidget:
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(24, 12, 24, 16)
    layout.setSpacing(8)
    layout.addWidget(label(tr(row.way.title), scale=1.1, bold=True))
    if row.way.note is not None:
        layout.addWidget(_line("hint", tr(row.way.note)))
    for level, words in _told(tried, row):
        layout.addWidget(_line(level, words))
    box = _place(tried, row, session, home)
    if box is not None:
        layout.addWidget(box)
    if row.way.how:
        lines = tuple(tr(line) for line in row.way.how)
        layout.addWidget(CommandsBox(lines, tr(N_("This is what it consists of:"))))
    layout.addStretch(1)
    return body


def _told(tried: Tried, row: "Row") -> list[tuple[str, str]]:
    """Return what the way would give, with the sessions of which the same is to be said in one sentence."""
    sessions: dict[tuple[str, str], list[str]] = {}
    for session in tried.sessions:
        outcome = outcome_of(row, session.kind)
        if outcome is not None:
            reason = tr(outcome.reason) if outcome.reason is not None else ""
            name = kind_in_words(session.kind, session.label)
            sessions.setdefault((state_of(outcome), reason), []).append(name)
    return [
        (_LEVELS[state], tr(_WORDS[state], sessions=enumerated(names), reason=reason))
        for (state, reason), names in sorted(
            sessions.items(), key=lambda each: list(_LEVELS).index(each[0][0])
        )
    ]


def _place(tried: Tried, row: "Row", session: Session | None, home: str) -> EvidenceBox | None:
    """Return the line that defeats the way in the chosen session, else in the first where a line does."""
    outcomes: list[Outcome] = [each for each in row.outcomes if place_of(each)]
    here = [each for each in outcomes if session is not None and each.kind == session.kind]
    found = next(iter(here if session is not None else outcomes), None)
    if found is None or found.place is None:
        return None
    place = found.place
    evidence = Evidence(place.text or "", place.path, place.line, found.kind)
    return EvidenceBox(evidence, tried.excerpts.get((place.path or "", place.line or 0)), "warning", home)


def _line(level: str, words: str) -> GlyphRow:
    row = GlyphRow()
    row.show_level(level, words)
    return row


class OverridesTable(QTableView):
    """Gives the ways the room that the sessions leave, and scrolls sideways where that is too little."""

    def __init__(self, model: OverridesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overrides")
        self.setModel(model)
        self.setItemDelegate(OverridesDelegate(self))
        self.setAccessibleName(tr(N_("Ways to override this Go, and where each works")))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        across = self.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag(_WRAPPED))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setHighlightSections(False)
        across.setFixedHeight(_HEADING * self.fontMetrics().lineSpacing() + 12)

    def share_out(self) -> None:
        """Give every column its width."""
        columns = self.model().columnCount()
        letter = self.fontMetrics().averageCharWidth()
        for column in range(1, columns):
            self.setColumnWidth(column, _SESSION * letter)
        if columns:
            rest = self.viewport().width() - (columns - 1) * _SESSION * letter
            self.setColumnWidth(0, max(rest, _WAY * letter))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.share_out()
