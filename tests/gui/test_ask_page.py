"""The page that explains an error message: by mouse and by keyboard, in both languages."""

import time

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gomedic.pasted import LONGEST
from gomedic_gui.case import case_of
from gomedic_gui.window import Window
from gui.accessible import is_pressable, nameless, tab_round
from gui.conftest import PATIENCE, OpenWindow, button
from gui.samples import HEALTHY, ILL, Clinic
from gui.test_accessibility import mnemonic, texts_with_mnemonics
from gui.test_screens import is_cut_off

MISMATCH = 'compile: version "go1.22.10" does not match go tool version "go1.19.8"'


@pytest.fixture
def asking(examined: OpenWindow, qtbot: QtBot) -> Window:
    """A window with findings, opened on the page by its shortcut."""
    return opened(examined, qtbot)


def opened(examined: OpenWindow, qtbot: QtBot, clinic: Clinic | None = None) -> Window:
    window = examined(clinic or Clinic(ILL))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.tabs.ask.isVisible, timeout=PATIENCE)
    window.tabs.ask.setFocus()
    return window


def words_on(window: Window) -> list[str]:
    return [each.text() for each in window.tabs.ask.findChildren(QLabel) if each.isVisible()]


def buttons(window: Window, name: str) -> list[QPushButton]:
    return [each for each in window.tabs.ask.findChildren(QPushButton, name) if each.isVisible()]


def ask(window: Window, qtbot: QtBot, text: str) -> None:
    if text.isascii():
        qtbot.keyClicks(window.tabs.ask.field, text)
    else:
        window.tabs.ask.field.insertPlainText(text)
    qtbot.keyClick(window.tabs.ask.field, Qt.Key.Key_Return)


def test_the_whole_way_by_keyboard_from_message_to_fix(asking: Window, qtbot: QtBot) -> None:
    assert QApplication.focusWidget() is asking.tabs.ask.field
    ask(asking, qtbot, MISMATCH)
    focused = QApplication.focusWidget()
    assert focused is buttons(asking, "show-finding")[0]
    qtbot.keyClick(focused, Qt.Key.Key_Space)
    assert asking.tabs.currentWidget() is asking.findings
    words = "GOROOT is set to /usr/lib/go-1.19; every newer Go will be given the old one's library."
    panel = asking.findings.panel
    qtbot.waitUntil(lambda: words in [each.text() for each in panel.findChildren(QLabel)], timeout=PATIENCE)


def test_the_answer_comes_while_one_types(asking: Window, qtbot: QtBot) -> None:
    qtbot.keyClicks(asking.tabs.ask.field, MISMATCH)
    qtbot.waitUntil(lambda: bool(buttons(asking, "show-finding")), timeout=PATIENCE)
    assert QApplication.focusWidget() is asking.tabs.ask.field, "who types goes on typing"


def test_two_findings_that_fit_are_both_shown_the_exacter_first(asking: Window, qtbot: QtBot) -> None:
    ask(asking, qtbot, MISMATCH)
    names = [each.accessibleName() for each in buttons(asking, "show-finding")]
    assert [name[:20] for name in names] == ["Show: GOROOT is set ", "Show: New terminals "]


def test_what_was_not_found_is_said_and_its_pages_are_offered(examined: OpenWindow, qtbot: QtBot) -> None:
    window = opened(examined, qtbot, Clinic(HEALTHY))
    ask(window, qtbot, "bash: go: 未找到命令")
    assert "gomedic knows this message, but found none of its usual causes here." in words_on(window)
    assert len(buttons(window, "about-check")) == 4
    qtbot.mouseClick(buttons(window, "about-check")[0], Qt.MouseButton.LeftButton)
    assert window.tabs.ask.about.isVisible()
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.tabs.ask.about.isVisible(), timeout=PATIENCE)
    assert buttons(window, "about-check")


def test_nonsense_is_honestly_not_known(asking: Window, qtbot: QtBot) -> None:
    ask(asking, qtbot, "la la la")
    assert any(text.startswith("gomedic does not know this message") for text in words_on(asking))
    assert buttons(asking, "show-finding") == []


def test_an_empty_field_says_what_to_do(asking: Window, qtbot: QtBot) -> None:
    ask(asking, qtbot, "   ")
    assert any(text.startswith("Type it, or copy it") for text in words_on(asking))


def test_what_was_copied_is_put_in_and_answered(asking: Window, qtbot: QtBot) -> None:
    asking.tabs.ask.field.setPlainText("something else")
    QGuiApplication.clipboard().setText(f"\x1b[31m{MISMATCH}\x1b[0m")
    qtbot.mouseClick(button(asking, "paste"), Qt.MouseButton.LeftButton)
    assert buttons(asking, "show-finding")
    assert "something else" not in asking.tabs.ask.field.toPlainText()


def test_a_huge_paste_does_not_hold_the_window_up(asking: Window, qtbot: QtBot) -> None:
    field = asking.tabs.ask.field
    ask(asking, qtbot, "warm")
    begun = time.process_time()
    field.insert_pasted("go: " * 500_000 + MISMATCH)
    asking.tabs.ask.ask()
    spent = time.process_time() - begun
    print(f"{spent * 1000:.0f} ms for a paste of 2 MB")
    assert len(field.toPlainText()) <= LONGEST + 10
    assert buttons(asking, "show-finding")
    assert spent < 2


def test_shift_return_begins_a_line_and_tab_leads_on(asking: Window, qtbot: QtBot) -> None:
    field = asking.tabs.ask.field
    qtbot.keyClicks(field, "one")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(field, "two")
    assert field.toPlainText() == "one\ntwo"
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is button(asking, "find-cause")


def test_a_new_examination_answers_anew(asking: Window, qtbot: QtBot) -> None:
    ask(asking, qtbot, MISMATCH)
    asking.show_case(case_of(Clinic().doctor(), HEALTHY))
    assert buttons(asking, "show-finding") == []
    assert "gomedic knows this message, but found none of its usual causes here." in words_on(asking)


def test_everything_is_named_and_reached_by_tab(asking: Window, qtbot: QtBot) -> None:
    ask(asking, qtbot, MISMATCH)
    assert nameless(asking) == []
    wanted = {each for each in asking.findChildren(QPushButton) if is_pressable(each)}
    assert wanted - set(tab_round(asking, qtbot)) == set()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_it_fits_a_small_screen_and_no_two_letters_collide(
    request: pytest.FixtureRequest, examined: OpenWindow, qtbot: QtBot, language: str
) -> None:
    if language == "zh_CN":
        request.getfixturevalue("chinese")
    window = opened(examined, qtbot, Clinic(HEALTHY))
    window.resize(QSize(800, 600))
    ask(window, qtbot, "go: cannot find GOROOT directory: /usr/local/go")
    qtbot.waitUntil(lambda: window.size() == QSize(800, 600))
    shown = [*window.tabs.ask.findChildren(QLabel), *window.tabs.ask.findChildren(QPushButton)]
    assert [each.text() for each in shown if each.isVisible() and is_cut_off(each)] == []
    letters = [letter for text in texts_with_mnemonics(window) if (letter := mnemonic(text))]
    assert sorted(letters) == sorted(set(letters))
