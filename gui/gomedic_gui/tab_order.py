"""The way of Tab follows the eye: Qt's follows the order of making, and pages make some of their places anew."""

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGridLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)  # fmt: skip

_WHOLE = (QAbstractItemView, QComboBox)  # what is inside them has a way of its own


def move_focus(top: QWidget | None, forward: bool) -> bool:
    """Give the focus to the place after or before the one that has it in `top`; False where there is none."""
    ring = [place for place in places(top) if place.isEnabled()] if top is not None else []
    if not ring:
        return False
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    place = ring[_number_after(ring, QApplication.focusWidget(), forward) % len(ring)]
    place.setFocus(reason)
    _scroll_to(place)
    return True


def _scroll_to(place: QWidget) -> None:
    around = place.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(place)
        around = around.parentWidget()


def _number_after(ring: list[QWidget], now: QWidget | None, forward: bool) -> int:
    step = 1 if forward else -1
    if now is None:
        return 0 if forward else -1
    around = [number for number, place in enumerate(ring) if place is now or place.isAncestorOf(now)]
    if around:
        return around[-1] + step
    inside = [number for number, place in enumerate(ring) if now.isAncestorOf(place)]  # of a page as a whole
    if inside:
        return inside[0] if forward else inside[0] - 1
    return 0 if forward else -1


def places(widget: QWidget) -> Iterator[QWidget]:
    """Yield what takes the focus by Tab in a shown widget, in the order of reading."""
    if widget.isHidden():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    if not isinstance(widget, _WHOLE):
        for part in _parts(widget):
            yield from places(part)


def _parts(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QTabWidget):
        yield widget.tabBar()
    if isinstance(widget, QTabWidget | QStackedWidget):
        shown: QWidget | None = widget.currentWidget()
        yield from [shown] if shown is not None else []
    elif isinstance(widget, QScrollArea):
        inside: QWidget | None = widget.widget()
        yield from [inside] if inside is not None else []
    elif isinstance(widget, QSplitter):
        inner = (widget.widget(number) for number in range(widget.count()))
        yield from (each for each in inner if each is not None)
    elif (layout := widget.layout()) is not None:
        yield from _laid_out(layout)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    numbers = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        numbers.sort(key=lambda number: _row_and_column(layout, number))
    for number in numbers:
        item = layout.itemAt(number)
        if item is not None and (widget := item.widget()) is not None:
            yield widget
        elif item is not None and (inner := item.layout()) is not None:
            yield from _laid_out(inner)


def _row_and_column(layout: QGridLayout, number: int) -> tuple[int, int]:
    row, column, *_spans = cast(tuple[int, int, int, int], layout.getItemPosition(number))
    return row, column
