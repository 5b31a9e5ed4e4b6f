"""Lines of a file, to be read, selected and copied; as high as they are many."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextBlock
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gomedic_gui.labels import code_font
from gomedic_gui.palette import colour


class LinesBox(QPlainTextEdit):
    """Shows lines, some of them on a coloured ground. `grounds` maps line numbers, from 0, to colours."""

    def __init__(
        self, lines: Sequence[str], grounds: Mapping[int, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._lines = tuple(lines)
        self._grounds = grounds
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFont(code_font())
        self.document().setDocumentMargin(6)
        self.setPlainText("\n".join(lines))

    def row_of(self, block: QTextBlock) -> QRect:
        """Return where a line is, from edge to edge, without the margin below the last one."""
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        return QRectF(0, top, self.viewport().width(), block.layout().boundingRect().height()).toAlignedRect()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        wide = max((self.fontMetrics().horizontalAdvance(line) for line in self._lines), default=0)
        bar = self.horizontalScrollBar().sizeHint().height() if wide > self.viewport().width() - 12 else 0
        return QSize(200, max(1, len(self._lines)) * self.fontMetrics().lineSpacing() + 16 + bar)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.setFixedHeight(self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self.viewport())
        for number, ground in self._grounds.items():
            row = self.row_of(self.document().findBlockByNumber(number))
            painter.fillRect(row, colour(ground, self.palette()))
        painter.end()
        super().paintEvent(event)
