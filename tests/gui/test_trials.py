"""Which fix is offered: none before it is settled, the first that is not proved to fail, and no button under the pointer."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gomedic.doctor import Offer, Trial
from gomedic.proof import Proof
from gomedic.texts import Message
from gomedic_gui.fix_bar import FixBar
from gomedic_gui.window import Window
from gui.conftest import PATIENCE, OpenWindow, button, is_idle
from gui.samples import PREPEND, SHADOWED, Clinic

FAILS = Proof((), (), (), helps=False, why=Message("In the copy the finding is still there."))
HELPS = Proof((), (SHADOWED.id,), (), helps=True)
OTHER = SHADOWED.fixes[1]


def bar_of(window: Window) -> FixBar:
    return window.findings.panel.findChild(FixBar)


def words(window: Window) -> str:
    return " ".join(label.text() for label in bar_of(window).findChildren(QLabel) if label.isVisible())


def menu_of(window: Window) -> list[str]:
    return [action.text() for action in button(window, "other-ways").menu().actions()]


def in_window(window: Window, name: str) -> QRect:
    shown = button(window, name)
    return QRect(shown.mapTo(window, QPoint(0, 0)), shown.size())


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Hold trials until it is set, or the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_nothing_can_be_chosen_before_it_is_settled(
    open_window: OpenWindow, qtbot: QtBot, held: threading.Event
) -> None:
    clinic = Clinic()
    clinic.pause_of_trials = lambda: None if held.wait(20) else pytest.fail("never let go")
    window = open_window(clinic)
    window.examine()
    qtbot.waitUntil(
        lambda: window.pages.currentWidget() is window.tabs and not window.is_busy, timeout=PATIENCE
    )
    assert not button(window, "fix").isEnabled()
    assert not button(window, "other-ways").isEnabled()
    place = button(window, "fix").geometry()
    held.set()
    qtbot.waitUntil(button(window, "fix").isEnabled, timeout=PATIENCE)
    assert button(window, "fix").geometry() == place


def test_a_fix_that_fails_in_the_copy_is_not_the_primary_one(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    clinic.offers[SHADOWED.id] = Offer(Trial(OTHER, HELPS), (), (Trial(PREPEND, FAILS),))
    window = examined(clinic)
    assert str(OTHER.title) in words(window)
    assert menu_of(window) == [f"{PREPEND.title} (did not help in a copy)"]
    button(window, "fix").click()
    assert str(OTHER.title) in " ".join(
        label.text() for label in window.preview_page.findChildren(QLabel) if label.isVisible()
    )
    assert not window.preview_page.is_waiting, "what is known is not tried again"


def test_where_every_fix_fails_there_is_no_primary_one(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    window = examined(clinic)
    place = in_window(window, "other-ways")
    clinic.offers[SHADOWED.id] = Offer(None, (), tuple(Trial(fix, FAILS) for fix in SHADOWED.fixes))
    window.examine()
    qtbot.waitUntil(lambda: "No fix helped" in words(window) and is_idle(window), timeout=PATIENCE)
    assert not [
        each
        for each in bar_of(window).findChildren(type(button(window, "other-ways")), "fix")
        if each.isVisible()
    ]
    assert in_window(window, "other-ways") == place, "it must not move to where the other one was"
    assert len(menu_of(window)) == 2
    button(window, "other-ways").menu().actions()[0].trigger()
    assert window.pages.currentWidget() is window.preview_page


def test_a_trial_that_takes_too_long_is_not_waited_for(
    open_window: OpenWindow, qtbot: QtBot, held: threading.Event
) -> None:
    clinic = Clinic()
    clinic.pause_of_trials = lambda: None if held.wait(20) else pytest.fail("never let go")
    clinic.offers[SHADOWED.id] = Offer(Trial(OTHER, HELPS), (), (Trial(PREPEND, FAILS),))
    window = open_window(clinic)
    bar_of(window)._patience.setInterval(10)
    window.examine()
    qtbot.waitUntil(
        lambda: window.pages.currentWidget() is window.tabs and not window.is_busy, timeout=PATIENCE
    )
    qtbot.waitUntil(button(window, "fix").isEnabled, timeout=PATIENCE)
    assert str(PREPEND.title) in words(window)
    held.set()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert str(PREPEND.title) in words(window), "what can be clicked does not change under the pointer"


def test_closing_the_window_waits_for_a_trial(
    open_window: OpenWindow, qtbot: QtBot, held: threading.Event
) -> None:
    clinic = Clinic()
    clinic.pause_of_trials = lambda: None if held.wait(20) else pytest.fail("never let go")
    window = open_window(clinic)
    window.examine()
    qtbot.waitUntil(lambda: window.trials.is_busy and not window.is_busy, timeout=PATIENCE)
    window.close()
    assert window.isVisible()
    held.set()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=PATIENCE)
