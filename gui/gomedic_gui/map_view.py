"""The map of a fix: for each kind of session the Go it has, an arrow, and the Go it would have."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)  # fmt: skip

from gomedic_gui.icons import paint_icon
from gomedic_gui.index import Index
from gomedic_gui.labels import scaled
from gomedic_gui.map_model import STATE, MapModel
from gomedic_gui.palette import colour

_SIGNS = {
    "gains": ("ok", "ok"), "changes": ("ok", "ok"), "loses": ("warning", "warning"),
    "same": ("none", "muted"), "none": ("none", "muted"),
}  # fmt: skip
_SIGN, _ARROW = 16, 34
_ROOM = 16  # above and below the words of a row, together


class MapView(QTableView):
    """Shows a map whole: as high as it has rows. It stays, whatever map its model comes to hold."""

    def __init__(self, model: MapModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        model.setParent(self)
        self.setObjectName("map")
        self.setModel(model)
        self.setItemDelegate(MapDelegate(self))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(
            QHeaderView.ResizeMode.Fixed
        )  # of one height: none is asked
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _ROOM)
        across = self.horizontalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        model.modelReset.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        rows = self.model().rowCount() * self.verticalHeader().defaultSectionSize()
        across = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(rows + across + 2 * self.frameWidth() + 2)


class MapDelegate(QStyledItemDelegate):
    """Paints what the map model says: a Go as a chip, filled where it is new."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        state = index.data(STATE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, colour("chosen", option.palette))
        if index.column() == 0:
            self._paint_session(painter, option, state)
        else:
            area = option.rect.adjusted(_ARROW if index.column() == 2 else 0, 3, -6, -3)
            if index.column() == 2:
                self._paint_arrow(painter, option, state)
            self._paint_chip(painter, option, area, state, is_new=index.column() == 2)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        self.initStyleOption(option, index)
        wide = int(option.fontMetrics.horizontalAdvance(option.text) * 1.15) + _ARROW + 44
        return QSize(wide, option.fontMetrics.height() + _ROOM)

    def _paint_session(self, painter: QPainter, option: QStyleOptionViewItem, state: str) -> None:
        sign, tint = _SIGNS[state]
        top = option.rect.top() + (option.rect.height() - _SIGN) / 2
        area = QRectF(option.rect.left() + 10, top, _SIGN, _SIGN)
        paint_icon(painter, area, sign, colour(tint, option.palette), colour("on-level", option.palette))
        painter.setPen(colour("text", option.palette))
        _write(painter, option.rect.adjusted(_SIGN + 20, 0, -6, 0), option.text)

    def _paint_arrow(self, painter: QPainter, option: QStyleOptionViewItem, state: str) -> None:
        """Paint an arrow to the new Go, a plain line where it stays as it is."""
        y, left = option.rect.top() + option.rect.height() / 2, option.rect.left()
        changed = state not in ("same", "none")
        tint = colour("text" if changed else "muted", option.palette)
        painter.setPen(QPen(tint, 2 if changed else 1))
        painter.drawLine(QPointF(left + 2, y), QPointF(left + (22 if changed else 28), y))
        if changed:
            painter.setBrush(tint)
            painter.setPen(Qt.PenStyle.NoPen)
            head = [QPointF(left + 20, y - 5), QPointF(left + 29, y), QPointF(left + 20, y + 5)]
            painter.drawPolygon(QPolygonF(head))

    def _paint_chip(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, state: str, *, is_new: bool
    ) -> None:
        changed = is_new and state not in ("same", "none")
        tint = ("warning" if state == "loses" else "ok") if changed else "muted"
        painter.setFont(scaled(option.font, 1.0, bold=changed))
        words = painter.fontMetrics().elidedText(
            option.text, Qt.TextElideMode.ElideRight, max(0, area.width() - 22)
        )
        chip = QRectF(area.adjusted(0, 1, 0, -1))
        chip.setWidth(min(area.width(), painter.fontMetrics().horizontalAdvance(words) + 22))
        painter.setPen(QPen(colour(tint if changed else "border", option.palette), 1.5 if changed else 1))
        ground = f"{'warning' if state == 'loses' else 'ok'}-soft" if changed else "window"
        painter.setBrush(colour(ground, option.palette))
        painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
        painter.setPen(colour("text", option.palette))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)


def _write(painter: QPainter, area: QRect, text: str) -> None:
    fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
