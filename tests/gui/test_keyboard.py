"""The whole window by keyboard alone, in both languages: every place reached, in order, and no way in without a way out."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLabel,
    QMenu,
    QScrollArea,
    QTabBar,
    QTableWidget,
    QWidget,
)  # fmt: skip
from pytestqt.qtbot import QtBot

from gomedic_gui.window import Window
from gui.conftest import PATIENCE, OpenWindow, button, is_idle
from gui.samples import OLD_RECEIPT, PREPEND, RECEIPT, SHADOWED
from gui.samples_toolchains import Shop
from gui.test_accessibility import mnemonic

ROUND = 120  # more steps than any page has places


@pytest.fixture(params=["en", "zh_CN"])
def window(request: pytest.FixtureRequest, examined: OpenWindow, english: None, qtbot: QtBot) -> Window:
    """A window with all it can have: findings, a past, a change to look at."""
    if request.param == "zh_CN":
        request.getfixturevalue("chinese")
    clinic = Shop()
    clinic.receipts = (RECEIPT, OLD_RECEIPT)
    made = examined(clinic)
    made.resize(1000, 720)
    made.changes._offer(("/home/student/.bashrc",))
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=PATIENCE)
    return made


def pages(window: Window, qtbot: QtBot) -> Iterator[str]:
    """Show each page in turn; yield its name."""
    for number in range(window.tabs.count()):
        window.tabs.setCurrentIndex(number)
        qtbot.waitUntil(lambda: is_idle(window) and not window.tabs.is_busy, timeout=PATIENCE)
        QApplication.processEvents()  # what is laid out only when it is shown
        yield window.tabs.tabText(number)
    window.preview(SHADOWED, PREPEND)
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    yield "preview"
    window.treat()
    qtbot.waitUntil(
        lambda: is_idle(window) and window.pages.currentWidget() is window.result, timeout=PATIENCE
    )
    yield "result"


def walk(window: Window, qtbot: QtBot, key: Qt.Key) -> list[QWidget]:
    """Return where a key leads, from the first place until it comes round."""
    places: list[QWidget] = []
    for _step in range(ROUND):
        now = QApplication.focusWidget()
        if now is not None and now in places[:-1]:
            return places[places.index(now) :]
        if now is not None and now not in places:  # links are several places in one widget
            places.append(now)
        qtbot.keyClick(now or window, key)
    raise AssertionError(f"{key} comes to no end: {places[-4:]}")


def wanted(window: Window) -> set[QWidget]:
    """Return all that a person can act on by keyboard, and whatever they could click."""
    return {each for each in window.findChildren(QWidget) if is_shown(each) and takes_keys(each)}


def is_shown(each: QWidget) -> bool:
    return each.isVisible() and each.isEnabled() and each.width() > 1


def takes_keys(each: QWidget) -> bool:
    """Whether it acts; what has a proxy is reached through it."""
    if isinstance(each.parent(), QTabBar | QAbstractItemView) or each.focusProxy() is not None:
        return False
    acts = (
        isinstance(each, QAbstractButton | QAbstractItemView | QTabBar)
        and type(each).__name__ != "QTableCornerButton"
    )
    inside_a_view = any(isinstance(above, QAbstractItemView) for above in above_it(each))
    return not inside_a_view and (acts or bool(each.focusPolicy() & Qt.FocusPolicy.TabFocus))


def above_it(each: QWidget) -> Iterator[QWidget]:
    while (each := each.parentWidget()) is not None:  # type: ignore[assignment]
        yield each


def of_one_group(each: QWidget) -> bool:
    """Whether arrows lead to it, as to the other radio buttons of a group."""
    return isinstance(each, QAbstractButton) and each.autoExclusive()


def named(each: QWidget) -> str:
    return (
        f"{type(each).__name__} {each.objectName() or each.accessibleName()} {getattr(each, 'text', str)()}"
    )


def test_tab_leads_to_everything_and_round(window: Window, qtbot: QtBot) -> None:
    for page in pages(window, qtbot):
        reached = set(walk(window, qtbot, Qt.Key.Key_Tab))
        missed = {named(each) for each in wanted(window) - reached if not of_one_group(each)}
        assert (page, missed) == (page, set())


def test_shift_tab_leads_the_same_way_back(window: Window, qtbot: QtBot) -> None:
    for page in pages(window, qtbot):
        there = walk(window, qtbot, Qt.Key.Key_Tab)
        back = walk(window, qtbot, Qt.Key.Key_Backtab)
        assert (page, set(map(named, back))) == (page, set(map(named, there)))


def test_the_order_is_that_of_reading(window: Window, qtbot: QtBot) -> None:
    """Upwards only once in a round, besides from the foot of one column to the head of the next; in a row to the right."""
    for page in pages(window, qtbot):
        ring = walk(window, qtbot, Qt.Key.Key_Tab)
        in_header = [window.header.isAncestorOf(each) for each in ring]
        first = next(n for n, inside in enumerate(in_header) if inside and not in_header[n - 1])
        ring = ring[first:] + ring[:first]
        steps = pairwise(ring)
        wrong = [
            f"{named(a)} -> {named(b)}" for a, b in steps if goes_back(place(a, window), place(b, window))
        ]
        assert (page, wrong) == (page, [])


def place(each: QWidget, window: Window) -> QRect:
    """Return where a place is, as if everything above it that scrolls stood at its beginning."""
    scrolled = [
        above.verticalScrollBar().value() for above in above_it(each) if isinstance(above, QScrollArea)
    ]
    return QRect(each.mapTo(window, QPoint(0, sum(scrolled))), each.size())


def goes_back(one: QRect, other: QRect) -> bool:
    """Whether a reader would have to look back: left in the same row, or up and not into another column."""
    shared = min(one.bottom(), other.bottom()) - max(one.top(), other.top())
    same_row = shared > min(one.height(), other.height()) / 2
    if same_row:
        return other.right() <= one.left()
    return other.bottom() <= one.top() and other.left() < one.right()


def test_no_two_actions_on_a_page_share_a_mnemonic(window: Window, qtbot: QtBot) -> None:
    for page in pages(window, qtbot):
        texts = [each.text() for each in window.findChildren(QAbstractButton) if is_shown(each)]
        texts += [each.text() for each in window.findChildren(QLabel) if is_shown(each) and each.buddy()]
        for bar in window.findChildren(QTabBar):
            texts += [bar.tabText(number) for number in range(bar.count()) if bar.isVisible()]
        letters = sorted(letter for text in texts if (letter := mnemonic(text)))
        assert (page, [one for one, other in pairwise(letters) if one == other]) == (
            page,
            [],
        )


def test_no_two_actions_have_the_same_keys(window: Window) -> None:
    keys = [each.toString() for action in window.findChildren(QAction) for each in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))


def test_arrows_lead_through_every_list_and_along_the_tabs(window: Window, qtbot: QtBot) -> None:
    for page in pages(window, qtbot):
        for view in window.findChildren(QAbstractItemView):
            if not is_shown(view) or view.model() is None or view.model().rowCount() < 2:
                continue
            view.setFocus()
            qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
            before = view.currentIndex()
            qtbot.keyClick(view, Qt.Key.Key_Down)
            assert view.currentIndex() != before, (page, named(view))
    window.show_overview()
    bar = window.tabs.tabBar()
    window.tabs.setCurrentIndex(0)
    bar.setFocus()
    for number in range(1, bar.count()):
        qtbot.keyClick(bar, Qt.Key.Key_Right)
        assert bar.currentIndex() == number
        assert QApplication.focusWidget() is bar


def sheet(window: Window) -> QDialog:
    found = [each for each in window.findChildren(QDialog) if each.isVisible()]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Question, None], ids=["F1", "?", "button"])
def test_the_sheet_of_keys(key: Qt.Key | None, window: Window, qtbot: QtBot) -> None:
    if key is None:
        button(window, "keys").click()
    else:
        qtbot.keyClick(window.findings.findings, key)
    shown = sheet(window)
    table = shown.findChild(QTableWidget)
    rows = {table.item(row, 0).text(): table.item(row, 1).text() for row in range(table.rowCount())}
    assert {"F5  Ctrl+R", "Ctrl+Z", "Ctrl+1", "F1  ?", "Tab"} <= set(rows)
    assert rows["Ctrl+2"] == window.tabs.title_of(window.sessions)
    assert "&" not in "".join(rows.values())
    assert all(rows.values())
    assert QApplication.focusWidget() is not None
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    qtbot.waitUntil(
        lambda: not any(each.isVisible() for each in window.findChildren(QDialog)), timeout=PATIENCE
    )


def test_a_question_mark_in_a_text_is_only_that(window: Window, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.tabs.ask)
    window.tabs.ask.field.setFocus()
    qtbot.keyClicks(window.tabs.ask.field, "why?")
    assert window.tabs.ask.field.toPlainText() == "why?"
    assert not any(each.isVisible() for each in window.findChildren(QDialog))


def test_every_menu_can_be_opened_and_left(window: Window, qtbot: QtBot) -> None:
    for each in window.findChildren(QAbstractButton):
        menu = each.menu() if hasattr(each, "menu") else None
        if isinstance(menu, QMenu) and is_shown(each):
            assert all(action.text() for action in menu.actions() if not action.isSeparator())
