"""Paints an item with the sign of its level before its text."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gomedic_gui.icons import paint_icon, paint_level
from gomedic_gui.images_model import LEVEL
from gomedic_gui.index import Index
from gomedic_gui.palette import colour

_SIGN = 16
_ROOM = _SIGN + 8


class SignDelegate(QStyledItemDelegate):
    """The sign is drawn like an icon, so that a choice, the focus and high contrast look as everywhere."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        level = index.data(LEVEL)
        if not level:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect.left() + 6, option.rect.center().y() - _SIGN / 2 + 0.5, _SIGN, _SIGN)
        if level == "no":
            paint_icon(
                painter, area, "no", colour("muted", option.palette), colour("on-level", option.palette)
            )
        else:
            paint_level(painter, area, level, option.palette)
        painter.setPen(colour("text", option.palette))
        place = option.rect.adjusted(_ROOM + 6, 0, -4, 0)
        cut = option.fontMetrics.elidedText(text, option.textElideMode, place.width())
        painter.drawText(place, int(option.displayAlignment), cut)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        plain = super().sizeHint(option, index)
        wide = plain.width() + (_ROOM if index.data(LEVEL) else 0)
        return QSize(wide, max(plain.height(), option.fontMetrics.height() + 10))
