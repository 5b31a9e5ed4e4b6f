"""Paints how long a variable lasts: a line from left to right that ends at a cross where the variable is gone."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gomedic_gui.icons import paint_icon, paint_level
from gomedic_gui.index import Index
from gomedic_gui.labels import scaled
from gomedic_gui.lasting_model import BEFORE, BELOW, LASTING
from gomedic_gui.palette import colour

_SIGN = 16
_SIDE = 10
_LINES = {"kept": Qt.PenStyle.SolidLine, "unknown": Qt.PenStyle.DotLine}


class LastingDelegate(QStyledItemDelegate):
    """Paints what the model says; every sign has its word below it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            _paint_chosen(painter, option, first=index.column() == 0)
        high = option.fontMetrics.lineSpacing()
        top = option.rect.adjusted(_SIDE, 7, -_SIDE, 0)
        top.setHeight(high)
        if index.data(LASTING) is None:
            painter.setFont(scaled(option.font, 1.0, bold=index.column() == 0))
            _write(painter, option, top, option.text, "text")
            painter.setFont(option.font)
            _write(painter, option, top.translated(0, high + 2), index.data(BELOW), "muted")
        else:
            _paint_line(painter, option, index, top)
            _write(painter, option, top.translated(0, high + 2), option.text, "text", middle=True)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        self.initStyleOption(option, index)
        bold = scaled(option.font, 1.0, bold=True)
        option.font = bold
        texts = (option.text, index.data(BELOW) or "")
        wide = max(option.fontMetrics.horizontalAdvance(text) for text in texts) + 2 * _SIDE + 6
        return QSize(max(wide, 90), 2 * option.fontMetrics.lineSpacing() + 18)


def _paint_chosen(painter: QPainter, option: QStyleOptionViewItem, *, first: bool) -> None:
    painter.fillRect(option.rect, colour("chosen", option.palette))
    if first:
        bar = QRectF(option.rect.left(), option.rect.top(), 4, option.rect.height())
        painter.fillRect(bar, colour("focus", option.palette))


def _write(
    painter: QPainter,
    option: QStyleOptionViewItem,
    area: QRect,
    text: str,
    tint: str,
    *,
    middle: bool = False,
) -> None:
    side = Qt.AlignmentFlag.AlignHCenter if middle else Qt.AlignmentFlag.AlignLeft
    painter.setPen(colour(tint, option.palette))
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | side, cut)


def _paint_line(painter: QPainter, option: QStyleOptionViewItem, index: Index, top: QRect) -> None:
    """Paint the line that comes from the left, the sign, and the line that goes on where the variable does."""
    now, x, y = index.data(LASTING), option.rect.center().x() + 0.5, top.center().y() + 0.5
    left, right = option.rect.left(), option.rect.right() + 1
    gap = _SIGN / 2 + 3
    for kind, start, end in ((index.data(BEFORE), left, x - gap), (now, x + gap, right)):
        if kind in _LINES:
            tint = colour("focus" if kind == "kept" else "muted", option.palette)
            painter.setPen(QPen(tint, 2, _LINES[kind], Qt.PenCapStyle.FlatCap))  # no bump between two cells
            painter.drawLine(QPointF(start, y), QPointF(end, y))
    area = QRectF(x - _SIGN / 2, y - _SIGN / 2, _SIGN, _SIGN)
    if now == "gone":
        paint_icon(painter, area, "no", colour("error", option.palette), colour("on-level", option.palette))
    else:
        paint_level(painter, area, "ok" if now == "kept" else "unknown", option.palette)
