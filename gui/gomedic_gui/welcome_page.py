"""What stands in the window while there is nothing to show yet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gomedic_gui.labels import label


class WelcomePage(QWidget):
    """One quiet sentence in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = label(muted=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(60, 40, 60, 40)
        layout.addStretch(2)
        layout.addWidget(self._words)
        layout.addStretch(3)

    def say(self, words: str) -> None:
        """Show a sentence."""
        self._words.setText(words)
