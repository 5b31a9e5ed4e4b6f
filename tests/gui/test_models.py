"""The models: Qt's own tester on each, and what they say to eyes and to a screen reader."""

import pytest
from msgspec import structs
from PySide6.QtCore import QAbstractItemModel, QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester

from gomedic.model import Severity
from gomedic_gui.case import case_of
from gomedic_gui.finding_tree import FINDING, LEVEL, index_of, tree_of
from gomedic_gui.history_model import HistoryModel
from gomedic_gui.ladder_model import STATE, LadderModel
from gomedic_gui.session_model import LEVEL as SESSION_LEVEL
from gomedic_gui.session_model import SessionModel
from gui.samples import CURED, HEALTHY, HOME, ILL, OLD_RECEIPT, RECEIPT, SHADOWED, TOO_OLD, Clinic

ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def owner(dressed: object) -> QObject:
    return QObject()


def column(
    model: QAbstractItemModel, number: int = 0, role: int = Qt.ItemDataRole.DisplayRole
) -> list[object]:
    return [model.index(row, number).data(role) for row in range(model.rowCount())]


def ladder(kind: str, owner: QObject) -> LadderModel:
    model = LadderModel(owner)
    QAbstractItemModelTester(model, FATAL, owner)
    model.show_ladder(case_of(Clinic().doctor(), ILL).ladders[kind], HOME)
    return model


def test_what_follows_from_a_finding_stands_below_it(owner: QObject) -> None:
    model = tree_of(ILL, owner)
    QAbstractItemModelTester(model, FATAL, owner)
    first = model.index(0, 0)
    assert first.data(FINDING) == SHADOWED
    assert [model.index(row, 0, first).data(FINDING) for row in range(model.rowCount(first))] == [TOO_OLD]


def test_hints_and_what_could_not_be_found_out_stand_apart(owner: QObject) -> None:
    model = tree_of(ILL, owner)
    assert column(model, role=LEVEL) == ["error", "warning", "", "hint", "", "unknown"]
    assert column(model)[2] == "Good to know"
    assert not model.index(2, 0).flags() & Qt.ItemFlag.ItemIsSelectable


def test_a_finding_speaks_its_severity(owner: QObject) -> None:
    spoken = tree_of(ILL, owner).index(0, 0).data(ACCESSIBLE)
    assert spoken.startswith("Problem: New terminals run Go 1.19.8")


def test_a_consequence_whose_cause_is_gone_stands_on_its_own(owner: QObject) -> None:
    model = tree_of(structs.replace(ILL, findings=(TOO_OLD,), checks=()), owner)
    assert column(model, role=FINDING) == [TOO_OLD]


def test_nothing_found_is_an_empty_tree(owner: QObject) -> None:
    model = tree_of(HEALTHY, owner)
    assert model.rowCount() == 0
    assert not index_of(model, None).isValid()


def test_sessions_say_what_go_they_get(owner: QObject) -> None:
    model = SessionModel(owner)
    QAbstractItemModelTester(model, FATAL, owner)
    model.show_examination(ILL)
    assert column(model) == [
        "New terminal", "Login over ssh", "Login shell (su -)", "Command over ssh",
        "Scheduled job (cron)", "Editor", "Running: bash (4711)",
    ]  # fmt: skip
    assert column(model, role=ACCESSIBLE)[0] == "New terminal: Go 1.19.8, /usr/bin/go (Problem)"
    assert column(model, role=ACCESSIBLE)[4] == "Scheduled job (cron): No Go, not on its PATH (Good to know)"
    assert column(model, role=SESSION_LEVEL) == ["error", "error", "error", "ok", "hint", "unknown", "ok"]


def test_a_session_with_several_findings_shows_the_worst(owner: QObject) -> None:
    model = SessionModel(owner)
    worse = structs.replace(ILL.findings[0], severity=Severity.HINT)
    model.show_examination(structs.replace(ILL, findings=(worse, *ILL.findings[1:])))
    assert column(model, role=SESSION_LEVEL)[:2] == ["warning", "warning"]


def test_the_ladder_says_what_runs_and_who_decided_it(owner: QObject) -> None:
    model = ladder("terminal", owner)
    assert column(model, role=STATE) == ["other", "runs", "other", "shadowed", "missing"]
    assert column(model, 0)[3] == "~/sdk/go1.22.10/bin"
    assert column(model, 1) == ["", "Go 1.19.8 runs", "", "Go 1.22.10, hidden", "no such folder"]
    assert column(model, 2)[3] == "~/.bashrc:119"
    assert column(model, role=ACCESSIBLE)[1] == "2. /usr/bin, Go 1.19.8 runs, /etc/profile:9"
    assert model.winner() == 1


def test_a_ladder_without_go_has_no_winner(owner: QObject) -> None:
    model = ladder("editor", owner)
    assert model.rowCount() == 0
    assert model.winner() is None


def test_the_history_says_when_what_and_its_state(owner: QObject) -> None:
    model = HistoryModel(owner)
    QAbstractItemModelTester(model, FATAL, owner)
    model.show_receipts((RECEIPT, OLD_RECEIPT))
    assert column(model, 1) == [
        "Put ~/sdk/go1.22.10/bin first on PATH",
        "Take the line out of /etc/profile.d/golang.sh",
    ]
    assert column(model, 2) == ["Done", "Taken back"]
    assert column(model, 0, ACCESSIBLE)[0].endswith("first on PATH, Done")


def test_the_cured_ladder_has_the_new_go_first(owner: QObject) -> None:
    model = LadderModel(owner)
    model.show_ladder(case_of(Clinic(CURED).doctor(), CURED).ladders["terminal"], HOME)
    assert column(model, 1)[0] == "Go 1.22.10 runs"
    assert column(model, 1)[2] == "Go 1.19.8, hidden"
