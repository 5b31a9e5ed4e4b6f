"""What is seen while an examination goes on: findings as they come, in place, and nothing moves under the pointer."""

from collections.abc import Iterator
from threading import Event

import pytest
from msgspec import structs
from PySide6.QtCore import QCoreApplication, QEvent, QPersistentModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gomedic.model import Examination, Finding, Progress
from gomedic.texts import Message
from gomedic_gui.finding_list import FindingList
from gomedic_gui.finding_tree import FINDING, FindingTree
from gomedic_gui.window import Window
from gui.conftest import PATIENCE, OpenWindow, is_idle
from gui.samples import CURED, GOROOT, HEALTHY, ILL, NO_TOOLS, SHADOWED, TOO_OLD, Clinic

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def with_findings(*findings: Finding) -> Examination:
    return structs.replace(ILL, findings=findings, checks=())


@pytest.fixture
def tree(dressed: object) -> FindingTree:
    model = FindingTree()
    QAbstractItemModelTester(model, FATAL, model)
    return model


def shown(model: FindingTree) -> list[object]:
    """Return the ids of all rows in order, those below another in a list after it; a heading by its title."""

    def below(parent: object) -> list[object]:
        rows: list[object] = []
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            found = index.data(FINDING)
            rows.append(found.id if found else index.data())
            if model.rowCount(index):
                rows.append(below(index))
        return rows

    return below(model.index(-1, 0))


def test_what_is_found_while_examining_is_added_at_the_end(tree: FindingTree) -> None:
    tree.add(with_findings(NO_TOOLS))
    tree.add(with_findings(TOO_OLD, NO_TOOLS))
    tree.add(with_findings(SHADOWED, TOO_OLD, NO_TOOLS))
    assert shown(tree) == [NO_TOOLS.id, TOO_OLD.id, SHADOWED.id]


def test_the_order_is_settled_at_the_end(tree: FindingTree) -> None:
    tree.add(with_findings(NO_TOOLS))
    tree.add(with_findings(TOO_OLD, NO_TOOLS))
    tree.settle(ILL)
    assert shown(tree) == [
        SHADOWED.id, [TOO_OLD.id], GOROOT.id, "Good to know", NO_TOOLS.id,
        "Could not find out", "/etc/bash.bashrc could not be read to its end.",
    ]  # fmt: skip
    tree.settle(CURED)
    assert shown(tree)[:3] == [GOROOT.id, "Good to know", NO_TOOLS.id]
    tree.settle(HEALTHY)
    assert shown(tree) == []


def test_what_is_gone_is_dropped_and_what_followed_from_it_stays(tree: FindingTree) -> None:
    tree.settle(with_findings(SHADOWED, GOROOT, TOO_OLD))
    tree.drop(with_findings(GOROOT, TOO_OLD))
    assert shown(tree) == [GOROOT.id, TOO_OLD.id]


def test_a_choice_survives_every_change(tree: FindingTree) -> None:
    tree.add(with_findings(TOO_OLD))
    kept = QPersistentModelIndex(tree.index(0, 0))
    tree.settle(ILL)
    assert kept.data(FINDING) == TOO_OLD
    assert kept.parent().data(FINDING) == SHADOWED


@pytest.fixture
def view(qtbot: QtBot, english: None) -> FindingList:
    made = FindingList()
    qtbot.addWidget(made)
    made.resize(320, 500)
    made.show()
    qtbot.waitExposed(made)
    made.add_findings(with_findings(NO_TOOLS))
    made.add_findings(with_findings(NO_TOOLS, GOROOT))
    return made


def first(view: FindingList) -> object:
    return view.model().index(0, 0).data(FINDING)


def point_at(view: FindingList, spot: QPoint) -> None:
    """Move the pointer as the list sees it; the display's own pointer is elsewhere, and would leave at any time."""
    none = Qt.MouseButton.NoButton
    place = QPointF(spot)
    whole = QPointF(view.viewport().mapToGlobal(spot))
    moved = QMouseEvent(QEvent.Type.MouseMove, place, whole, none, none, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(view.viewport(), moved)


def test_nothing_moves_under_the_pointer(view: FindingList) -> None:
    spot = view.visualRect(view.model().index(1, 0)).center()
    point_at(view, spot)
    view.show_examination(ILL)
    assert [view.model().index(row, 0).data(FINDING) for row in range(3)] == [NO_TOOLS, GOROOT, SHADOWED]
    leave(view)
    assert first(view) == SHADOWED


def leave(view: FindingList) -> None:
    QCoreApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))


def test_nothing_moves_while_the_person_walks_by_keys(view: FindingList, qtbot: QtBot) -> None:
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().data(FINDING) == GOROOT
    view.show_examination(ILL)
    assert first(view) == NO_TOOLS
    assert view.currentIndex().data(FINDING) == GOROOT
    view.clearFocus()
    assert first(view) == SHADOWED
    assert view.currentIndex().data(FINDING) == GOROOT


def test_otherwise_the_order_is_settled_at_once_and_the_most_important_is_chosen(view: FindingList) -> None:
    assert view.currentIndex().data(FINDING) == NO_TOOLS
    view.show_examination(ILL)
    assert first(view) == view.currentIndex().data(FINDING) == SHADOWED


def test_what_is_chosen_stays_at_its_height(view: FindingList, qtbot: QtBot) -> None:
    view.resize(320, 120)
    view.choose(GOROOT.id)
    before = view.visualRect(view.currentIndex()).top()
    view.show_examination(ILL)
    qtbot.wait(0)
    assert view.verticalScrollBar().value() > 0
    assert view.visualRect(view.currentIndex()).top() == before


class SlowClinic(Clinic):
    """Tells in two steps what it finds, and waits to be let go on before the end."""

    def __init__(self, *steps: Examination, last: Examination = ILL) -> None:
        super().__init__(last)
        self.steps = steps
        self.go_on = Event()

    def examine(self) -> Iterator[Progress | Examination]:
        for each in self.steps:
            yield Progress(Message("Checking"), 0.9, so_far=each)
            while not self.go_on.wait(0.01):
                yield Progress(Message("Checking"), 0.9)
        yield self.examination


def headline(window: Window) -> str:
    return window.findChild(QLabel, "headline").text()


def test_the_first_finding_is_shown_before_the_last_is_found(open_window: OpenWindow, qtbot: QtBot) -> None:
    clinic = SlowClinic(with_findings(SHADOWED))
    window = open_window(clinic)
    window.examine()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.tabs, timeout=PATIENCE)
    assert headline(window) == "Go has a problem in new terminals."
    assert shown(window.findings.findings.model()) == [SHADOWED.id]
    assert window.is_busy
    clinic.go_on.set()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert shown(window.findings.findings.model())[:2] == [SHADOWED.id, [TOO_OLD.id]]


def test_nothing_is_called_healthy_before_the_end(open_window: OpenWindow, qtbot: QtBot) -> None:
    clinic = SlowClinic(structs.replace(HEALTHY, checks=()), last=HEALTHY)
    window = open_window(clinic)
    window.examine()
    qtbot.waitUntil(lambda: "Go 1.22.10" in headline(window), timeout=PATIENCE)
    assert headline(window) == "New terminals run Go 1.22.10. Looking further…"
    assert window.pages.currentWidget() is window.welcome
    clinic.go_on.set()
    qtbot.waitUntil(lambda: headline(window) == "Your Go is all right: Go 1.22.10.", timeout=PATIENCE)


def test_an_examination_that_is_stopped_leaves_nothing_half_known(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    clinic = SlowClinic(with_findings(SHADOWED))
    window = open_window(clinic)
    window.examine()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.tabs, timeout=PATIENCE)
    window.cancel()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert headline(window) == "Not examined yet."
    assert window.pages.currentWidget() is window.welcome


def test_a_stopped_second_examination_shows_the_first_again(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = SlowClinic(last=with_findings(GOROOT))
    window = examined(clinic)
    clinic.steps = (with_findings(GOROOT, SHADOWED),)
    window.examine()
    model = window.findings.findings.model()
    qtbot.waitUntil(lambda: SHADOWED.id in shown(model), timeout=PATIENCE)
    window.cancel()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert shown(model) == [GOROOT.id]
