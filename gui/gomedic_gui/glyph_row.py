"""A sign with a word beside it: never colour alone."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gomedic.texts import N_
from gomedic_gui.glyph import Glyph
from gomedic_gui.icons import paint_icon
from gomedic_gui.labels import label, set_level
from gomedic_gui.palette import colour
from gomedic_gui.text import tr
from gomedic_gui.wording import level_in_words


class GlyphRow(QWidget):
    """The sign of a level and a sentence or word."""

    def __init__(self, *, bold: bool = False, size: int = 18, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = Glyph(size)
        self._word = label(bold=bold)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._word, 1, Qt.AlignmentFlag.AlignVCenter)

    def show_level(self, level: str, words: str = "") -> None:
        """Show a level with its own word, or with `words`."""
        self._glyph.show_level(level)
        self._word.setText(words or level_in_words(level))
        set_level(self._word, "" if words else level)

    def announce(self) -> None:
        """Let a screen reader say it."""
        QAccessible.updateAccessibility(QAccessibleEvent(self._word, QAccessible.Event.Alert))


class _RootMark(QWidget):
    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(20, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        shape, mark = colour("warning", self.palette()), colour("on-level", self.palette())
        paint_icon(painter, QRectF(0, 0, 20, 20), "root", shape, mark)
        painter.end()


def root_mark() -> QWidget:
    """Return the shield that marks what needs an administrator."""
    made = _RootMark()
    made.setFixedSize(20, 20)
    words = tr(N_("Needs an administrator's password"))
    made.setToolTip(words)
    made.setAccessibleName(words)
    return made
