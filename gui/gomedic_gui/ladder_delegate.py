"""Paints a rung: the one that runs stands out, what is never reached or missing steps back."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gomedic_gui.icons import paint_icon
from gomedic_gui.index import Index
from gomedic_gui.labels import scaled
from gomedic_gui.ladder_model import STATE
from gomedic_gui.palette import colour

_TINTS = {"runs": "ok", "shadowed": "warning", "missing": "muted", "repeated": "muted"}
_SIGN = 16


class LadderDelegate(QStyledItemDelegate):
    """Paints what the ladder model says."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        state = index.data(STATE)
        painter.save()
        self._paint_ground(painter, option, state, index.column() == 0)
        area = option.rect.adjusted(10, 0, -8, 0)
        if index.column() == 1 and state in _TINTS:
            sign = QRectF(area.left(), area.center().y() - _SIGN / 2 + 0.5, _SIGN, _SIGN)
            paint_icon(
                painter,
                sign,
                state,
                colour(_TINTS[state], option.palette),
                colour("on-level", option.palette),
            )
            area.setLeft(area.left() + _SIGN + 7)
        painter.setFont(scaled(option.font, 1.0, bold=state == "runs" and index.column() < 2))
        painter.setPen(colour("muted" if state in ("missing", "repeated") else "text", option.palette))
        side = Qt.TextElideMode.ElideMiddle if index.column() != 1 else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(option.text, side, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        self.initStyleOption(option, index)
        wide = option.fontMetrics.horizontalAdvance(option.text) * 1.1 + (45 if index.column() == 1 else 24)
        return QSize(int(wide), option.fontMetrics.height() + 14)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, state: str, first: bool) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if state == "runs" or chosen:
            painter.fillRect(option.rect, colour("ok-soft" if state == "runs" else "chosen", option.palette))
        if chosen and first:
            bar = QRectF(option.rect.left(), option.rect.top(), 4, option.rect.height())
            painter.fillRect(bar, colour("focus", option.palette))
