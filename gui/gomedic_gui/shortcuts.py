"""Keys that work anywhere in the window."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


def add_shortcuts(window: QWidget, actions: Mapping[str, Callable[[], object]]) -> None:
    """Let each key sequence ("Ctrl+R") do its action."""
    for keys, action in actions.items():
        made = QAction(window)
        made.setShortcut(QKeySequence(keys))
        made.triggered.connect(lambda _checked=False, action=action: action())
        window.addAction(made)
