"""What the panel of a finding folds away: the commands to type, and what follows from it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gomedic.by_hand import commands_by_hand
from gomedic.doctor import Offer, Trial
from gomedic_gui.commands_box import CommandsBox
from gomedic_gui.lines_box import LinesBox
from gomedic_gui.window import Window
from gui.conftest import OpenWindow, button
from gui.samples import GOROOT, NO_TOOLS, PREPEND, REMOVE_OLD, SHADOWED, TOO_OLD, Clinic


def words(window: Window) -> list[str]:
    return [label.text() for label in window.findings.panel.findChildren(QLabel) if label.isVisible()]


def commands(window: Window) -> str:
    (box,) = [each for each in window.findings.panel.findChildren(CommandsBox) if each.isVisible()]
    box.copy()
    return QGuiApplication.clipboard().text()


def test_the_commands_are_shown_when_asked_for(examined: OpenWindow) -> None:
    window = examined(Clinic())
    button(window, "by-hand").click()
    assert f"By hand, in a terminal: {PREPEND.title}" in words(window)
    assert commands(window) == "\n".join(commands_by_hand(PREPEND.steps))


def test_they_are_those_of_the_fix_that_is_offered(examined: OpenWindow) -> None:
    clinic = Clinic()
    clinic.offers[SHADOWED.id] = Offer(Trial(REMOVE_OLD, None), (PREPEND,))
    window = examined(clinic)
    button(window, "by-hand").click()
    assert commands(window) == "\n".join(commands_by_hand(REMOVE_OLD.steps))


def test_where_no_fix_has_steps_there_are_no_commands(examined: OpenWindow) -> None:
    window = examined(Clinic())
    for finding in (TOO_OLD, NO_TOOLS):
        window.findings.findings.choose(finding.id)
        shown = window.findings.panel.findChildren(QPushButton, "by-hand")
        assert not [each for each in shown if each.isVisible()]


def test_the_commands_are_reached_by_keys_alone(examined: OpenWindow, qtbot: QtBot) -> None:
    window = examined(Clinic())
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    button(window, "by-hand").setFocus()
    qtbot.keyClick(button(window, "by-hand"), Qt.Key.Key_Space)
    reached = []
    for _press in range(3):
        focused = QApplication.focusWidget()
        reached.append(type(focused))
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert LinesBox in reached


def test_what_follows_from_a_finding_is_folded_under_it(examined: OpenWindow) -> None:
    window = examined(Clinic())
    assert str(TOO_OLD.message) not in words(window)
    assert button(window, "follows").text() == "1 thing &more follows from it"
    button(window, "follows").click()
    assert str(TOO_OLD.message) in words(window)
    window.findings.findings.choose(GOROOT.id)
    shown = window.findings.panel.findChildren(QPushButton, "follows")
    assert not [each for each in shown if each.isVisible()]
