"""The map of a fix: which Go each session has and would have."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gomedic.proof import Change, Proof
from gomedic_gui.map_model import MapModel, state_of
from gomedic_gui.map_view import MapView
from gomedic_gui.proof_box import ProofBox
from gomedic_gui.save_button import SaveButton
from gui.conftest import map_of

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
CHANGES = (
    Change("terminal", "go1.19.8", "go1.22.10"),
    Change("login", None, "go1.22.10"),
    Change("editor", "go1.19.8", None),
    Change("command", "go1.19.8", "go1.19.8"),
    Change("cron", None, None),
)


def test_what_becomes_of_each_session_is_told() -> None:
    assert [state_of(change) for change in CHANGES] == ["changes", "gains", "loses", "same", "none"]


def test_a_map_speaks_in_whole_sentences(dressed: object) -> None:
    model = MapModel(CHANGES)
    QAbstractItemModelTester(model, FATAL, model)
    spoken = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(5)]
    assert spoken == [
        "New terminal: Go 1.19.8 → Go 1.22.10",
        "Login shell (su -): No Go → Go 1.22.10",
        "Editor: Go 1.19.8 → No Go",
        "Command over ssh: Go 1.19.8, as before",
        "Scheduled job (cron): No Go, as before",
    ]


@pytest.fixture
def box(qtbot: QtBot, english: None) -> ProofBox:
    made = ProofBox()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def test_a_map_shows_every_row_without_scrolling(box: ProofBox) -> None:
    box.show_proof(Proof(CHANGES, (), (), helps=True))
    view = box.findChild(MapView)
    assert view.viewport().height() >= sum(view.rowHeight(row) for row in range(len(CHANGES)))
    view.setFocus()
    view.selectRow(4)
    assert view.accessibleName() == "Which Go each session gets, now and with the fix"


def test_where_nobody_has_go_or_nothing_could_be_tried_there_is_no_map(box: ProofBox) -> None:
    box.show_proof(None)
    assert not map_of(box)
    box.show_proof(Proof((CHANGES[4],), (), (), helps=True))
    assert not map_of(box)


def test_the_same_view_shows_one_map_after_the_other(box: ProofBox) -> None:
    """What walks through the cells of a view may hold on to it, so that it must not be made anew."""
    view = box.findChild(MapView)
    for changes in (CHANGES, CHANGES[:2]):
        box.begin()
        assert not view.isVisible()
        box.show_proof(Proof(changes, (), (), helps=True))
        assert box.findChildren(MapView) == [view]
        assert len(map_of(box).splitlines()) == len(changes)
        assert view.height() >= sum(view.rowHeight(row) for row in range(len(changes)))


def test_a_map_is_saved(box: ProofBox, tmp_path: Path) -> None:
    box.show_proof(Proof(CHANGES, (), (), helps=True))
    path = tmp_path / "map.svg"
    box.findChild(SaveButton).save(box.findChild(MapView), "A map", str(path))
    assert "Go 1.22.10" in path.read_text()


def arrow(view: MapView, row: int) -> int:
    """Return how high what is painted before the second chip is, in pixels."""
    image = view.viewport().grab(view.visualRect(view.model().index(row, 2))).toImage()
    ground = image.pixel(0, 0)
    inked = {y for x in range(4, 30) for y in range(image.height()) if image.pixel(x, y) != ground}
    return len(inked)


def test_what_changes_differs_from_what_stays_in_its_shape(box: ProofBox) -> None:
    box.show_proof(Proof(CHANGES, (), (), helps=True))
    view = box.findChild(MapView)
    assert arrow(view, 0) > 3 * arrow(view, 3) > 0
