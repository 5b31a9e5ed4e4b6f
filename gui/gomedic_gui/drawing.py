"""Quiet drawings for pages that have little to say, with the sentences below them."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gomedic_gui.icons import paint_icon
from gomedic_gui.labels import label
from gomedic_gui.palette import colour

_SIZE = QSize(128, 88)
_WIDE = 520  # pixels of a sentence: longer lines are hard to follow
_RATHER = 1000  # the room goes to what is shown, until it is wide enough


class Drawing(QWidget):
    """Shows one of our drawings, in the colours of the palette in use. It says nothing that no words say."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = f"drawing-{name}"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return _SIZE

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        lines, accent = colour("muted", self.palette()), colour("focus", self.palette())
        paint_icon(painter, QRectF(self.rect()), self._name, lines, accent, colour("window", self.palette()))
        painter.end()


def add_quietly(layout: QVBoxLayout, drawing: str, title: str = "", sentences: Iterable[str] = ()) -> None:
    """Put a drawing in the middle of a column, a title and sentences below it."""
    layout.addWidget(Drawing(drawing), 0, Qt.AlignmentFlag.AlignHCenter)
    layout.addSpacing(8)
    said = [label(title, scale=1.2, bold=True)] if title else []
    for each in (*said, *(label(words, muted=True) for words in sentences)):
        each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(in_the_middle(each, _WIDE))


def in_the_middle(shown: QWidget, wide: int) -> QHBoxLayout:
    """Return a row with something in its middle, at most so wide."""
    shown.setMaximumWidth(wide)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(shown, _RATHER)
    row.addStretch(1)
    return row


def quiet_page(drawing: str, title: str, sentences: Iterable[str]) -> QWidget:
    """Return a page for where there is nothing yet: a drawing and a sentence or two, in its middle."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(18, 18, 18, 18)
    layout.setSpacing(8)
    layout.addStretch(2)
    add_quietly(layout, drawing, title, sentences)
    layout.addStretch(3)
    return page
