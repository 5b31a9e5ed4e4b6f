"""What the lists of findings and sessions have in common: how a row shows that it is chosen or in focus."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from gomedic_gui.palette import colour


def paint_row(painter: QPainter, option: QStyleOptionViewItem, *, card: bool = False) -> None:
    """Paint the ground of a row: quiet, under the pointer, chosen, or chosen and in focus."""
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    focused = chosen and option.widget is not None and option.widget.hasFocus()
    area = QRectF(option.rect).adjusted(6.5, 2.5, -6.5, -2.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = "chosen" if chosen else "hover" if hovered else "surface" if card else ""
    border = "focus" if focused else "border" if card else ""
    painter.setBrush(colour(ground, option.palette) if ground else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(border, option.palette), 2 if focused else 1) if border else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(area, 7, 7)
    if chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("focus", option.palette))
        painter.drawRoundedRect(QRectF(area.left(), area.top() + 8, 4, area.height() - 16), 2, 2)
