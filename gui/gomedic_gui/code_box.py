"""A few lines of a file, the guilty one marked."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from gomedic.texts import N_
from gomedic_gui.case import Excerpt
from gomedic_gui.lines_box import LinesBox
from gomedic_gui.palette import colour
from gomedic_gui.text import tr


class CodeBox(LinesBox):
    """Shows an excerpt with line numbers beside it."""

    def __init__(self, excerpt: Excerpt, level: str, parent: QWidget | None = None) -> None:
        guilty = excerpt.line - excerpt.first
        super().__init__(excerpt.lines, {guilty: f"{level}-soft"}, parent)
        self._excerpt = excerpt
        self._level = level
        self._margin = _LineNumbers(self)
        self.setViewportMargins(self._margin_width(), 0, 0, 0)
        self.setAccessibleName(tr(N_("{file}, line {line}"), file=excerpt.file, line=excerpt.line))
        self.setAccessibleDescription(excerpt.lines[guilty])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._margin.setGeometry(QRect(inside.left(), inside.top(), self._margin_width(), inside.height()))

    def paint_line_numbers(self) -> None:
        """Paint the margin: numbers, and an arrow at the guilty line."""
        painter = QPainter(self._margin)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        block, number = self.firstVisibleBlock(), self._excerpt.first
        while block.isValid():
            row = self.row_of(block)
            row.setWidth(self._margin.width())
            self._paint_number(painter, row, number)
            block, number = block.next(), number + 1
        painter.end()

    def _margin_width(self) -> int:
        last = self._excerpt.first + len(self._excerpt.lines) - 1
        return self.fontMetrics().horizontalAdvance("9" * len(str(last))) + 30

    def _paint_number(self, painter: QPainter, row: QRect, number: int) -> None:
        guilty = number == self._excerpt.line
        if guilty:
            painter.fillRect(row, colour(f"{self._level}-soft", self.palette()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._level, self.palette()))
            middle = row.center().y() + 0.5
            painter.drawPolygon(
                QPolygonF([QPointF(7, middle - 5), QPointF(14, middle), QPointF(7, middle + 5)])
            )
        painter.setPen(colour("text" if guilty else "muted", self.palette()))
        painter.drawText(row.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignRight, str(number))


class _LineNumbers(QWidget):
    def __init__(self, box: CodeBox) -> None:
        super().__init__(box)
        self._box = box

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        self._box.paint_line_numbers()
