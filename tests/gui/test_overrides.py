"""What could be done instead: tried in the background, told as a table by sight, by keys and to a screen reader."""

import threading
from collections.abc import Iterator

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from gomedic.problems import RepairError
from gomedic.texts import Message
from gomedic_gui.overrides import Tried
from gomedic_gui.overrides_model import STATE, OverridesModel
from gomedic_gui.window import Window
from gui.conftest import PATIENCE, OpenWindow, button
from gui.samples import BASHRC, ILL, Clinic
from gui.samples_overrides import ALIASED, BY_ROOT, EXPORTS, OVERRIDES

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def model() -> OverridesModel:
    made = OverridesModel()
    made.show_tried(Tried(OVERRIDES, {}))
    return made


def asked(window: Window, qtbot: QtBot) -> Window:
    """Ask what else could be done about the finding that is shown, and wait for the answer."""
    button(window, "instead").click()
    assert window.pages.currentWidget() is window.overrides
    qtbot.waitUntil(lambda: not window.overrides.is_busy, timeout=PATIENCE)
    return window


def words(window: Window) -> str:
    page = window.overrides
    labels = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    return "\n".join([*labels, *(box.toPlainText() for box in page.findChildren(QPlainTextEdit))])


def test_the_model_is_sound(model: OverridesModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_tried(None)
    model.show_tried(Tried(OVERRIDES, {}))
    assert (model.rowCount(), model.columnCount()) == (len(OVERRIDES.rows) + 2, 7)
    del tester


def test_every_row_stands_below_who_can_do_it(model: OverridesModel) -> None:
    first = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert first[0] == "What you can do yourself"
    assert first.index("What only root can do") == first.index(str(BY_ROOT.way.title)) - 1
    assert not model.index(0, 0).flags() & Qt.ItemFlag.ItemIsSelectable


@pytest.mark.parametrize(
    ("way", "kind", "state", "spoken"),
    [
        (EXPORTS, "terminal", "works", "New terminal: works."),
        (EXPORTS, "editor", "already", "Editor: runs it already."),
        (EXPORTS, "login", "fails", "~/.bashrc:12 ends that file"),
        (BY_ROOT, "ssh", "untried", "not tried. Not tried:"),
    ],
)
def test_a_cell_says_what_a_way_gives_a_session(
    model: OverridesModel, way: object, kind: str, state: str, spoken: str
) -> None:
    rows = {model.index(row, 0).data(): row for row in range(model.rowCount())}
    cell = model.index(rows[str(way.way.title)], model.column_of(kind))
    assert cell.data(STATE) == state
    assert spoken in cell.data(SPOKEN)


def test_the_headings_name_the_session_and_the_go_it_has(model: OverridesModel) -> None:
    heading = model.headerData(model.column_of("terminal"), Qt.Orientation.Horizontal)
    assert heading == "New terminal\nGo 1.19.8"


def test_it_is_asked_of_a_finding_and_answers_with_the_best_way(examined: OpenWindow, qtbot: QtBot) -> None:
    window = asked(examined(Clinic()), qtbot)
    said = words(window)
    assert (
        f"Best here, for New terminal, Login over ssh, Command over ssh, Editor: {EXPORTS.way.title}." in said
    )
    assert "Which ways would make Go 1.22.10 in /home/student/sdk/go1.22.10" in said
    assert window.overrides.panel.table.hasFocus()
    assert "What you can do yourself" in window.overrides.panel.table.model().index(0, 0).data()


def test_what_defeats_a_way_is_shown_with_its_line(examined: OpenWindow, qtbot: QtBot) -> None:
    window = asked(examined(Clinic()), qtbot)
    table, model = window.overrides.panel.table, window.overrides.panel.model
    table.setCurrentIndex(model.index(model.best(), model.column_of("login")))
    said = words(window)
    assert "ends that file for this kind of shell" in said
    assert "~/.bashrc, line 12" in said
    assert "read -p 'Which course? ' COURSE" in said
    assert 'export PATH="$HOME/sdk/go1.22.10/bin:$PATH"' in said


def test_it_is_walked_by_keys(examined: OpenWindow, qtbot: QtBot) -> None:
    window = asked(examined(Clinic()), qtbot)
    table, model = window.overrides.panel.table, window.overrides.panel.model
    assert table.currentIndex().column() == model.column_of("terminal")
    for _way in range(3):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert str(ALIASED.way.title) in words(window)
    assert "Scripts, make and editors do not see an alias." in words(window)
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert table.currentIndex().column() == model.column_of("terminal") + 1
    button(window, "back-from-overrides").click()
    assert window.pages.currentWidget() is window.tabs


def test_the_same_examination_is_tried_once(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    window = asked(examined(clinic), qtbot)
    button(window, "back-from-overrides").click()
    asked(window, qtbot)
    assert clinic.asked.count("overrides") == 1
    window.tabs.show_session("ssh")
    window.pages.setCurrentWidget(window.tabs)
    asked(window, qtbot)
    assert clinic.asked.count("overrides") == 1
    model = window.overrides.panel.model
    assert window.overrides.panel.table.currentIndex().column() == model.column_of("ssh")


def test_leaving_stops_the_trial_and_asking_again_begins_anew(examined: OpenWindow, qtbot: QtBot) -> None:
    held = threading.Event()
    clinic = Clinic()
    clinic.pause_of_overrides = lambda: None if held.wait(20) else pytest.fail("never let go")
    window = examined(clinic)
    button(window, "instead").click()
    button(window, "back-from-overrides").click()
    assert window.pages.currentWidget() is window.tabs
    held.set()
    qtbot.waitUntil(lambda: not window.overrides.is_busy, timeout=PATIENCE)
    assert "overrides" in clinic.closed
    asked(window, qtbot)
    assert clinic.asked.count("overrides") == 2
    assert "Best here" in words(window)


def test_what_cannot_be_tried_is_said(examined: OpenWindow, qtbot: QtBot) -> None:
    def refused() -> Iterator[object]:
        yield from ()
        raise RepairError(Message("No view."))

    clinic = Clinic()
    clinic.overrides = refused
    window = asked(examined(clinic), qtbot)
    assert "No view." in words(window)
    assert window.overrides.panel.isHidden()


def test_lines_of_another_examination_are_not_shown(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    window = asked(examined(clinic), qtbot)
    clinic.examination = structs.replace(ILL, notes=(Message("Another one."),))
    window.show_overview()
    window.examine()
    qtbot.waitUntil(lambda: not window.is_busy and not window.trials.is_busy, timeout=PATIENCE)
    asked(window, qtbot)
    assert clinic.asked.count("overrides") == 2
    assert BASHRC
