"""The list of findings, at the left of the window."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from gomedic.model import CheckResult, Examination, Finding
from gomedic.texts import N_
from gomedic_gui.finding_delegate import FindingDelegate
from gomedic_gui.finding_tree import CHECK, FINDING, FindingTree, first_of, index_of
from gomedic_gui.index import Index
from gomedic_gui.text import tr


class FindingList(QTreeView):
    """Shows the findings of an examination; tells which one the person chose.

    Nothing moves under the pointer, nor while the person goes through the list by keys: the final order waits
    until the pointer, or the focus, has left.
    """

    finding_chosen = Signal(object)  # Finding
    check_chosen = Signal(object)  # CheckResult that could not find out

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(N_("What was found")))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(22)
        self.setMouseTracking(True)
        self.setItemDelegate(FindingDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree = FindingTree(self)
        self.setModel(self._tree)
        self._chosen_id: str | None = None
        self._pending: Examination | None = None  # whose order waits for the person
        self._in_use = False  # by keys or clicks, since the order was last settled
        self._pointed_at = False  # the pointer has moved over it, and not left
        self._by_person = False  # what is chosen was chosen by the person

    def begin(self) -> None:
        """Take note that an examination begins: what the person did in the list before counts no more."""
        self._in_use = self._pointed_at = False

    def add_findings(self, examination: Examination) -> None:
        """Show what an examination has found so far, in place."""
        self._pending = None
        self._tree.add(examination)
        self.expandAll()
        if not self.currentIndex().isValid():
            self._choose_anew()

    def show_examination(self, examination: Examination) -> None:
        """Show its findings; the one chosen before stays chosen while it is still there."""
        chosen = self._chosen_id  # before Qt goes on to a neighbour of what is removed
        if self._is_touched():
            self._tree.drop(examination)
            self._tree.add(examination)
            self._pending = examination
        else:
            self._settle(examination)
        self.expandAll()
        if chosen is None or not self._tree.has(chosen):
            self._by_person = False
        if not self._by_person:  # wherever the pointer rests: no row moves by that
            self.setCurrentIndex(index_of(self._tree, first_of(examination)))

    def choose(self, finding_id: str) -> None:
        """Choose a finding by its id."""
        self._by_person = True
        self.setCurrentIndex(index_of(self._tree, finding_id))

    def tell_chosen(self) -> None:
        """Tell again which one is chosen."""
        self._tell(self.currentIndex())

    def _choose_anew(self) -> None:
        self._by_person = False
        self.setCurrentIndex(index_of(self._tree, self._chosen_id))

    def _is_touched(self) -> bool:
        return bool(self._tree.rowCount()) and (self._pointed_at or self._in_use)

    def _settle(self, examination: Examination) -> None:
        """Bring what is shown into its final order; what is chosen stays at its height, if there is room to scroll."""
        self._pending, self._in_use = None, False
        before = self.visualRect(self.currentIndex()).top()
        self._tree.settle(examination)
        self.expandAll()
        self.executeDelayedItemsLayout()
        moved = self.visualRect(self.currentIndex()).top() - before
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)

    def _let_settle(self) -> None:
        if self._pending is not None:
            self._settle(self._pending)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        self._tell(current)

    def _tell(self, current: Index) -> None:
        chosen = current.data(FINDING)
        if isinstance(chosen, Finding):
            self._chosen_id = chosen.id
            self.finding_chosen.emit(chosen)
        elif isinstance(check := current.data(CHECK), CheckResult):
            self._chosen_id = f"check:{check.id}"
            self.check_chosen.emit(check)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        self._in_use = self._by_person = True
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._in_use = self._by_person = True
        super().mousePressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusOutEvent(event)
        self._in_use = False
        if not self._pointed_at:
            self._let_settle()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        done = super().viewportEvent(event)
        if event.type() is QEvent.Type.MouseMove:
            self._pointed_at = True
        elif event.type() is QEvent.Type.Leave:
            self._pointed_at = False
            if not (self._in_use and self.hasFocus()):
                self._let_settle()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # rows are as high as their text, wrapped to the width
