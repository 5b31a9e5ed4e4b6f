"""Paints a rung: the one that runs stands out, what is never reached or missing steps back."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gomedic_gui.index import Index
from gomedic_gui.labels import scaled
from gomedic_gui.ladder_model import DANGER, IS_LINK, RAIL, STATE
from gomedic_gui.palette import colour
from gomedic_gui.rail import WIDTH, gap_of, paint_rail, paint_sign

_SIGNS = {
    "runs": ("runs", "ok"),
    "shadowed": ("shadowed", "warning"),
    "missing": ("missing", "muted"),
    "repeated": ("repeated", "muted"),
}

_DANGER, _PLAIN = ("warning", "warning"), ("", "muted")


class LadderDelegate(QStyledItemDelegate):
    """Paints what the ladder model says."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        state = index.data(STATE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, state, index.column() == 0)
        area = option.rect.adjusted(10, 0, -8, 0)
        if index.column() == 0:
            self._paint_rail(painter, option, index, state)
            area.setLeft(option.rect.left() + WIDTH + 4)
        font = scaled(option.font, 1.0, bold=state == "runs" and index.column() < 2)
        font.setUnderline(bool(index.data(IS_LINK)))
        painter.setFont(font)
        painter.setPen(colour(self._tint(index, state), option.palette))
        side = Qt.TextElideMode.ElideMiddle if index.column() != 1 else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(option.text, side, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        self.initStyleOption(option, index)
        wide = option.fontMetrics.horizontalAdvance(option.text) * 1.1
        room = WIDTH + 16 if index.column() == 0 else 24
        return QSize(int(wide) + room, option.fontMetrics.height() + 14)

    def _tint(self, index: Index, state: str) -> str:
        if index.data(IS_LINK):
            return "link"
        if index.column() == 1 and index.data(DANGER):
            return "warning"
        return "muted" if state in ("missing", "repeated") else "text"

    def _paint_rail(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, state: str) -> None:
        painter.save()
        endangered = index.data(DANGER) and state != "runs"
        sign, tint = _DANGER if endangered else _SIGNS.get(state, _PLAIN)
        paint_rail(painter, option, index.data(RAIL), gap=gap_of(sign))
        paint_sign(painter, option, sign, tint)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, state: str, first: bool) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if state == "runs" or chosen:
            painter.fillRect(option.rect, colour("ok-soft" if state == "runs" else "chosen", option.palette))
        if chosen and first:
            bar = QRectF(option.rect.left(), option.rect.top(), 4, option.rect.height())
            painter.fillRect(bar, colour("focus", option.palette))
