"""What was done when, what it changed, and the way back."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gomedic.model import Move, Receipt
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.drawing import quiet_page
from gomedic_gui.history_model import RECEIPT, HistoryModel
from gomedic_gui.labels import label
from gomedic_gui.places import tilde
from gomedic_gui.text import enumerated, tr


class HistoryPage(QWidget):
    """Shows the receipts; asks to take one back, or several."""

    take_back_requested = Signal(object)  # Receipt
    several_requested = Signal(object)  # receipts, to be taken back as one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = HistoryModel(self)
        self.table = _table(self.model)
        self.table.selectionModel().currentRowChanged.connect(self._show_current)
        self._home = ""
        self._free = True
        self._changed = label(muted=True)
        self._take_back = Button("back")
        self._take_back.setObjectName("take-back-chosen")
        self._take_back.say(tr(N_("Take the ch&osen one back")), tr(N_("Puts every file back as it was")))
        self._take_back.clicked.connect(lambda: self.take_back_requested.emit(self._chosen()))
        self._all = self._button_for_several("take-back-all", lambda: self._open)
        self._down_to = self._button_for_several("take-back-down-to", self._since_chosen)
        self._open: tuple[Receipt, ...] = ()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(_nothing_yet())
        self._stack.addWidget(self._full())

    def show_case(self, case: Case) -> None:
        """Show the receipts of a case, the newest chosen."""
        self._home = case.examination.account.home
        self._open = tuple(receipt for receipt in case.receipts if not receipt.over)
        self.model.show_receipts(case.receipts)
        self._stack.setCurrentIndex(1 if case.receipts else 0)
        self.table.selectRow(0)
        self._show_current()

    def set_free(self, free: bool) -> None:
        """Say whether something could be taken back now."""
        self._free = free
        self._show_current()

    def _full(self) -> QWidget:
        page = QWidget()
        bottom = QHBoxLayout()
        bottom.setSpacing(10)
        bottom.addWidget(self._all)
        bottom.addWidget(self._down_to)
        bottom.addStretch(1)
        bottom.addWidget(self._take_back)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._changed)
        layout.addLayout(bottom)
        return page

    def _button_for_several(self, name: str, which: Callable[[], tuple[Receipt, ...]]) -> Button:
        made = Button(look="quiet")
        made.setObjectName(name)
        made.clicked.connect(lambda: self.several_requested.emit(which()))
        return made

    def _since_chosen(self) -> tuple[Receipt, ...]:
        """Return the chosen one and those done after it that can still be taken back."""
        chosen = self._chosen()
        return tuple(each for each in self._open if chosen is not None and each.id >= chosen.id)

    def _offer_several(self) -> None:
        """Offer to take several back, where that is more than one, and not the same twice."""
        since = self._since_chosen()
        explained = tr(N_("Shows first what would be taken back, the newest first"))
        several = N_("Take &back both…") if len(self._open) == 2 else N_("Take &back all {n}…")
        self._all.say(tr(several, n=len(self._open)), explained)
        self._all.setVisible(len(self._open) > 1)
        self._down_to.say(tr(N_("Take back &down to the chosen one…")), explained)
        self._down_to.setVisible(1 < len(since) < len(self._open))
        for each in (self._all, self._down_to):
            each.setEnabled(self._free)

    def _chosen(self) -> Receipt | None:
        receipt = self.table.currentIndex().data(RECEIPT)
        return receipt if isinstance(receipt, Receipt) else None

    def _show_current(self, _current: QModelIndex | None = None) -> None:
        receipt = self._chosen()
        self._take_back.setEnabled(self._free and receipt is not None and not receipt.over)
        self._offer_several()
        paths = enumerated(tilde(path, self._home) for path in _paths(receipt)) if receipt else ""
        self._changed.setText(tr(N_("Changed: {paths}"), paths=paths) if paths else "")


def _paths(receipt: Receipt) -> list[str]:
    every = [step.target if isinstance(step, Move) else step.path for step in receipt.steps]
    return list(dict.fromkeys(every))


def _nothing_yet() -> QWidget:
    kept = N_("Every fix is kept here with what was there before, and can be taken back.")
    return quiet_page("history", tr(N_("Nothing has been changed yet.")), (tr(kept),))


def _table(model: HistoryModel) -> QTableView:
    view = QTableView()
    view.setModel(model)
    view.setAccessibleName(tr(N_("What was done, newest first")))
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setTabKeyNavigation(False)
    view.setShowGrid(False)
    across = view.horizontalHeader()
    across.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    across.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    across.setHighlightSections(False)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return view
