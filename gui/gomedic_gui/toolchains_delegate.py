"""Paints an entry of the Toolchains page: its sign, its version with what stands beside it, and one line below."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from gomedic_gui.icons import paint_icon, paint_level
from gomedic_gui.index import Index
from gomedic_gui.labels import scaled
from gomedic_gui.palette import colour
from gomedic_gui.row_painting import paint_row
from gomedic_gui.toolchains_entries import Entry
from gomedic_gui.toolchains_model import BESIDE, ENTRY, LEVEL, LINE

_SIGN = 18
_LEFT, _GAP, _RIGHT, _ABOVE = 18, 12, 18, 8


class ToolchainsDelegate(QStyledItemDelegate):
    """Paints what the toolchains model says."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        painter.save()
        entry = index.data(ENTRY)
        if isinstance(entry, Entry) and entry.kind == "heading":
            _paint_heading(painter, option)
        else:
            paint_row(painter, option, card=isinstance(entry, Entry) and entry.kind == "installed")
            _paint_entry(painter, option, index)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        self.initStyleOption(option, index)
        entry = index.data(ENTRY)
        if isinstance(entry, Entry) and entry.kind == "heading":
            return QSize(200, option.fontMetrics.height() + 22)
        lines = 2 if index.data(LINE) else 1
        return QSize(200, lines * option.fontMetrics.lineSpacing() + (lines - 1) * 2 + 2 * _ABOVE + 2)


def _paint_heading(painter: QPainter, option: QStyleOptionViewItem) -> None:
    painter.setFont(scaled(option.font, 0.92, bold=True))
    painter.setPen(colour("muted", option.palette))
    area = option.rect.adjusted(_LEFT, 0, -_RIGHT, -5)
    fitting = painter.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, fitting)


def _paint_entry(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    height, bold = option.fontMetrics.lineSpacing(), scaled(option.font, 1.0, bold=True)
    inside = option.rect.adjusted(_LEFT, _ABOVE + 1, -_RIGHT, -_ABOVE)
    _paint_sign(
        painter, option, QRectF(inside.left(), inside.top() + (height - _SIGN) / 2, _SIGN, _SIGN), index
    )
    text = inside.adjusted(_SIGN + _GAP, 0, 0, 0)
    first = QRect(text.left(), text.top(), text.width(), height)
    _line(painter, option, first, option.text, "text", bold)
    first.setLeft(first.left() + QFontMetrics(bold).horizontalAdvance(option.text) + 10)
    beside = index.data(BESIDE)
    mode = Qt.TextElideMode.ElideMiddle if "/" in beside else Qt.TextElideMode.ElideRight
    _line(painter, option, first, beside, "muted", mode=mode)
    below = QRect(text.left(), text.top() + height + 2, text.width(), height)
    _line(painter, option, below, index.data(LINE), "muted", mode=Qt.TextElideMode.ElideRight)


def _paint_sign(painter: QPainter, option: QStyleOptionViewItem, area: QRectF, index: Index) -> None:
    level, entry = index.data(LEVEL), index.data(ENTRY)
    if level:
        paint_level(painter, area, level, option.palette)
    elif isinstance(entry, Entry) and entry.kind == "installed":
        shape, mark = colour("muted", option.palette), colour("surface", option.palette)
        paint_icon(painter, area, "none", shape, mark)


def _line(
    painter: QPainter,
    option: QStyleOptionViewItem,
    area: QRect,
    text: str,
    tint: str,
    font: QFont | None = None,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
) -> None:
    painter.setFont(font or option.font)
    painter.setPen(colour(tint, option.palette))
    fitting = painter.fontMetrics().elidedText(text, mode, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitting)
