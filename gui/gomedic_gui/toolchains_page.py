"""The Toolchains page: what is installed and what can be had at the left, the chosen one at the right."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gomedic import plans
from gomedic.model import Examination, Fix, Progress
from gomedic.texts import N_
from gomedic_gui.asides import Asides
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.doctor import Doctor
from gomedic_gui.failure import Failure
from gomedic_gui.labels import label
from gomedic_gui.text import tr
from gomedic_gui.toolchains_delegate import ToolchainsDelegate
from gomedic_gui.toolchains_entries import (
    ASK,
    INSTALL,
    REMOVE,
    Action,
    Entry,
    concerned_by,
    entries_of,
    has_older,
)
from gomedic_gui.toolchains_model import ENTRY, ToolchainsModel
from gomedic_gui.toolchains_panel import ToolchainPanel
from gomedic_gui.toolchains_source import SourceForm
from gomedic_gui.toolchains_stock import Stock, taking_stock


class ToolchainsPage(QSplitter):
    """Shows toolchains; has planned what the person wants done with one. Asks servers only once it is looked at."""

    planned = Signal(object, object)  # Finding that stands for the wish, Fix
    refused = Signal(object)  # Failure
    session_chosen = Signal(str)
    ended = Signal()  # nothing is at work beside any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._doctor = doctor
        self._asides = Asides(self)
        self._asides.ended.connect(self._after_aside)
        self._case: Case | None = None
        self._stock = Stock()
        self._wants_asking = True
        self._out_of_date = False  # what is shown is of an earlier case
        self._older = False
        self._key = ""
        self.panel = ToolchainPanel()
        self.model = ToolchainsModel(self)
        self.entries = _Entries(self.model)
        self.entries.selectionModel().currentChanged.connect(self._show_current)
        self.entries.chosen.connect(self.panel.do_first)
        self.panel.wanted.connect(self._want)
        self.panel.session_chosen.connect(self.session_chosen)
        self._make_buttons()
        self.addWidget(self._left_side())
        self.source = SourceForm()
        self.source.look_wanted.connect(self._look_at)
        self.source.wanted.connect(lambda version, source: self._plan(plans.to_install(version, source)))
        self.source.closed.connect(self._leave_source)
        self._right = QStackedWidget()
        self.entries.clicked.connect(lambda _index: self._show_panel())
        for side in (self.panel, self.source):
            self._right.addWidget(side)
        self._right.setMinimumWidth(320)
        self.addWidget(self._right)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.setStretchFactor(0, 2)
        self.setStretchFactor(1, 3)
        self.setSizes([330, 470])

    @property
    def is_busy(self) -> bool:
        """Whether something is at work beside."""
        return self._asides.busy

    def stop(self) -> None:
        """Ask what is at work beside to stop."""
        self._asides.cancel()

    def show_case(self, case: Case) -> None:
        """Show what an examination found; what belongs to it is looked up once the page is looked at."""
        self._case = case
        self._stock = Stock(available=self._stock.available, asked=self._stock.asked)
        self._show_entries()
        if self.isVisible():
            self._take_stock()

    def set_free(self, free: bool) -> None:
        """Say whether something could be begun now."""
        self.panel.set_free(free)
        self.source.set_free(free)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        self.entries.setFocus()  # no focus proxy: Tab would go round in what it leads to

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self._take_stock()

    # ------------------------------------------------------------ what is there

    def _take_stock(self) -> None:
        """Look at what is installed, and the first time ask what can be had."""
        if self._case is None or self._asides.busy:
            self._out_of_date = True
            return
        self._out_of_date = False
        work = taking_stock(self._doctor, ask=self._wants_asking)
        self._wants_asking = False
        self._asides.run(work, self._show_stock, self._after_failure, self._show_progress)

    def _show_stock(self, stock: Stock) -> None:
        known = stock.available is not None and (stock.asked or not self._stock.asked)
        if not known:
            stock = Stock(stock.own, self._stock.available, self._stock.asked)
        self._stock = stock
        self._says.setText("")
        self._says.hide()
        self._show_entries()

    def _after_aside(self) -> None:
        if self._out_of_date and self.isVisible():
            self._take_stock()
        self.ended.emit()

    def _show_progress(self, progress: Progress) -> None:
        self._says.setText(tr(progress.what))
        self._says.show()

    def _after_failure(self, failure: Failure) -> None:
        self._says.setText(tr(failure.message))
        self._says.show()

    def _show_entries(self) -> None:
        if self._case is None:
            return
        entries = entries_of(self._case.examination, self._stock, older=self._older)
        scrolled = self.entries.verticalScrollBar().value()
        key = self._key
        self.model.show_entries(entries, self._home())
        self.choose(key)
        self._key = key or self._key  # it may come back, as after a removal that is taken back
        self.entries.verticalScrollBar().setValue(scrolled)
        self._more.setVisible(has_older(self._stock))

    def choose(self, key: str) -> None:
        """Choose an entry, else the first."""
        row = self.model.row_of(key)
        row = self.model.first_row() if row is None else row
        self.entries.setCurrentIndex(self.model.index(row) if row is not None else QModelIndex())

    def _show_current(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if isinstance(entry, Entry):
            if entry.key != self._key:
                self._right.setCurrentWidget(self.panel)
            self._key = entry.key
        self.panel.show_entry(entry if isinstance(entry, Entry) else None, self._home())

    def _home(self) -> str:
        return self._case.examination.account.home if self._case else ""

    # ------------------------------------------------------------ what is wanted

    def _want(self, action: Action) -> None:
        if action.kind == ASK:
            self._wants_asking = True
            self._take_stock()
        elif action.kind == INSTALL:
            self._plan(plans.to_install(action.version))
        elif self._case is not None:
            seen = self._case.examination
            tell = partial(self._plan, sessions=concerned_by(action, seen))
            self._asides.run(_planning(self._doctor, seen, action), tell, self.refused.emit)

    def ask_for_source(self) -> None:
        """Show the form for a release of the person's own, in place of the chosen entry."""
        self._right.setCurrentWidget(self.source)
        self.source.where.setFocus()

    def _look_at(self, where: str) -> None:
        work = _looking(self._doctor, where)
        self._asides.run(work, self.source.show_contents, self.source.show_failure)

    def _show_panel(self) -> None:
        self._right.setCurrentWidget(self.panel)

    def _leave_source(self) -> None:
        self._show_panel()
        self.entries.setFocus()

    def _plan(self, fix: Fix, sessions: tuple[str, ...] = ()) -> None:
        self.planned.emit(plans.wish(fix, sessions), fix)

    # ------------------------------------------------------------ how it is put together

    def _make_buttons(self) -> None:
        self._more = Button(look="quiet")
        self._more.setObjectName("older")
        self._more.clicked.connect(self._turn_older)
        self._more.hide()
        self._say_more()
        self._from = Button(look="quiet")
        self._from.setObjectName("from")
        words = tr(N_("A folder of archives, a bundle on a stick, or an address"))
        self._from.say(tr(N_("Install &from a file or folder…")), words)
        self._from.clicked.connect(self.ask_for_source)

    def _turn_older(self) -> None:
        self._older = not self._older
        self._say_more()
        self._show_entries()

    def _say_more(self) -> None:
        words = N_("Hide ol&der releases") if self._older else N_("Show ol&der releases")
        self._more.say(tr(words), tr(N_("Releases that no longer get fixes, and those that have later ones")))

    def _left_side(self) -> QWidget:
        self._says = label(muted=True)
        self._says.hide()
        foot = QFrame()
        below = QVBoxLayout(foot)
        below.setContentsMargins(12, 6, 12, 8)
        below.setSpacing(2)
        below.addWidget(self._says)
        for button in (self._more, self._from):
            below.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.entries, 1)
        layout.addWidget(foot)
        self.entries.setMinimumWidth(
            240
        )  # not of the side: that would count for more than what its buttons need
        return side


class _Entries(QListView):
    """The list; Enter or a double click ask for the sensible action."""

    chosen = Signal()

    def __init__(self, model: ToolchainsModel) -> None:
        super().__init__()
        self._entries = model
        self.setModel(model)
        self.setItemDelegate(ToolchainsDelegate(self))
        self.setAccessibleName(tr(N_("Toolchains")))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda _index: self.chosen.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        elif event.key() == Qt.Key.Key_Home and (first := self._entries.first_row()) is not None:
            self.setCurrentIndex(
                self._entries.index(first)
            )  # Qt would go to the heading, which cannot be chosen
            self.scrollToTop()
        else:
            super().keyPressEvent(event)


def _looking(doctor: Doctor, where: str) -> Iterator[object]:
    yield from doctor.contents(where)


def _planning(doctor: Doctor, seen: Examination, action: Action) -> Iterator[Fix]:
    if action.kind == REMOVE:
        yield doctor.plan_removal(seen, action.version)
    else:
        yield doctor.plan_use(seen, action.version, action.to)
