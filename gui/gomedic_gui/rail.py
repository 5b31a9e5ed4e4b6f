"""The rail at the left of a picture of things in order: solid as far as it goes, dashed where it is not reached."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from gomedic_gui.icons import paint_icon
from gomedic_gui.palette import colour

WIDTH = 34
_SIGN = 16
_DOT = 4
SOLID, DASHED, NONE = "solid", "dashed", ""


def rails(count: int, last_solid: int | None) -> list[tuple[str, str]]:
    """Return for each of `count` rows the rail above and below its sign; it is dashed after row `last_solid`."""
    end = count - 1 if last_solid is None else last_solid
    kinds = [SOLID if row <= end else DASHED for row in range(1, count)]
    return list(zip([NONE, *kinds], [*kinds, NONE], strict=True)) if count else []


def paint_rail(
    painter: QPainter, option: QStyleOptionViewItem, rail: tuple[str, str], *, gap: float = 0
) -> None:
    """Paint the rail of a row, above and below its middle, where it leaves `gap` on both sides for a sign."""
    x = option.rect.left() + WIDTH / 2
    middle = option.rect.top() + option.rect.height() / 2
    ends = ((option.rect.top(), middle - gap), (middle + gap, option.rect.top() + option.rect.height()))
    for kind, (top, bottom) in zip(rail, ends, strict=True):
        if kind != NONE:
            style = Qt.PenStyle.SolidLine if kind == SOLID else Qt.PenStyle.DotLine
            tint = colour("focus" if kind == SOLID else "muted", option.palette)
            painter.setPen(QPen(tint, 2, style))
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))


def gap_of(name: str) -> float:
    """Return how much room a sign wants on both sides of the middle."""
    return _SIGN / 2 + 2 if name else _DOT + 1


def paint_sign(painter: QPainter, option: QStyleOptionViewItem, name: str, tint: str) -> None:
    """Paint what stands on the rail: one of our icons, or a dot where `name` is empty."""
    middle = QPointF(option.rect.left() + WIDTH / 2, option.rect.top() + option.rect.height() / 2)
    if name:
        area = QRectF(middle.x() - _SIGN / 2, middle.y() - _SIGN / 2, _SIGN, _SIGN)
        shape, mark = colour(tint, option.palette), colour("on-level", option.palette)
        paint_icon(painter, area, name, shape, mark)
        return
    painter.setPen(QPen(colour(tint, option.palette), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(middle, _DOT, _DOT)
