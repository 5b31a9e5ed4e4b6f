"""The views that the pictures of a session are shown in."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTreeView

from gomedic_gui.chain_delegate import ChainDelegate
from gomedic_gui.chain_model import ChainModel
from gomedic_gui.ladder_delegate import LadderDelegate
from gomedic_gui.ladder_model import LadderModel


class LadderView(QTableView):
    """Keeps the current row in sight when lines of a file are shown below it."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())


class ChainView(QTreeView):
    """Keeps the current row in sight when lines of a file are shown below it."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())


def ladder_view(model: LadderModel) -> LadderView:
    """Return a view of a PATH ladder."""
    view = LadderView()
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
    down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # all rows are of one height: none is asked
    down.setDefaultSectionSize(view.fontMetrics().height() + 14)
    down.setHighlightSections(False)
    return view


def chain_view(model: ChainModel) -> ChainView:
    """Return a view of a start-up chain."""
    view = ChainView()
    view.setObjectName("chain")
    view.setModel(model)
    view.setItemDelegate(ChainDelegate(view))
    view.setHeaderHidden(True)
    view.setRootIsDecorated(False)
    view.setItemsExpandable(False)
    view.setIndentation(0)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return view
