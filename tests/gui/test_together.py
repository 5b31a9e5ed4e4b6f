"""All that is safe as one plan, and all that was done taken back: through the window, with real homes and made-up ones."""

import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar
from pytestqt.qtbot import QtBot

from go_trees import write_go
from gomedic import doctor as core
from gomedic.host import Host
from gomedic.model import EditFile, Fix, Progress
from gomedic.problems import NeedsRootError
from gomedic.sessions.chamber import chamber
from gomedic.texts import Message
from gomedic.together import Course, LeftOut, Part, Plan
from gomedic_gui.doctor import doctor_for
from gomedic_gui.step_card import step_card
from gomedic_gui.window import Window
from gui.conftest import PATIENCE, OpenWindow, button, is_idle, map_of
from gui.samples import ILL, REMOVE_OLD, SHADOWED, step
from gui.samples_many import DROP, FIRST, GOFLAGS, PLAN, SECOND, SICK, Practice, great_plan, with_history
from gui.test_accessibility import mnemonic
from gui.test_flows import blocked, click, press, wait_for, words_on
from gui.test_keyboard import named, of_one_group, walk, wanted
from gui.test_stalls import MOST, Heart

__all__ = ["blocked"]  # a fixture
BuildHost = Callable[..., Host]
LINES = """
export PATH="$HOME/go1.19/bin:$PATH"
export PATH="$PATH:$HOME/sdk/go1.22.10/bin"
export GOPATH=code/go
"""


def shown_plan(qtbot: QtBot, window: Window) -> str:
    """Wait until a plan is shown whole; return what it says."""
    qtbot.waitUntil(lambda: not window.plan_page.is_waiting and not window.together.is_busy, timeout=PATIENCE)
    assert window.pages.currentWidget() is window.plan_page
    return words_on(window.plan_page)


@pytest.fixture
def practice() -> Practice:
    return Practice()


@pytest.fixture
def window(examined: OpenWindow, practice: Practice) -> Window:
    return examined(practice)


# ------------------------------------------------------------------ on real homes


@pytest.fixture
def patient(home: Path) -> Path:
    """A home with two illnesses in one file."""
    write_go(home / "go1.19", "go1.19.8")
    write_go(home / "sdk/go1.22.10", "go1.22.10")
    with (home / ".bashrc").open("a") as file:
        file.write(LINES)
    home.chmod(0o755)
    return home


@pytest.fixture
def real(patient: Path, host: BuildHost, qtbot: QtBot, dressed: object) -> Iterator[tuple[Window, Host]]:
    machine = host()
    window = Window(doctor_for(machine))
    window.show()
    window.examine()
    qtbot.waitUntil(lambda: is_idle(window), timeout=3 * PATIENCE)
    yield window, machine
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=3 * PATIENCE)
    window.deleteLater()


def test_two_illnesses_are_cured_as_one_and_taken_back_as_one(
    real: tuple[Window, Host], patient: Path, qtbot: QtBot
) -> None:
    window, machine = real
    with chamber(machine) as place:
        if not place.isolated:
            pytest.skip("no copy-on-write view here")
    before = (patient / ".bashrc").read_text()
    assert button(window, "fix-all").text() == "Fix both that are &safe…"
    button(window, "fix-all").click()
    qtbot.waitUntil(lambda: not window.plan_page.is_waiting, timeout=3 * PATIENCE)
    said = words_on(window.plan_page)
    assert "Fix 2 problems in one go" in said
    assert "In a copy of your files these 2 problems are gone." in said
    assert "New terminal: Go 1.19.8 → Go 1.22.10" in map_of(window.plan_page)
    assert (patient / ".bashrc").read_text() == before
    button(window, "do-all").click()
    wait_for(qtbot, window, window.result)
    assert "Done. 2 problems are gone." in words_on(window.result)
    assert "New terminal: Go 1.19.8 → Go 1.22.10" in map_of(window.result)
    assert "Your Go is all right: Go 1.22.10." in words_on(window.header)
    after = before.replace("export GOPATH=code/go\n", "")
    assert (patient / ".bashrc").read_text() == after.replace(
        '"$PATH:$HOME/sdk/go1.22.10/bin"', '"$HOME/sdk/go1.22.10/bin:$PATH"'
    )
    assert button(window, "take-back-result").text() == "&Take both back"
    button(window, "take-back-result").click()
    wait_for(qtbot, window, window.result)
    assert "2 fixes were taken back." in words_on(window.result)
    assert (patient / ".bashrc").read_text() == before
    assert [receipt.state for receipt in core.history(machine)] == ["taken back", "taken back"]


def test_what_was_changed_since_stays_and_the_rest_is_taken_back(
    real: tuple[Window, Host], patient: Path, qtbot: QtBot
) -> None:
    window, machine = real
    for name in ("one", "two", "three"):
        done(machine, patient / name, "ours\n")
    (patient / "two").write_text("mine\n")
    window.examine()
    qtbot.waitUntil(lambda: is_idle(window), timeout=3 * PATIENCE)
    window.tabs.setCurrentWidget(window.history)
    assert button(window, "take-back-all").text() == "Take &back all 3…"
    button(window, "take-back-all").click()
    said = shown_plan(qtbot, window)
    assert "Take 2 of 3 fixes back" in said
    assert "This one stays, because ~/two was changed after it; what stands there now is not touched." in said
    assert "What you have changed since stays as it is; nothing of it is lost." in said
    button(window, "do-all").click()
    wait_for(qtbot, window, window.result)
    assert "2 fixes were taken back." in words_on(window.result)
    assert [(patient / name).exists() for name in ("one", "two", "three")] == [False, True, False]
    assert (patient / "two").read_text() == "mine\n"


def done(machine: Host, path: Path, content: str) -> None:
    from gomedic import repair

    step = EditFile(path=str(path), before=None, after=content.encode())
    for _value in repair.apply(machine, "f", Fix("f", Message(f"Write {path.name}")), (step,)):
        pass


# ------------------------------------------------------------------ the plan


def test_the_plan_tells_each_fix_its_diff_and_what_is_left_out(window: Window, qtbot: QtBot) -> None:
    click(qtbot, window, "fix-all")
    said = shown_plan(qtbot, window)
    assert said.index("1.  Put ~/sdk/go1.22.10/bin first on PATH") < said.index(
        "Change /home/student/.bashrc"
    )
    assert "Against: New terminals run Go 1.19.8" in said
    assert said.index("2.  Take the line out of ~/.profile") < said.index("Left as it is")
    assert (
        "GOROOT is set to /usr/lib/go-1.19; every newer Go will be given the old one's library. Its fix needs"
        in said
    )
    assert button(window, "do-all").hasFocus()


def test_nothing_can_be_agreed_to_before_the_plan_is_there(
    window: Window, practice: Practice, qtbot: QtBot
) -> None:
    let_go = threading.Event()
    practice.pause_of_trials = lambda: None if let_go.wait(20) else pytest.fail("never let go")
    window.together.preview()
    qtbot.waitUntil(lambda: "Trying fix 1 of 2" in words_on(window.plan_page), timeout=PATIENCE)
    assert not button(window, "do-all").isEnabled()
    let_go.set()
    shown_plan(qtbot, window)
    assert button(window, "do-all").isEnabled()


def test_a_plan_that_is_declined_is_not_begun(window: Window, practice: Practice, qtbot: QtBot) -> None:
    click(qtbot, window, "fix-all")
    shown_plan(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.tabs
    assert practice.asked[-1] == "plan"


def test_a_plan_that_was_left_can_be_asked_for_again_at_once(
    window: Window, practice: Practice, qtbot: QtBot
) -> None:
    let_go = threading.Event()
    practice.pause_of_trials = lambda: None if let_go.wait(20) else pytest.fail("never let go")
    click(qtbot, window, "fix-all")
    click(qtbot, window, "not-now-all")
    click(qtbot, window, "fix-all")
    assert window.pages.currentWidget() is window.plan_page
    let_go.set()
    assert "In a copy of your files these 2 problems are gone." in shown_plan(qtbot, window)
    assert practice.asked.count("plan") == 2


def test_where_one_fix_is_safe_there_is_no_plan_for_all(examined: OpenWindow) -> None:
    window = examined(Practice(ILL))
    assert not window.findings._fix_all.isVisible()


def test_what_needs_root_or_cannot_be_tried_is_marked_beforehand(examined: OpenWindow, qtbot: QtBot) -> None:
    untried = Part(SHADOWED, core.Trial(REMOVE_OLD, None))
    window = examined(Practice(plan=structs.replace(PLAN, parts=(PLAN.parts[1], untried))))
    click(qtbot, window, "fix-all")
    said = shown_plan(qtbot, window)
    assert said.count("Needs an administrator's password") == 2
    assert "This one cannot be tried beforehand." in said
    assert "In a copy of your files 1 of 2 problems are gone; the others cannot be tried beforehand." in said
    click(qtbot, window, "do-all")
    assert "You may be asked for a password" in words_on(window.working)
    wait_for(qtbot, window, window.result)


def test_where_nothing_helps_the_plan_says_so(examined: OpenWindow, qtbot: QtBot) -> None:
    why = Message("No fix of it helps in a copy of your files.")
    window = examined(Practice(plan=Plan((), (LeftOut(SHADOWED, why), LeftOut(GOFLAGS, why)))))
    click(qtbot, window, "fix-all")
    said = shown_plan(qtbot, window)
    assert "Nothing can be fixed in one go" in said
    assert said.count(str(why)) == 2
    assert not button(window, "do-all").isEnabled()


def test_a_plan_that_fails_says_why(window: Window, qtbot: QtBot) -> None:
    def plan(_seen: object) -> Iterator[object]:
        yield from ()
        raise OSError("no room")

    window._doctor = structs.replace(window._doctor, many=structs.replace(window._doctor.many, plan=plan))
    click(qtbot, window, "fix-all")
    assert "OSError: no room" in shown_plan(qtbot, window)
    assert not button(window, "do-all").isEnabled()


def test_a_great_plan_never_holds_the_window_up(examined: OpenWindow, qtbot: QtBot) -> None:
    window = examined(Practice(*great_plan(40)))
    step_card("warm", "--- a\n+++ a\n@@ -1 +1 @@\n-a\n+b\n")
    heart = Heart()
    heart.during = "a plan of forty"
    click(qtbot, window, "fix-all")
    said = shown_plan(qtbot, window)
    heart.stop()
    assert "40.  " in said
    assert heart.longest.computed < MOST


# ------------------------------------------------------------------ doing it


def test_done_as_one_and_taken_back_as_one(window: Window, practice: Practice, qtbot: QtBot) -> None:
    click(qtbot, window, "fix-all")
    shown_plan(qtbot, window)
    click(qtbot, window, "do-all")
    wait_for(qtbot, window, window.result)
    said = words_on(window.result)
    assert "Done. 2 problems are gone." in said
    assert said.count("Solved: ") == 2
    assert "New terminal: Go 1.19.8 → Go 1.22.10" in map_of(window.result)
    click(qtbot, window, "take-back-result")
    wait_for(qtbot, window, window.result)
    assert practice.asked[-3:] == ["take back 2026-1", "take back 2026-0", "examine"]
    assert "2 fixes were taken back." in words_on(window.result)
    assert "Go has a problem in new terminals." in words_on(window.header)


def test_each_part_is_ticked_off(
    window: Window, practice: Practice, qtbot: QtBot, blocked: Callable[[Practice], threading.Event]
) -> None:
    first = window.working._parts.rows[0]
    steps: list[str] = []
    show = first.show_state

    def watch(state: str, words: str, detail: str = "") -> None:
        steps.append(state)
        show(state, words, detail)

    first.show_state = watch  # type: ignore[method-assign]
    let_go = blocked(practice)
    click(qtbot, window, "fix-all")
    shown_plan(qtbot, window)
    click(qtbot, window, "do-all")
    qtbot.waitUntil(lambda: "Changing the file" in words_on(window.working), timeout=PATIENCE)
    assert window.working._parts.rows[1].accessibleName() == "Take the line out of ~/.profile: to come."
    let_go.set()
    wait_for(qtbot, window, window.result)
    assert list(dict.fromkeys(steps)) == ["to come", "now", "passed"]


def test_cancelled_between_two_what_is_done_stays_and_is_told(
    window: Window, practice: Practice, qtbot: QtBot
) -> None:
    reached, let_go = threading.Event(), threading.Event()

    def pause() -> None:
        if len(practice.receipts) == 1:
            reached.set()
            let_go.wait(20)

    practice.pause = pause
    click(qtbot, window, "fix-all")
    shown_plan(qtbot, window)
    click(qtbot, window, "do-all")
    qtbot.waitUntil(reached.is_set, timeout=PATIENCE)
    click(qtbot, window, "cancel-work")
    let_go.set()
    wait_for(qtbot, window, window.result)
    said = words_on(window.result)
    assert "1 of 2 problems are gone." in said
    assert "You stopped it; what was done by then stays, and nothing is half done." in said
    assert "Not done: Take the line out of ~/.profile." in said
    assert practice.closed[-1] == "treat all"
    click(qtbot, window, "take-back-result")
    wait_for(qtbot, window, window.result)
    assert "take back 2026-0" in practice.asked


def test_cancelled_before_the_first_nothing_was_changed(
    window: Window, practice: Practice, qtbot: QtBot, blocked: Callable[[Practice], threading.Event]
) -> None:
    let_go = blocked(practice)
    click(qtbot, window, "fix-all")
    shown_plan(qtbot, window)
    click(qtbot, window, "do-all")
    click(qtbot, window, "cancel-work")
    let_go.set()
    wait_for(qtbot, window, window.result)
    assert "Stopped. Everything is as it was." in words_on(window.result)
    assert not window.result._take_back.isVisible()


def test_a_build_at_the_end_gives_way_to_taking_back(
    window: Window, practice: Practice, qtbot: QtBot
) -> None:
    let_go = threading.Event()

    def build(course: Course) -> Iterator[Progress | Course]:
        assert course.treatment is not None
        treatment = structs.replace(course.treatment, settled=False)
        yield structs.replace(course, treatment=treatment, over=True)
        yield step("Building a small program")
        let_go.wait(20)
        yield step("Building a small program", 0.9)
        pytest.fail("the build was not given up")

    practice.build = build
    click(qtbot, window, "fix-all")
    shown_plan(qtbot, window)
    click(qtbot, window, "do-all")
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.result, timeout=PATIENCE)
    assert "Now a small program is built" in words_on(window.result)
    click(qtbot, window, "take-back-result")
    let_go.set()
    wait_for(qtbot, window, window.result)
    qtbot.waitUntil(lambda: "2 fixes were taken back." in words_on(window.result), timeout=PATIENCE)


def test_what_fails_in_the_middle_is_told_with_what_was_done(
    window: Window, practice: Practice, qtbot: QtBot
) -> None:
    practice.failing, practice.error = {DROP.id}, NeedsRootError(Message("Nobody gave it."), ("sudo true",))
    click(qtbot, window, "fix-all")
    shown_plan(qtbot, window)
    click(qtbot, window, "do-all")
    wait_for(qtbot, window, window.result)
    said = words_on(window.result)
    assert "1 of 2 problems are gone." in said
    assert "Nobody gave it." in said
    assert button(window, "take-back-result").isEnabled()
    assert button(window, "copy").isVisible(), "the commands for an administrator"


# ------------------------------------------------------------------ taking back


@pytest.fixture
def past(examined: OpenWindow) -> tuple[Window, Practice]:
    practice = with_history()
    window = examined(practice)
    window.tabs.setCurrentWidget(window.history)
    return window, practice


def test_the_history_takes_all_back_after_a_look(past: tuple[Window, Practice], qtbot: QtBot) -> None:
    window, practice = past
    click(qtbot, window, "take-back-all")
    said = shown_plan(qtbot, window)
    assert said.index("1.  Take the line out of ~/.profile") < said.index("2.  Put ~/sdk/go1.22.10/bin first")
    assert "Every file is then as it was before these fixes." in said
    assert "Done on 2026-11-23" in said
    click(qtbot, window, "do-all")
    wait_for(qtbot, window, window.result)
    assert practice.asked[-3:] == [f"take back {SECOND.id}", f"take back {FIRST.id}", "examine"]
    assert "As it was before: /home/student/.profile, /home/student/.bashrc" in words_on(window.result)
    click(qtbot, window, "close-result")
    assert not window.history._all.isVisible(), "there is nothing left to take back"


def test_what_cannot_be_taken_back_is_told_before_and_after(
    past: tuple[Window, Practice], qtbot: QtBot
) -> None:
    window, practice = past
    practice.changed = {SECOND.id}
    click(qtbot, window, "take-back-all")
    assert "This one stays, because ~/.bashrc was changed after it" in shown_plan(qtbot, window)
    practice.changed = {SECOND.id, FIRST.id}  # changed while the person read
    click(qtbot, window, "do-all")
    wait_for(qtbot, window, window.result)
    said = words_on(window.result)
    assert "None of them could be taken back; nothing was changed." in said
    assert "Not taken back: Put ~/sdk/go1.22.10/bin first on PATH. ~/.profile has changed since" in said


def test_a_taking_back_that_is_stopped_is_examined_all_the_same(
    past: tuple[Window, Practice], qtbot: QtBot
) -> None:
    window, practice = past
    reached, let_go = threading.Event(), threading.Event()

    def pause() -> None:
        if f"take back {FIRST.id}" in practice.asked and not let_go.is_set():
            reached.set()
            let_go.wait(20)

    practice.pause = pause
    click(qtbot, window, "take-back-all")
    shown_plan(qtbot, window)
    click(qtbot, window, "do-all")
    qtbot.waitUntil(reached.is_set, timeout=PATIENCE)
    click(qtbot, window, "cancel-work")
    let_go.set()
    wait_for(qtbot, window, window.result)
    said = words_on(window.result)
    assert "1 of 2 fixes were taken back." in said
    assert "Not taken back: Put ~/sdk/go1.22.10/bin first on PATH." in said
    qtbot.waitUntil(lambda: practice.asked[-1] == "examine" and is_idle(window), timeout=PATIENCE)
    assert window.pages.currentWidget() is window.result


def test_down_to_the_chosen_one_is_offered_where_it_is_less_than_all(
    examined: OpenWindow, qtbot: QtBot
) -> None:
    practice = with_history()
    practice.receipts = (structs.replace(SECOND, id="20261123-040300"), *practice.receipts)
    window = examined(practice)
    window.tabs.setCurrentWidget(window.history)
    for row, offered in ((0, False), (1, True), (2, False), (3, False)):
        window.history.table.selectRow(row)
        assert window.history._down_to.isVisible() is offered, row
    window.history.table.selectRow(1)
    click(qtbot, window, "take-back-down-to")
    assert "Take 2 fixes back" in shown_plan(qtbot, window)
    click(qtbot, window, "do-all")
    wait_for(qtbot, window, window.result)
    assert practice.asked[-3:-1] == ["take back 20261123-040300", f"take back {SECOND.id}"]


# ------------------------------------------------------------------ for everybody


def pages(window: Window, qtbot: QtBot) -> Iterator[str]:
    yield "findings"
    window.together.preview()
    shown_plan(qtbot, window)
    yield "plan"
    window.show_overview()
    window.tabs.setCurrentWidget(window.history)
    window.history.table.selectRow(1)
    yield "history"
    click(qtbot, window, "take-back-all")
    shown_plan(qtbot, window)
    yield "plan of taking back"
    click(qtbot, window, "do-all")
    wait_for(qtbot, window, window.result)
    yield "result"


@pytest.fixture(params=["en", "zh_CN"])
def spoken(
    request: pytest.FixtureRequest, examined: OpenWindow, english: None, qtbot: QtBot
) -> Iterator[Window]:
    if request.param == "zh_CN":
        request.getfixturevalue("chinese")
    practice = with_history()
    practice.examination = SICK
    practice.receipts = (structs.replace(SECOND, id="20261123-040300"), *practice.receipts)
    window = examined(practice)
    window.resize(800, 600)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    return window


def test_every_place_is_reached_by_keys_and_no_letter_is_taken_twice(spoken: Window, qtbot: QtBot) -> None:
    for page in pages(spoken, qtbot):
        reached = set(walk(spoken, qtbot, Qt.Key.Key_Tab))
        missed = {named(each) for each in wanted(spoken) - reached if not of_one_group(each)}
        assert (page, missed) == (page, set())
        texts = [each.text() for each in spoken.findChildren(QAbstractButton) if each.isVisible()]
        texts += [each.text() for each in spoken.findChildren(QLabel) if each.isVisible() and each.buddy()]
        bars = [bar for bar in spoken.findChildren(QTabBar) if bar.isVisible()]
        texts += [bar.tabText(number) for bar in bars for number in range(bar.count())]
        letters = sorted(letter for text in texts if (letter := mnemonic(text)))
        assert (page, [one for one, other in pairwise(letters) if one == other]) == (page, [])


def test_every_button_says_what_it_does(spoken: Window, qtbot: QtBot) -> None:
    for page in pages(spoken, qtbot):
        for each in spoken.findChildren(QAbstractButton):
            if each.isVisible() and each.objectName() in (
                "fix-all",
                "do-all",
                "take-back-all",
                "take-back-down-to",
            ):
                assert each.accessibleDescription(), (page, each.objectName())
