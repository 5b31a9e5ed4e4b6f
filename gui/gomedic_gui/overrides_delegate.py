"""Paints the what-if table: a sign and a word in each cell, the best way in bold."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gomedic_gui.icons import paint_icon
from gomedic_gui.index import Index
from gomedic_gui.labels import scaled
from gomedic_gui.overrides import ALREADY
from gomedic_gui.overrides_model import ROW, STATE
from gomedic_gui.palette import colour

_SIGNS = {
    "works": ("ok", "ok"), ALREADY: ("none", "muted"), "fails": ("no", "muted"), "untried": ("unknown", "unknown"),
}  # fmt: skip
_SIGN = 16


class OverridesDelegate(QStyledItemDelegate):
    """Paints what the model says."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(ROW) is None:
            _write(painter, option, "muted", bold=True, indent=10)
        else:
            self._paint_ground(painter, option, index)
            if index.column() == 0:
                state = index.data(STATE)
                _write(painter, option, "text" if state else "muted", bold=state == "best", indent=18)
            else:
                _paint_cell(painter, option, index.data(STATE))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        self.initStyleOption(option, index)
        wide = QFontMetrics(scaled(option.font, 1.0, bold=True)).horizontalAdvance(option.text)
        room = wide + 34 if index.column() == 0 else wide + _SIGN + 26
        above = 8 if index.data(ROW) is None and index.row() else 0
        return QSize(room, option.fontMetrics.height() + 12 + above)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, colour("chosen", option.palette))
        view = option.widget
        if isinstance(view, QTableView) and view.currentIndex() == index and view.hasFocus():
            painter.setPen(QPen(colour("focus", option.palette), 2))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(2, 2, -2, -2), 5, 5)


def _paint_cell(painter: QPainter, option: QStyleOptionViewItem, state: str) -> None:
    """Paint the sign, and its word where there is room for it."""
    sign, tint = _SIGNS[state]
    words = option.fontMetrics.horizontalAdvance(option.text)
    whole = _SIGN + 6 + words
    has_room = whole + 8 <= option.rect.width()
    left = option.rect.left() + 8
    top = option.rect.top() + (option.rect.height() - _SIGN) / 2
    area = QRectF(left, top, _SIGN, _SIGN)
    paint_icon(painter, area, sign, colour(tint, option.palette), colour("on-level", option.palette))
    if has_room:
        painter.setFont(scaled(option.font, 1.0, bold=state == "works"))
        painter.setPen(colour("text" if state == "works" else "muted", option.palette))
        text = option.rect.adjusted(8 + _SIGN + 6, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, option.text)


def _write(painter: QPainter, option: QStyleOptionViewItem, tint: str, *, bold: bool, indent: int) -> None:
    painter.setFont(scaled(option.font, 1.0, bold=bold))
    painter.setPen(colour(tint, option.palette))
    area = option.rect.adjusted(indent, 0, -6, 0)
    side = Qt.AlignmentFlag.AlignVCenter
    fitting = painter.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(area, side | Qt.AlignmentFlag.AlignLeft, fitting)
