"""Paints the start-up chain: a file on the rail, what it set beside the rail below it."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gomedic_gui.chain_model import PLACE, RAIL, STATE, WORDS
from gomedic_gui.index import Index
from gomedic_gui.labels import scaled
from gomedic_gui.palette import colour
from gomedic_gui.rail import WIDTH, gap_of, paint_rail, paint_sign

_SIGNS = {
    "read": ("", "focus"),
    "start": ("", "muted"),
    "left": ("warning", "warning"),
    "stopped": ("error", "error"),
    "unreadable": ("missing", "warning"),
    "suffix": ("missing", "muted"),
    "masked": ("missing", "muted"),
}
_GAP = 14


class ChainDelegate(QStyledItemDelegate):
    """Paints what the chain model says."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        state = index.data(STATE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, colour("chosen", option.palette))
            bar = QRectF(option.rect.left(), option.rect.top(), 4, option.rect.height())
            painter.fillRect(bar, colour("focus", option.palette))
        sign, tint = _SIGNS[state] if state else ("", "")
        paint_rail(painter, option, index.data(RAIL), gap=gap_of(sign) if state else 0)
        if state:
            paint_sign(painter, option, sign, tint)
        self._paint_words(painter, option, index, _room(option, state))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        self.initStyleOption(option, index)
        wide = _advance(option.text, scaled(option.font, 1.0, bold=True))
        wide += _advance(index.data(WORDS) or "", option.font) + WIDTH + 60
        return QSize(wide, option.fontMetrics.height() + (14 if index.data(STATE) else 8))

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect
    ) -> None:
        """Paint the name, and what became of it at its right; where room is short, the name gives way first."""
        state, words = index.data(STATE), index.data(WORDS) or ""
        painter.setFont(option.font)
        beside = min(painter.fontMetrics().horizontalAdvance(words), area.width() * 2 // 3)
        name = QRect(area.left(), area.top(), area.width() - beside - _GAP, area.height())
        painter.setFont(scaled(option.font, 1.0, bold=state in ("read", "left", "stopped")))
        painter.setPen(colour("text" if state not in ("suffix", "masked") else "muted", option.palette))
        fitting = painter.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideMiddle, name.width())
        used = painter.fontMetrics().horizontalAdvance(fitting)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, fitting)
        font = QFont(option.font)
        is_link = index.data(PLACE) is not None
        font.setUnderline(is_link)
        painter.setFont(font)
        painter.setPen(colour("link" if is_link else "muted", option.palette))
        area.setLeft(name.left() + used + _GAP)
        fitting = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, fitting)


def _room(option: QStyleOptionViewItem, state: str | None) -> QRect:
    return option.rect.adjusted(WIDTH + (4 if state else 20), 0, -8, 0)


def _advance(text: str, font: QFont) -> int:
    return QFontMetrics(font).horizontalAdvance(text)
