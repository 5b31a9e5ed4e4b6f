"""The picture of which Go each way of starting work gets, and the PATH ladder of the chosen one."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListView,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gomedic.model import Evidence, Origin, Session
from gomedic.texts import N_
from gomedic_gui.case import Case
from gomedic_gui.evidence_box import EvidenceBox
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.ladder_delegate import LadderDelegate
from gomedic_gui.ladder_model import LadderModel
from gomedic_gui.session_delegate import SessionDelegate
from gomedic_gui.session_model import SESSION, SessionModel
from gomedic_gui.text import tr
from gomedic_gui.wording import go_in_words, kind_explained, kind_in_words, state_in_words


class SessionsPage(QSplitter):
    """Cards at the left, the ladder of the chosen one at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._case: Case | None = None
        self._waiting: Case | None = None  # not shown yet
        self.model = SessionModel(self)
        self.cards = _Cards(self.model)
        self.cards.selectionModel().currentChanged.connect(self._show_current)
        self._title = label(scale=1.2, bold=True)
        self._explained = label()
        self._state = GlyphRow()
        self._line = QVBoxLayout()
        self._order = label(muted=True)
        self.ladder_model = LadderModel(self)
        self.ladder = _ladder_view(self.ladder_model)
        self.addWidget(self.cards)
        self.addWidget(self._right_side())
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setStretchFactor(0, 2)
        self.setStretchFactor(1, 3)
        self.setSizes([270, 530])

    def show_case(self, case: Case) -> None:
        """Show the sessions of a case; the kind chosen before stays chosen."""
        self._waiting = case
        if self.isVisible():
            self._build()

    def choose(self, kind: str) -> None:
        """Choose a kind of session."""
        self._build()
        self.cards.setCurrentIndex(self.model.index(self.model.row_of(kind)))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        self._build()  # not before somebody looks: the first examination must be drawn at once
        super().showEvent(event)

    def _build(self) -> None:
        """Show the case that was given last."""
        if self._waiting is None:
            return
        self._case, self._waiting = self._waiting, None
        before = self.cards.currentIndex().data(SESSION)
        self.model.show_examination(self._case.examination)
        kind = before.kind if before else "terminal"
        self.cards.setCurrentIndex(self.model.index(self.model.row_of(kind)))

    def _right_side(self) -> QWidget:
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._explained)
        layout.addWidget(self._state)
        layout.addLayout(self._line)
        layout.addSpacing(4)
        layout.addWidget(self._order)
        layout.addWidget(self.ladder, 1000)
        layout.addStretch(1)
        side.setMinimumWidth(320)
        return side

    def _show_current(self, index: QModelIndex) -> None:
        session = index.data(SESSION)
        if isinstance(session, Session) and self._case is not None:
            self._show_session(session, self._case)

    def _show_session(self, session: Session, case: Case) -> None:
        home = case.examination.account.home
        name = kind_in_words(session.kind, session.label)
        self._title.setText(tr(N_("{session}: {go}"), session=name, go=go_in_words(session)))
        order = tr(
            N_("The folders of PATH are tried from top to bottom; the first go found is the one that runs.")
        )
        self._explained.setText(kind_explained(session.kind))
        self._state.show_level("unknown", state_in_words(session))
        self._state.setVisible(session.state != "ok")
        self._show_line(session.stopped_at, case)
        self._order.setText(order if session.path else tr(N_("Nothing is known about its PATH.")))
        self.ladder.setVisible(bool(session.path))
        self.ladder_model.show_ladder(case.ladders.get(session.kind, ()), home)
        self.ladder.setAccessibleName(tr(N_("Where {session} looks for go, in order"), session=name))
        winner = self.ladder_model.winner()
        if winner is not None:
            self.ladder.selectRow(winner)
        self.ladder.resizeColumnToContents(1)

    def _show_line(self, stopped_at: Origin | None, case: Case) -> None:
        """Show the line where start-up ended, if it did not come to its end."""
        while (old := self._line.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if stopped_at is not None and stopped_at.line is not None:
            excerpt = case.excerpts.get((stopped_at.file, stopped_at.line))
            seen = Evidence(stopped_at.text or "", stopped_at.file, stopped_at.line)
            self._line.addWidget(EvidenceBox(seen, excerpt, "warning", case.examination.account.home))


class _Cards(QListView):
    def __init__(self, model: SessionModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(SessionDelegate(self))
        self.setAccessibleName(tr(N_("Ways to start working, and the Go each gets")))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(0, 8, 0, 0)
        self.setMinimumWidth(220)


def _ladder_view(model: LadderModel) -> QTableView:
    view = QTableView()
    view.setModel(model)
    view.setItemDelegate(LadderDelegate(view))
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setTabKeyNavigation(False)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    across, down = view.horizontalHeader(), view.verticalHeader()
    across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    for column in (1, 2):
        across.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    across.setHighlightSections(False)
    down.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    down.setHighlightSections(False)
    return view
