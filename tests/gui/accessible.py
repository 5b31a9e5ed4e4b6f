"""What a screen reader and the Tab key meet in the window: shared by the tests of its pages."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot


def nameless(widget: QWidget) -> list[str]:
    """Return what takes the focus in a widget and has no name to be called by, each with its role and class."""
    return [
        f"{each.role().name} {type(each.object()).__name__}"
        for each in below(QAccessible.queryAccessibleInterface(widget))
        if each.state().focusable and not each.state().invisible and not name_of(each)  # type: ignore[attr-defined]
    ]


def name_of(interface: QAccessibleInterface) -> str:
    """Return what a screen reader calls it."""
    return interface.text(QAccessible.Text.Name).strip()


def below(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Yield all that is inside."""
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child is not None and child.isValid():
            yield child
            yield from below(child)


def is_pressable(each: QAbstractButton) -> bool:
    """Tell whether a button is one of ours that can be pressed now."""
    inside_a_view = isinstance(each.parent(), QTabBar) or type(each).__name__ == "QTableCornerButton"
    plain = each.metaObject().className() not in ("QTableCornerButton", "QScrollBar") and not inside_a_view
    return plain and each.isVisible() and each.isEnabled()


def tab_round(page: QWidget, qtbot: QtBot) -> Iterator[QWidget]:
    """Yield what Tab leads to, more often than there are places to lead to; links are several in one widget."""
    for _step in range(40):
        now = QApplication.focusWidget()
        if now is not None:
            yield now
        qtbot.keyClick(now or page, Qt.Key.Key_Tab)
