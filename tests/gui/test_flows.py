"""The ways through the window, with real generators over hand-made values, and a real pool of threads."""

import threading
from collections.abc import Callable, Iterator

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gomedic.doctor import Treatment
from gomedic.model import Examination, Finding, Fix, Progress
from gomedic.problems import NeedsRootError
from gomedic.proof import Change, Proof
from gomedic.texts import Message
from gomedic_gui.code_box import CodeBox
from gomedic_gui.finding_tree import FINDING
from gomedic_gui.lines_box import LinesBox
from gomedic_gui.window import Window
from gui.conftest import PATIENCE, OpenWindow, button, is_idle, map_of
from gui.samples import CURED, GOROOT, HEALTHY, ILL, PREPEND, RECEIPT, SHADOWED, TOO_OLD, Clinic, step


def words_on(page: QWidget) -> str:
    """Return all that a person can read on a page now."""
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def click(qtbot: QtBot, window: Window, name: str) -> None:
    """Click on a button as soon as it can be clicked."""
    qtbot.waitUntil(button(window, name).isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def press(
    qtbot: QtBot,
    window: Window,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press keys in the window, which must be the active one for its shortcuts to hear them."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    qtbot.keyClick(window, key, modifier)


def wait_for(qtbot: QtBot, window: Window, page: QWidget) -> None:
    qtbot.waitUntil(lambda: window.pages.currentWidget() is page and is_idle(window), timeout=PATIENCE)


def choose(window: Window, finding: Finding) -> None:
    window.findings.findings.choose(finding.id)


@pytest.fixture
def blocked() -> Iterator[Callable[[Clinic], threading.Event]]:
    """Hold a clinic's work at a point between two values, until the returned event is set or the test is over."""
    events: list[threading.Event] = []

    def hold(clinic: Clinic) -> threading.Event:
        event = threading.Event()
        events.append(event)
        clinic.pause = lambda: None if event.wait(20) else pytest.fail("never let go")
        return event

    yield hold
    for event in events:
        event.set()


def test_from_broken_to_cured_to_undone(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    window = examined(clinic)
    assert "Go has a problem in new terminals." in words_on(window.header)
    assert "although you installed Go 1.22.10" in words_on(window.findings)

    click(qtbot, window, "fix")
    assert window.pages.currentWidget() is window.preview_page
    assert "Put ~/sdk/go1.22.10/bin first on PATH" in words_on(window.preview_page)
    assert clinic.asked == ["examine"], "looking at a fix must not begin it"

    click(qtbot, window, "do")
    wait_for(qtbot, window, window.result)
    assert clinic.asked[-1] == f"treat {SHADOWED.id}#prepend"
    assert "Done. This problem is gone." in words_on(window.result)
    assert "New terminal: Go 1.19.8 → Go 1.22.10" in map_of(window.result)
    assert "Go works, but may surprise you." in words_on(window.header)

    click(qtbot, window, "take-back-result")
    qtbot.waitUntil(lambda: "Taken back: Put ~/sdk" in words_on(window.result) and is_idle(window))
    assert clinic.asked[-2:] == [f"take back {clinic.receipts[0].id}", "examine"]
    assert "Go has a problem in new terminals." in words_on(window.header)
    assert "New terminal: Go 1.22.10 → Go 1.19.8" in map_of(window.result)
    assert not map_of(window.preview_page), "the map of the plan stays with the plan"

    click(qtbot, window, "close-result")
    assert window.pages.currentWidget() is window.tabs


def test_a_fix_that_is_declined_is_not_begun(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    window = examined(clinic)
    click(qtbot, window, "fix")
    click(qtbot, window, "not-now")
    assert window.pages.currentWidget() is window.tabs
    assert clinic.asked == ["examine"]


def test_another_way_can_be_chosen_from_the_menu(examined: OpenWindow) -> None:
    window = examined(Clinic())
    menu = button(window, "other-ways").menu()
    assert [action.text() for action in menu.actions()] == ["Install Go 1.22.10 for you alone"]
    menu.actions()[0].trigger()
    assert "Download Go 1.22.10, check that it is genuine" in words_on(window.preview_page)


def test_the_steps_that_need_root_are_marked(examined: OpenWindow, qtbot: QtBot) -> None:
    window = examined(Clinic())
    choose(window, GOROOT)
    click(qtbot, window, "fix")
    assert words_on(window.preview_page).count("Needs an administrator's password") == 2


def test_a_cancelled_examination_leaves_what_was_known(
    examined: OpenWindow, qtbot: QtBot, blocked: Callable[[Clinic], threading.Event]
) -> None:
    clinic = Clinic()
    window = examined(clinic)
    before = words_on(window.header)
    let_go = blocked(clinic)
    click(qtbot, window, "again")
    qtbot.waitUntil(lambda: clinic.asked == ["examine", "examine"])
    click(qtbot, window, "cancel")
    let_go.set()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert clinic.closed == ["examine", "examine"], "the generator was not closed"
    assert words_on(window.header) == before


def test_a_cancelled_first_examination_can_be_begun_again(
    open_window: OpenWindow, qtbot: QtBot, blocked: Callable[[Clinic], threading.Event]
) -> None:
    clinic = Clinic()
    let_go = blocked(clinic)
    window = open_window(clinic)
    window.examine()
    click(qtbot, window, "cancel")
    let_go.set()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert "Not examined yet." in words_on(window.header)
    click(qtbot, window, "again")
    wait_for(qtbot, window, window.tabs)


def test_a_cancelled_fix_says_that_nothing_changed(
    examined: OpenWindow, qtbot: QtBot, blocked: Callable[[Clinic], threading.Event]
) -> None:
    clinic = Clinic()
    window = examined(clinic)
    let_go = blocked(clinic)
    click(qtbot, window, "fix")
    click(qtbot, window, "do")
    assert window.pages.currentWidget() is window.working
    click(qtbot, window, "cancel-work")
    let_go.set()
    wait_for(qtbot, window, window.result)
    assert "Stopped. Everything is as it was." in words_on(window.result)
    assert clinic.closed[-1] == "treat"
    assert clinic.receipts == ()


def test_a_fix_that_was_done_before_the_cancel_arrived_is_told_as_done(
    examined: OpenWindow, qtbot: QtBot
) -> None:
    clinic = Clinic()
    window = examined(clinic)
    reached, let_go = threading.Event(), threading.Event()

    def treat(examination: Examination, finding: Finding, fix: Fix) -> Iterator[Progress | Treatment]:
        reached.set()
        let_go.wait(20)
        yield from (
            value for value in clinic.treat(examination, finding, fix) if isinstance(value, Treatment)
        )

    window._doctor = structs.replace(window._doctor, treat=treat)
    click(qtbot, window, "fix")
    click(qtbot, window, "do")
    qtbot.waitUntil(reached.is_set)
    click(qtbot, window, "cancel-work")
    let_go.set()
    wait_for(qtbot, window, window.result)
    assert "Done. This problem is gone." in words_on(window.result)
    assert button(window, "take-back-result").isEnabled()


def test_an_examination_that_fails_is_said_and_can_be_tried_again(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    def examine() -> Iterator[Progress | Examination]:
        yield step("Beginning")
        raise OSError("disk on fire")

    window = open_window(Clinic())
    window._doctor = structs.replace(window._doctor, examine=examine)
    window.examine()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert "The examination could not be finished." in words_on(window.header)
    assert "OSError: disk on fire" in words_on(window.header)
    window._doctor = Clinic().doctor()
    press(qtbot, window, Qt.Key.Key_F5)
    wait_for(qtbot, window, window.tabs)


def test_a_fix_that_needs_root_in_vain_shows_the_commands(examined: OpenWindow, qtbot: QtBot) -> None:
    def treat(_examination: Examination, _finding: Finding, _fix: Fix) -> Iterator[Progress | Treatment]:
        yield step("Asking")
        raise NeedsRootError(
            Message("Nobody gave the password."), ("sudo chmod 644 /etc/profile.d/golang.sh",)
        )

    window = examined(Clinic())
    window._doctor = structs.replace(window._doctor, treat=treat)
    click(qtbot, window, "fix")
    click(qtbot, window, "do")
    wait_for(qtbot, window, window.result)
    assert "That could not be done." in words_on(window.result)
    assert "Nobody gave the password." in words_on(window.result)
    click(qtbot, window, "copy")
    assert clipboard() == "sudo chmod 644 /etc/profile.d/golang.sh"


def test_a_fix_that_did_not_help_is_told_as_taken_back(examined: OpenWindow, qtbot: QtBot) -> None:
    def treat(examination: Examination, finding: Finding, fix: Fix) -> Iterator[Progress | Treatment]:
        reason = Message("The finding is still there.")
        yield Treatment(clinic.receipts[0] if clinic.receipts else None, (), (), True, ILL, reason)

    clinic = Clinic()
    window = examined(clinic)
    window._doctor = structs.replace(window._doctor, treat=treat)
    click(qtbot, window, "fix")
    click(qtbot, window, "do")
    wait_for(qtbot, window, window.result)
    assert "It did not help, so it was taken back." in words_on(window.result)
    assert "The finding is still there." in words_on(window.result)
    assert not window.result._take_back.isVisible()


def test_a_fix_that_needs_root_announces_the_password(
    examined: OpenWindow, qtbot: QtBot, blocked: Callable[[Clinic], threading.Event]
) -> None:
    clinic = Clinic()
    window = examined(clinic)
    let_go = blocked(clinic)
    for finding, announced in ((GOROOT, True), (SHADOWED, False)):
        choose(window, finding)
        click(qtbot, window, "fix")
        click(qtbot, window, "do")
        assert ("You may be asked for a password" in words_on(window.working)) is announced
        click(qtbot, window, "cancel-work")
        let_go.set()
        wait_for(qtbot, window, window.result)
        click(qtbot, window, "close-result")


def test_what_should_be_known_of_the_examination_is_said(examined: OpenWindow) -> None:
    window = examined(Clinic(structs.replace(HEALTHY, notes=(Message("Examined as root."),))))
    assert "Examined as root." in words_on(window.header)


def test_a_healthy_machine_is_told_what_was_checked(examined: OpenWindow) -> None:
    window = examined(Clinic(HEALTHY))
    assert "Your Go is all right: Go 1.22.10." in words_on(window.header)
    assert "What was checked" in words_on(window.findings)
    assert not window.findings.findings.isVisible()


def test_the_chosen_finding_stays_chosen_when_examined_again(examined: OpenWindow, qtbot: QtBot) -> None:
    window = examined(Clinic())
    choose(window, TOO_OLD)
    press(qtbot, window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert window.findings.findings.currentIndex().data(FINDING) == TOO_OLD


def test_a_check_that_could_not_find_out_says_why(examined: OpenWindow) -> None:
    window = examined(Clinic())
    view = window.findings.findings
    view.setCurrentIndex(view.model().index(view.model().rowCount() - 1, 0))
    assert "/etc/bash.bashrc could not be read to its end." in words_on(window.findings)
    assert "rc-crlf" in words_on(window.findings)


def test_what_the_person_can_do_is_said(examined: OpenWindow) -> None:
    advised = structs.replace(SHADOWED, advice=(Message("Build with `-p 1`."),))
    others = tuple(each for each in ILL.findings if each.id != SHADOWED.id)
    window = examined(Clinic(structs.replace(ILL, findings=(advised, *others))))
    choose(window, advised)
    assert "What helps" in words_on(window.findings)
    assert "Build with “-p 1”." in words_on(window.findings)


def test_a_session_of_a_finding_leads_to_its_ladder(examined: OpenWindow) -> None:
    window = examined(Clinic())
    window.findings.session_chosen.emit("login")
    assert window.tabs.currentWidget() is window.sessions
    assert "Login shell (su -): Go 1.19.8" in words_on(window.sessions)


def test_a_session_that_hangs_says_where(examined: OpenWindow, qtbot: QtBot) -> None:
    window = examined(Clinic())
    window.tabs.setCurrentWidget(window.sessions)
    window.sessions.choose("editor")
    assert "Start-up hangs" in words_on(window.sessions)
    qtbot.waitUntil(lambda: "~/.bashrc, line 12" in words_on(window.sessions))
    box = window.sessions.findChild(CodeBox)
    assert "read -p 'Which course? ' COURSE" in box.toPlainText()
    assert not window.sessions.ladder.isVisible()
    window.sessions.choose("terminal")
    assert not box.isVisible()
    assert window.sessions.ladder.isVisible()


def test_a_fix_of_the_past_can_be_taken_back_from_the_history(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic(CURED)
    clinic.receipts = (structs.replace(RECEIPT, id="2"), structs.replace(RECEIPT, id="1"))
    window = examined(clinic)
    window.tabs.setCurrentWidget(window.history)
    window.history.table.selectRow(1)
    assert "Changed: ~/.bashrc" in words_on(window.history)
    click(qtbot, window, "take-back-chosen")
    wait_for(qtbot, window, window.result)
    assert "take back 1" in clinic.asked
    click(qtbot, window, "close-result")
    assert not button(window, "take-back").isHidden(), "the other fix can still be taken back"


def test_ctrl_z_takes_back_the_newest_fix(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic(CURED)
    clinic.receipts = (RECEIPT,)
    window = examined(clinic)
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, window, window.result)
    assert clinic.asked[1] == f"take back {RECEIPT.id}"


def test_ctrl_z_is_heard_from_within_a_box_of_lines(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    clinic.receipts = (RECEIPT,)
    window = examined(clinic)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    box = next(box for box in window.findChildren(LinesBox) if box.isVisible())
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, window, window.result)
    assert clinic.asked[1] == f"take back {RECEIPT.id}"


def test_nothing_else_begins_while_something_is_at_work(
    examined: OpenWindow, qtbot: QtBot, blocked: Callable[[Clinic], threading.Event]
) -> None:
    clinic = Clinic()
    window = examined(clinic)
    let_go = blocked(clinic)
    click(qtbot, window, "again")
    assert not button(window, "fix").isEnabled()
    window.preview(SHADOWED, PREPEND)
    window.treat()
    window.take_back()
    window.examine()
    let_go.set()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert clinic.asked == ["examine", "examine"]


def test_closing_the_window_at_work_stops_the_work_first(
    examined: OpenWindow, qtbot: QtBot, blocked: Callable[[Clinic], threading.Event]
) -> None:
    clinic = Clinic()
    window = examined(clinic)
    let_go = blocked(clinic)
    click(qtbot, window, "fix")
    click(qtbot, window, "do")
    window.close()
    assert window.isVisible(), "it must wait for the work"
    let_go.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert clinic.closed[-1] == "treat"
    assert clinic.receipts == ()


def test_what_was_seen_can_be_copied(examined: OpenWindow, qtbot: QtBot) -> None:
    window = examined(Clinic())
    click(qtbot, window, "copy")
    assert clipboard() == '/home/student/.bashrc:119\nexport PATH="$PATH:$HOME/sdk/go1.22.10/bin"'


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_a_fix_is_shown_with_what_it_would_change(examined: OpenWindow, qtbot: QtBot) -> None:
    proof = Proof(
        (Change("terminal", "go1.19.8", "go1.22.10"), Change("cron", None, None)), ("a",), (), helps=True
    )
    window = examined(Clinic(proof=proof))
    click(qtbot, window, "fix")
    qtbot.waitUntil(lambda: "the problem is gone" in words_on(window.preview_page))
    assert map_of(window.preview_page).splitlines() == [
        "New terminal: Go 1.19.8 → Go 1.22.10",
        "Scheduled job (cron): No Go, as before",
    ]
    assert "Trying it" not in words_on(window.preview_page)


def test_a_fix_that_cannot_be_tried_says_so(examined: OpenWindow, qtbot: QtBot) -> None:
    window = examined(Clinic(proof=None))
    click(qtbot, window, "fix")
    qtbot.waitUntil(lambda: "This cannot be tried beforehand" in words_on(window.preview_page))
