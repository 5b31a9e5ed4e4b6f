"""The page about a kind of fault: opened and left by mouse and keyboard, in both languages, without a network."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gomedic.checks import shadowed_by_older_go
from gomedic.pages import thread
from gomedic_gui.check_page import CheckPage
from gomedic_gui.palette import DARK, LIGHT
from gomedic_gui.style import wear
from gomedic_gui.window import Window
from gui.accessible import is_pressable, nameless, tab_round
from gui.conftest import PATIENCE, OpenWindow, button, is_idle
from gui.samples import ILL, SHADOWED, Clinic
from gui.test_screens import is_cut_off

CHECK = shadowed_by_older_go.CHECK


class Browser(QObject):
    """Stands for the person's browser, which the desktop would start."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        self.asked.append(address.toString())


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    QDesktopServices.setUrlHandler("https", made, "open")
    yield made
    QDesktopServices.unsetUrlHandler("https")


@pytest.fixture
def reading(examined: OpenWindow, qtbot: QtBot) -> Window:
    """A window in which the page of the first finding's check is open."""
    window = examined(Clinic(ILL))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    qtbot.mouseClick(button(window, "about"), Qt.MouseButton.LeftButton)
    assert page(window).isVisible()
    return window


def page(window: Window) -> CheckPage:
    return window.findings.panel.about


def words_on(window: Window) -> str:
    return "\n".join(each.text() for each in page(window).findChildren(QLabel))


def press(qtbot: QtBot, window: Window, key: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key)


def test_the_page_says_what_the_check_says(reading: Window) -> None:
    words = words_on(reading)
    for text in (CHECK.title, CHECK.found, CHECK.cured):
        assert text.replace("`go`", "“go”") in words
    assert "Go 1.19.8 from /usr/bin/go runs in a new terminal" in words
    assert button(reading, "fix").isVisible(), "the way out stays in reach"


def test_the_page_comes_and_goes_by_keyboard_alone(examined: OpenWindow, qtbot: QtBot) -> None:
    window = examined(Clinic(ILL))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(page(window).isVisible, timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page(window).isVisible(), timeout=PATIENCE)
    assert QApplication.focusWidget() is button(window, "about"), "the person goes on where they were"


def test_keys_move_the_text(reading: Window, qtbot: QtBot) -> None:
    reading.resize(QSize(800, 600))
    bar = page(reading)._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    press(qtbot, reading, Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_a_thread_opens_in_the_browser(reading: Window, browser: Browser, qtbot: QtBot) -> None:
    links = next(each for each in page(reading).findChildren(QLabel) if "href" in each.text())
    links.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, reading, Qt.Key.Key_Tab)  # from the lines to the first link
    assert browser.asked == [], "nothing is asked of the network unasked"
    press(qtbot, reading, Qt.Key.Key_Return)
    assert browser.asked == [thread(CHECK.threads[0]).address]


def test_whatever_takes_the_focus_on_the_page_has_a_name(reading: Window) -> None:
    assert nameless(reading) == []


def test_every_button_and_the_links_are_reached_by_tab(reading: Window, qtbot: QtBot) -> None:
    wanted = {each for each in reading.findChildren(QPushButton) if is_pressable(each)}
    links = {each for each in page(reading).findChildren(QLabel) if "href" in each.text()}
    assert links
    assert (wanted | links) - set(tab_round(reading, qtbot)) == set()


def test_another_finding_closes_the_page(reading: Window) -> None:
    other = next(each for each in ILL.findings if each.check != SHADOWED.check)
    reading.findings.findings.choose(other.id)
    assert not page(reading).isVisible()


def test_a_new_examination_leaves_the_reader_in_peace(reading: Window, qtbot: QtBot) -> None:
    reading.examine()
    qtbot.waitUntil(lambda: is_idle(reading), timeout=PATIENCE)
    assert page(reading).isVisible()


def test_the_page_follows_the_colours(reading: Window, dressed: QApplication, qtbot: QtBot) -> None:
    shown = page(reading)._scroll.widget()
    try:
        wear(dressed, DARK)
        qtbot.waitUntil(lambda: page(reading)._scroll.widget() is not shown, timeout=PATIENCE)
        assert page(reading).isVisible()
    finally:
        wear(dressed, LIGHT)


def test_a_finding_without_a_page_has_no_button(examined: OpenWindow) -> None:
    unknown = replace(SHADOWED, check="of-a-later-gomedic")
    window = examined(Clinic(replace(ILL, findings=(unknown,))))
    assert [each for each in window.findChildren(QPushButton, "about") if each.isVisible()] == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_fits_a_small_screen(
    request: pytest.FixtureRequest, examined: OpenWindow, qtbot: QtBot, language: str
) -> None:
    if language == "zh_CN":
        request.getfixturevalue("chinese")
    window = examined(Clinic(ILL))
    window.resize(QSize(800, 600))
    qtbot.mouseClick(button(window, "about"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.size() == QSize(800, 600))
    words = [*page(window).findChildren(QLabel), *page(window).findChildren(QPushButton)]
    assert [each.text() for each in words if each.isVisible() and is_cut_off(each)] == []
    assert "PATH 中最新的 Go 排在最前面" in words_on(window) or language == "en"
