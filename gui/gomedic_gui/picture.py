"""Pictures of item views, whole, as SVG or PNG: painted by the same delegates as on the screen."""

from collections.abc import Iterator

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QTableView

from gomedic_gui.labels import scaled
from gomedic_gui.palette import colour

_SCALE = 2  # of a PNG
_MARGIN = 16
_WIDEST, _NARROWEST = 620, 90
_CARD = 460  # a card takes the width it gets


class _Sheet(Struct, frozen=True):
    """Where everything goes."""

    title: str
    columns: tuple[int, ...]  # widths
    headings: tuple[str, ...]
    rows: tuple[tuple[QModelIndex, int], ...]  # first cell, height
    line: int  # height of the title, and of the headings

    @property
    def size(self) -> QSize:
        tall = self.line * (2 if self.headings else 1) + sum(height for _index, height in self.rows)
        return QSize(sum(self.columns) + 2 * _MARGIN, tall + 2 * _MARGIN + 8)


def save_picture(view: QAbstractItemView, title: str, path: str) -> bool:
    """Save all that a view shows, with a title: as PNG where `path` ends so, else as SVG; return whether that went well."""
    sheet = _sheet(view, title)
    if path.lower().endswith(".png"):
        return _image(view, sheet).save(path)
    generator = QSvgGenerator()
    generator.setFileName(path)
    generator.setSize(sheet.size)
    generator.setViewBox(QRect(0, 0, sheet.size.width(), sheet.size.height()))
    generator.setTitle(title)
    painter = QPainter()
    begun = painter.begin(generator)
    if begun:
        _paint(painter, view, sheet)
        painter.end()
    return begun


def _image(view: QAbstractItemView, sheet: _Sheet) -> QImage:
    image = QImage(sheet.size * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    painter = QPainter(image)
    _paint(painter, view, sheet)
    painter.end()
    return image


def _sheet(view: QAbstractItemView, title: str) -> _Sheet:
    model = view.model()
    cells = list(_walk(view, QModelIndex()))
    numbers = range(1 if isinstance(view, QListView) else model.columnCount())
    headings = tuple(
        str(model.headerData(number, Qt.Orientation.Horizontal) or "") for number in numbers
    ) if isinstance(view, QTableView) and not view.horizontalHeader().isHidden() else ()  # fmt: skip
    widths = tuple(_width(view, cells, number, headings) for number in numbers)
    title_width = QFontMetrics(_title_font(view)).horizontalAdvance(title)
    missing = max(0, title_width - sum(widths))
    rows = tuple((index, view.itemDelegate().sizeHint(_option(view), index).height()) for index in cells)
    line = QFontMetrics(_title_font(view)).height() + 8
    return _Sheet(title, (*widths[:-1], widths[-1] + missing), headings, rows, line)


def _width(view: QAbstractItemView, cells: list[QModelIndex], number: int, headings: tuple[str, ...]) -> int:
    delegate, option = view.itemDelegate(), _option(view)
    hints = [delegate.sizeHint(option, index.siblingAtColumn(number)).width() for index in cells]
    if headings:
        hints.append(option.fontMetrics.horizontalAdvance(headings[number]) + 24)
    widest = max(hints, default=_NARROWEST)
    return min(max(widest, _CARD if isinstance(view, QListView) else _NARROWEST), _WIDEST)


def _walk(view: QAbstractItemView, parent: QModelIndex) -> Iterator[QModelIndex]:
    model = view.model()
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        yield index
        yield from _walk(view, index)


def _option(view: QAbstractItemView) -> QStyleOptionViewItem:
    option = QStyleOptionViewItem()
    option.font = view.font()
    option.fontMetrics = QFontMetrics(view.font())
    option.palette = view.palette()
    option.state = QStyle.StateFlag.State_Enabled
    return option


def _title_font(view: QAbstractItemView) -> QFont:
    return scaled(view.font(), 1.2, bold=True)


def _paint(painter: QPainter, view: QAbstractItemView, sheet: _Sheet) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, sheet.size.width(), sheet.size.height()), colour("surface", view.palette()))
    painter.setPen(colour("text", view.palette()))
    painter.setFont(_title_font(view))
    y = _MARGIN
    painter.drawText(QRect(_MARGIN, y, sum(sheet.columns), sheet.line), 0, sheet.title)
    y += sheet.line + 8
    if sheet.headings:
        _paint_headings(painter, view, sheet, y)
        y += sheet.line
    for index, height in sheet.rows:
        x = _MARGIN
        for number, width in enumerate(sheet.columns):
            option = _option(view)
            option.rect = QRect(x, y, width, height)
            view.itemDelegate().paint(painter, option, index.siblingAtColumn(number))
            x += width
        y += height


def _paint_headings(painter: QPainter, view: QAbstractItemView, sheet: _Sheet, y: int) -> None:
    painter.setFont(view.font())
    painter.setPen(colour("muted", view.palette()))
    x = _MARGIN
    for width, heading in zip(sheet.columns, sheet.headings, strict=True):
        painter.drawText(QRect(x + 10, y, width - 10, sheet.line), Qt.AlignmentFlag.AlignVCenter, heading)
        x += width
