"""Examining thoroughly, and the build that follows a fix: the verdict first, the build after it, which can be given up."""

import threading
from collections.abc import Callable, Iterator

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gomedic.doctor import Treatment
from gomedic.model import Examination, Finding, Fix, Progress
from gomedic.texts import Message
from gomedic_gui.window import Window
from gui.conftest import PATIENCE, OpenWindow, button, is_idle, map_of
from gui.samples import CURED, HEALTHY, ILL, Clinic, step
from gui.test_flows import blocked, click, press, wait_for, words_on

__all__ = ["blocked"]  # a fixture

Hold = Callable[[Clinic], threading.Event]
BUILT = "A small program was built."


def ways(window: Window) -> list[QPushButton]:
    """Return the button for it that is on the screen; a page may be drawn a little later than its words are known."""
    return [each for each in window.findChildren(QPushButton, "thoroughly") if each.isVisible()]


def test_the_verdict_is_there_before_the_build(examined: OpenWindow, qtbot: QtBot, blocked: Hold) -> None:
    clinic = Clinic(HEALTHY)
    window = examined(clinic)
    let_go = blocked(clinic)
    clinic.examination = ILL
    qtbot.waitUntil(lambda: bool(ways(window)), timeout=PATIENCE)
    click(qtbot, window, "thoroughly")
    qtbot.waitUntil(lambda: "Go has a problem in new terminals." in words_on(window.header))
    qtbot.waitUntil(lambda: "Building a small program" in words_on(window.header), timeout=PATIENCE)
    assert "although you installed Go 1.22.10" in words_on(window.findings)
    assert not is_idle(window)
    let_go.set()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert BUILT in words_on(window.header)


def test_the_build_can_be_given_up(examined: OpenWindow, qtbot: QtBot, blocked: Hold) -> None:
    clinic = Clinic(HEALTHY)
    window = examined(clinic)
    let_go = blocked(clinic)
    press(qtbot, window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: "Building a small program" in words_on(window.header), timeout=PATIENCE)
    qtbot.waitUntil(lambda: [each.isEnabled() for each in ways(window)] == [False], timeout=PATIENCE)
    click(qtbot, window, "cancel")
    let_go.set()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert clinic.closed[-1] == "build"
    assert "Your Go is all right: Go 1.22.10." in words_on(window.header)
    assert BUILT not in words_on(window.header)
    qtbot.waitUntil(lambda: [each.isEnabled() for each in ways(window)] == [True], timeout=PATIENCE)


def test_the_header_offers_it_too(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    window = examined(clinic)
    thoroughly = button(window, "ways-to-examine").menu().actions()[1]
    thoroughly.trigger()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert clinic.asked == ["examine", "build"]


class Workshop:
    """A fix that is followed by a build, which waits to be let go."""

    def __init__(self, clinic: Clinic, *, taken_back: bool = False) -> None:
        self.let_go = threading.Event()
        self.closed = False
        self._clinic = clinic
        self._taken_back = taken_back

    def treat(self, examination: Examination, finding: Finding, fix: Fix) -> Iterator[Progress | Treatment]:
        (done,) = (
            value for value in self._clinic.treat(examination, finding, fix) if isinstance(value, Treatment)
        )
        yield structs.replace(done, settled=False)
        try:
            yield step("Building as in a new terminal")
            assert self.let_go.wait(20)
            yield step("Building as in a new terminal")
            if self._taken_back:
                yield structs.replace(
                    done, taken_back=True, reason=Message("go build fails."), examination=ILL
                )
            else:
                noted = structs.replace(CURED, notes=(Message(BUILT),))
                yield structs.replace(done, examination=noted)
        finally:
            self.closed = True


def fixed(window: Window, workshop: Workshop, qtbot: QtBot) -> None:
    """Carry out the first fix, as far as its first verdict."""
    window._doctor = structs.replace(window._doctor, treat=workshop.treat)
    click(qtbot, window, "fix")
    click(qtbot, window, "do")
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.result, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "Building as in a new terminal" in words_on(window.header), timeout=PATIENCE)


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


def test_a_fix_is_taken_back_while_the_build_goes_on(
    examined: OpenWindow, qtbot: QtBot, clinic: Clinic
) -> None:
    window, workshop = examined(clinic), Workshop(clinic)
    fixed(window, workshop, qtbot)
    button(window, "take-back-result").click()
    workshop.let_go.set()
    qtbot.waitUntil(lambda: "Taken back: " in words_on(window.result) and is_idle(window), timeout=PATIENCE)
    assert "Go has a problem in new terminals." in words_on(window.header)


def test_what_came_of_a_fix_is_told_before_the_build(
    examined: OpenWindow, qtbot: QtBot, clinic: Clinic
) -> None:
    window, workshop = examined(clinic), Workshop(clinic)
    fixed(window, workshop, qtbot)
    assert "Done. This problem is gone." in words_on(window.result)
    assert "Now a small program is built" in words_on(window.result)
    workshop.let_go.set()
    wait_for(qtbot, window, window.result)
    assert BUILT in words_on(window.result)
    assert "New terminal: Go 1.19.8 → Go 1.22.10" in map_of(window.result)
    assert button(window, "take-back-result").isEnabled()


def test_giving_the_build_up_leaves_the_fix(examined: OpenWindow, qtbot: QtBot, clinic: Clinic) -> None:
    window, workshop = examined(clinic), Workshop(clinic)
    fixed(window, workshop, qtbot)
    click(qtbot, window, "cancel")
    workshop.let_go.set()
    wait_for(qtbot, window, window.result)
    assert workshop.closed
    assert "Done. This problem is gone." in words_on(window.result)
    assert button(window, "take-back-result").isEnabled()


def test_who_went_on_is_left_where_they_are(examined: OpenWindow, qtbot: QtBot, clinic: Clinic) -> None:
    window, workshop = examined(clinic), Workshop(clinic)
    fixed(window, workshop, qtbot)
    click(qtbot, window, "close-result")
    workshop.let_go.set()
    wait_for(qtbot, window, window.tabs)
    assert BUILT in words_on(window.header)


def test_a_fix_taken_back_after_the_build_is_told_wherever_one_is(
    examined: OpenWindow, qtbot: QtBot, clinic: Clinic
) -> None:
    window, workshop = examined(clinic), Workshop(clinic, taken_back=True)
    fixed(window, workshop, qtbot)
    click(qtbot, window, "close-result")
    workshop.let_go.set()
    wait_for(qtbot, window, window.result)
    assert "It did not help, so it was taken back." in words_on(window.result)
    assert "go build fails." in words_on(window.result)
