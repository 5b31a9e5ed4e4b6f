"""Something folded away until the person asks for it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gomedic_gui.button import Button


class Fold(QWidget):
    """A quiet button that gives way to what it promises; that is made only then."""

    def __init__(
        self, name: str, words: str, make: Callable[[], list[QWidget]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self._button = Button(look="quiet")
        self._button.setObjectName(name)
        self._button.say(words)
        self._button.clicked.connect(self.unfold)
        self._rows.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)

    def unfold(self) -> None:
        """Show what was folded away; the focus goes to the first of it that takes it."""
        for widget in self._make():
            self._rows.addWidget(widget)
            widget.show()
        if self._button.hasFocus():
            self.focusNextChild()
        self._button.hide()
