"""The sign of a level, in its own shape and colour."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gomedic_gui.icons import paint_level
from gomedic_gui.wording import level_in_words


class Glyph(QWidget):
    """Shows a level. Painted anew at every scale and in every palette."""

    def __init__(self, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = "unknown"
        self._size = QSize(size, size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_level(self, level: str) -> None:
        """Show "ok", "unknown", "no" or the value of a Severity."""
        self._level = level
        self.setAccessibleName(level_in_words(level))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self._size

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        paint_level(painter, QRectF(self.rect()), self._level, self.palette())
        painter.end()
