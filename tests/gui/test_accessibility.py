"""Everything can be reached by keyboard, and everything that can be reached has a name for a screen reader."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QTabBar
from pytestqt.qtbot import QtBot

from gomedic_gui.window import Window
from gui.accessible import is_pressable, nameless, tab_round
from gui.conftest import OpenWindow, button
from gui.samples import HEALTHY, OLD_RECEIPT, PREPEND, RECEIPT, SHADOWED, Clinic

Arrange = Callable[[Window], None]


def findings(window: Window) -> None:
    window.show_overview()


def sessions(window: Window) -> None:
    window.tabs.setCurrentWidget(window.sessions)


def history(window: Window) -> None:
    window.tabs.setCurrentWidget(window.history)


def preview(window: Window) -> None:
    window.preview(SHADOWED, PREPEND)


def result(window: Window) -> None:
    window.preview(SHADOWED, PREPEND)
    window.treat()


PAGES: list[Arrange] = [findings, sessions, history, preview, result]


@pytest.fixture(params=PAGES, ids=lambda page: page.__name__)
def page(request: pytest.FixtureRequest, examined: OpenWindow, qtbot: QtBot) -> Window:
    """A window with a past, on each of its pages in turn."""
    clinic = Clinic()
    clinic.receipts = (RECEIPT, OLD_RECEIPT)
    window = examined(clinic)
    request.param(window)
    qtbot.waitUntil(lambda: not window.is_busy)
    return window


def test_whatever_takes_the_focus_has_a_name(page: Window) -> None:
    assert nameless(page) == []


def test_what_scrolls_has_the_same_parts_whatever_it_shows(page: Window) -> None:
    """A part that comes and goes makes Qt fall: a screen reader asks for it by a number that it got before."""
    areas = page.findChildren(QScrollArea)
    assert areas
    for size in ((700, 450), (1300, 1200)):
        page.resize(*size)
        QApplication.processEvents()
        assert {QAccessible.queryAccessibleInterface(area).childCount() for area in areas} == {1}


def test_every_button_is_reached_by_tab(page: Window, qtbot: QtBot) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    wanted = {each for each in page.findChildren(QAbstractButton) if is_pressable(each)}
    assert wanted - set(tab_round(page, qtbot)) == set()


def test_no_two_actions_on_a_page_share_a_mnemonic(page: Window) -> None:
    letters = [letter for text in texts_with_mnemonics(page) if (letter := mnemonic(text))]
    assert sorted(letters) == sorted(set(letters))


@pytest.mark.usefixtures("chinese")
def test_no_two_actions_on_a_page_share_a_mnemonic_in_chinese(page: Window) -> None:
    texts = texts_with_mnemonics(page)
    letters = [letter for text in texts if (letter := mnemonic(text))]
    assert any("(" in text for text in texts), texts
    assert sorted(letters) == sorted(set(letters))


def texts_with_mnemonics(page: Window) -> list[str]:
    buttons = [
        each.text() for each in page.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()
    ]
    bars = [bar for bar in page.findChildren(QTabBar) if bar.isVisible()]
    return buttons + [bar.tabText(number) for bar in bars for number in range(bar.count())]


def mnemonic(text: str) -> str:
    _before, mark, after = text.replace("&&", "").partition("&")
    return after[:1].lower() if mark else ""


def test_a_severity_is_told_by_more_than_colour(examined: OpenWindow) -> None:
    window = examined(Clinic())
    model = window.findings.findings.model()
    spoken = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert spoken[0].startswith("Problem: ")
    assert spoken[1].startswith("Warning: ")


def test_the_fix_button_says_what_it_fixes(examined: OpenWindow) -> None:
    window = examined(Clinic())
    assert button(window, "fix").accessibleName() == "Fix this: Put ~/sdk/go1.22.10/bin first on PATH"


def test_the_whole_way_by_keyboard_alone(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    window = examined(clinic)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.preview_page)
    assert QApplication.focusWidget() is button(window, "do")
    qtbot.keyClick(button(window, "do"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.result and not window.is_busy)
    qtbot.keyClick(button(window, "close-result"), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.tabs)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.currentWidget() is window.sessions


def test_the_healthy_page_is_named_too(examined: OpenWindow) -> None:
    window = examined(Clinic(HEALTHY))
    assert button(window, "again").toolTip().endswith("(F5)")


def test_a_long_row_tells_itself_in_a_tool_tip(examined: OpenWindow) -> None:
    window = examined(Clinic())
    view = window.findings.findings
    spot = view.visualRect(view.currentIndex()).center()
    event = QHelpEvent(QEvent.Type.ToolTip, spot, view.viewport().mapToGlobal(QPoint(spot)))
    assert view.viewportEvent(event)
    assert view.currentIndex().data(Qt.ItemDataRole.ToolTipRole).startswith("New terminals run")
