"""Paints a finding in the list: its sign, and its sentence in up to four lines."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from gomedic_gui.finding_tree import LEVEL
from gomedic_gui.icons import paint_level
from gomedic_gui.index import Index
from gomedic_gui.labels import scaled
from gomedic_gui.palette import colour
from gomedic_gui.row_painting import paint_row

_SIGN = 20
_LEFT, _GAP, _RIGHT, _ABOVE = 18, 12, 16, 11
_LINES = 4
_CHINESE = 0x2E80  # from here on the letters that a line may end after
_NEVER_FIRST = tuple("，。；：、！？）”》")


class FindingDelegate(QStyledItemDelegate):
    """Wants a tree view, whose width it wraps to."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        painter.save()
        if level := index.data(LEVEL):
            paint_row(painter, option)
            self._paint_finding(painter, option, level)
        else:
            self._paint_heading(painter, option)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        self.initStyleOption(option, index)
        if not index.data(LEVEL):
            return QSize(100, option.fontMetrics.height() + 26)
        view = option.widget
        depth = 1 if index.parent().isValid() else 0
        width = view.viewport().width() - depth * view.indentation() if isinstance(view, QTreeView) else 240
        text = _text_area(QRect(0, 0, width, 10_000))
        return QSize(100, max(_SIGN, _height(option, text.width())) + 2 * _ABOVE)

    def _paint_finding(self, painter: QPainter, option: QStyleOptionViewItem, level: str) -> None:
        sign = QRectF(option.rect.left() + _LEFT, option.rect.top() + _ABOVE, _SIGN, _SIGN)
        paint_level(painter, sign, level, option.palette)
        painter.setPen(colour("text", option.palette))
        painter.setFont(option.font)
        area = _text_area(option.rect)
        y = area.top() + max(0, (_SIGN - option.fontMetrics.height()) // 2)
        for line in _lines(option.text, option.fontMetrics, area.width()):
            painter.drawText(QRect(area.left(), y, area.width(), option.fontMetrics.height()), 0, line)
            y += option.fontMetrics.lineSpacing()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        painter.setFont(scaled(option.font, 0.92, bold=True))
        painter.setPen(colour("muted", option.palette))
        area = option.rect.adjusted(_LEFT, 0, -_RIGHT, -6)
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, option.text)


def _text_area(row: QRect) -> QRect:
    return row.adjusted(_LEFT + _SIGN + _GAP, _ABOVE, -_RIGHT, -_ABOVE)


def _height(option: QStyleOptionViewItem, width: int) -> int:
    return len(_lines(option.text, option.fontMetrics, width)) * option.fontMetrics.lineSpacing()


def _lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Break `text` into at most four lines, the last shortened with an ellipsis."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < _LINES - 1:
        line, rest = _first_line(rest, metrics, width)
        lines.append(line)
    if rest:
        lines.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
    return lines or [""]


def _first_line(text: str, metrics: QFontMetrics, width: int) -> tuple[str, str]:
    """Split off what fits, at a blank, a slash or between Chinese characters where there is one."""
    if metrics.horizontalAdvance(text) <= width:
        return text, ""
    end = 1
    while end < len(text) and metrics.horizontalAdvance(text[: end + 1]) <= width:
        end += 1
    breaks = [at for at in range(1, end + 1) if _may_break(text, at)]
    at = breaks[-1] if breaks and breaks[-1] > end // 3 else end
    return text[:at].rstrip(), text[at:].lstrip()


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at : at + 1]
    if after in _NEVER_FIRST:
        return False
    inside_path = before == "/" and at > 1 and text[at - 2].isalnum()
    return before == " " or after == " " or inside_path or ord(before) >= _CHINESE
