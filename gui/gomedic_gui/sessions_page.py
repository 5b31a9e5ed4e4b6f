"""The picture of which Go each way of starting work gets; of the chosen one, its PATH and its start-up files."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gomedic.model import Session
from gomedic.texts import N_
from gomedic_gui.case import Case
from gomedic_gui.chain import chain_of
from gomedic_gui.chain_model import PLACE, STATE, ChainModel
from gomedic_gui.finding_panel import instead_button
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.ladder_model import PLACE as LADDER_PLACE
from gomedic_gui.ladder_model import LadderModel
from gomedic_gui.lines_shown import LinesShown
from gomedic_gui.pictures import chain_view, ladder_view
from gomedic_gui.save_button import SaveButton
from gomedic_gui.session_delegate import SessionDelegate
from gomedic_gui.session_model import SESSION, SessionModel
from gomedic_gui.text import tr
from gomedic_gui.wording import go_in_words, kind_explained, kind_in_words, state_in_words

_ORDER = N_("The folders of PATH are tried from top to bottom; the first go found is the one that runs.")
_FILES = N_("The start-up files are read from top to bottom; what each sets stands below it.")
_UNKNOWN = N_("Nothing is known about its PATH.")


class SessionsPage(QSplitter):
    """Cards at the left; at the right the pictures of the chosen one, and the lines that they name."""

    instead_wanted = Signal(str)  # kind of session

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
        self.ladder_model = LadderModel(self)
        self.ladder = ladder_view(self.ladder_model)
        self.chain_model = ChainModel(self)
        self.chain = chain_view(self.chain_model)
        self._lines = LinesShown()
        self._order = label(muted=True)
        self._make_pictures()
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
        layout.addWidget(self._order)
        layout.addWidget(self.pictures, 1)
        layout.addWidget(self._lines)
        layout.addLayout(self._below())
        side.setMinimumWidth(320)
        return side

    def _make_pictures(self) -> None:
        self.pictures = QTabWidget()
        self.pictures.setDocumentMode(True)
        self.pictures.setAccessibleName(tr(N_("Pictures of this session")))
        self.pictures.tabBar().setAccessibleName(self.pictures.accessibleName())
        for view, title in ((self.ladder, N_("&Folders of PATH")), (self.chain, N_("&Start-up files"))):
            self.pictures.addTab(view, tr(title))
            view.selectionModel().currentChanged.connect(lambda _index: self._show_lines())
        self.pictures.currentChanged.connect(lambda _at: self._show_lines())

    def _below(self) -> QHBoxLayout:
        """Return the row with what came of saving, and the button that saves."""
        self._saved = GlyphRow()
        self._saved.hide()
        self.save = SaveButton()
        self.save.told.connect(self._tell_saved)
        self.save.offer(tr(N_("Which Go, where")), self.cards, lambda: self.cards.accessibleName())
        self.save.offer(tr(N_("Folders of PATH")), self.ladder, lambda: self.ladder.accessibleName())
        self.save.offer(tr(N_("Start-up files")), self.chain, lambda: self.chain.accessibleName())
        row = QHBoxLayout()
        instead = instead_button()
        instead.clicked.connect(self._ask_instead)
        row.addWidget(instead)
        row.addWidget(self._saved, 1)
        row.addStretch(0)
        row.addWidget(self.save)
        return row

    def _ask_instead(self) -> None:
        session = self.cards.currentIndex().data(SESSION)
        if isinstance(session, Session):
            self.instead_wanted.emit(session.kind)

    def _tell_saved(self, level: str, words: str) -> None:
        self._saved.show_level(level, words)
        self._saved.show()

    def _show_lines(self) -> None:
        """Show the lines of the place that the current row of the picture names."""
        shows_chain = self.pictures.currentWidget() is self.chain
        index = (self.chain if shows_chain else self.ladder).currentIndex()
        known = self.ladder_model.rowCount() > 0
        self._order.setText(tr(_FILES if shows_chain else _ORDER if known else _UNKNOWN))
        bad = shows_chain and index.data(STATE) in ("left", "stopped")
        if self._case is not None:
            place = index.data(PLACE if shows_chain else LADDER_PLACE)
            self._lines.show_place(place, self._case, "warning" if bad else "hint")

    def _show_current(self, index: QModelIndex) -> None:
        session = index.data(SESSION)
        if isinstance(session, Session) and self._case is not None:
            self._show_session(session, self._case)

    def _show_session(self, session: Session, case: Case) -> None:
        home = case.examination.account.home
        name = kind_in_words(session.kind, session.label)
        self._title.setText(tr(N_("{session}: {go}"), session=name, go=go_in_words(session)))
        self._explained.setText(kind_explained(session.kind))
        self._state.show_level("unknown", state_in_words(session))
        self._state.setVisible(session.state != "ok")
        self._saved.hide()
        self.ladder_model.show_ladder(case.ladders.get(session.kind, ()), home)
        self.ladder.setAccessibleName(tr(N_("{session}: where it looks for go, in order"), session=name))
        self.chain_model.show_chain(chain_of(session), home)
        self.chain.expandAll()
        self.chain.setAccessibleName(
            tr(N_("{session}: what it reads when it starts, in order"), session=name)
        )
        winner = self.ladder_model.winner()
        self.ladder.setCurrentIndex(self.ladder_model.index(winner or 0, 0))
        self.chain.setCurrentIndex(self.chain_model.index(self._most_telling(), 0))
        self.pictures.setCurrentWidget(self.chain if session.stopped_at is not None else self.ladder)
        self._show_lines()

    def _most_telling(self) -> int:
        """Return the row of the file where start-up ended, else the first."""
        states = [self.chain_model.index(row, 0).data(STATE) for row in range(self.chain_model.rowCount())]
        return states.index("stopped") if "stopped" in states else 0


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
