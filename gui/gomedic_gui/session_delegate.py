"""Paints a session as a card: its name, the Go it gets, where that is."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from gomedic_gui.icons import paint_icon, paint_level
from gomedic_gui.index import Index
from gomedic_gui.labels import scaled
from gomedic_gui.palette import colour
from gomedic_gui.row_painting import paint_row
from gomedic_gui.session_model import GO, LEVEL, WHERE

_SIGN = 22


class SessionDelegate(QStyledItemDelegate):
    """Paints what the session model says."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        painter.save()
        paint_row(painter, option, card=True)
        inside = option.rect.adjusted(20, 9, -18, -9)
        self._paint_sign(painter, option, inside, index.data(LEVEL))
        text = inside.adjusted(_SIGN + 12, 0, 0, 0)
        height = option.fontMetrics.lineSpacing()
        _line(painter, option, QRect(text.left(), text.top(), text.width(), height), index.data(), "text")
        below = QRect(text.left(), text.top() + height + 2, text.width(), height)
        bold = scaled(option.font, 1.0, bold=True)
        _line(painter, option, below, index.data(GO), "text", bold)
        below.setLeft(below.left() + QFontMetrics(bold).horizontalAdvance(index.data(GO)) + 10)
        _line(painter, option, below, index.data(WHERE), "muted")
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, 2 * option.fontMetrics.lineSpacing() + 22)

    def _paint_sign(self, painter: QPainter, option: QStyleOptionViewItem, inside: QRect, level: str) -> None:
        area = QRectF(inside.left(), inside.center().y() - _SIGN / 2, _SIGN, _SIGN)
        if level == "hint":
            paint_icon(
                painter, area, "none", colour("muted", option.palette), colour("surface", option.palette)
            )
        else:
            paint_level(painter, area, level, option.palette)


def _line(
    painter: QPainter,
    option: QStyleOptionViewItem,
    area: QRect,
    text: str,
    tint: str,
    font: QFont | None = None,
) -> None:
    painter.setFont(font or option.font)
    painter.setPen(colour(tint, option.palette))
    fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitting)
