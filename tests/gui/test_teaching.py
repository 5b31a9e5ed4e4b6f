"""The pages for instructors: a policy that is really read and verified, what lasts as a picture, a class's reports."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QEvent, QMimeData, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.images.builder import with_go
from go_trees import write_go
from gomedic.host import Host
from gomedic.limits import limits_of
from gomedic.model import Account, Examination
from gomedic.report import check_json, encoded
from gomedic.settings import SettingsError
from gomedic_gui.case import case_of
from gomedic_gui.class_model import ClassModel
from gomedic_gui.doctor import doctor_for
from gomedic_gui.instructing import joined
from gomedic_gui.judging import Demands, Judging
from gomedic_gui.lasting_model import BEFORE, LastingModel
from gomedic_gui.lasting_model import LASTING as STATE
from gomedic_gui.picture import save_picture
from gomedic_gui.text import catalogue
from gomedic_gui.window import Window
from gui.accessible import is_pressable, nameless, tab_round
from gui.conftest import PATIENCE, OpenWindow, button
from gui.samples import HEALTHY, ILL, Clinic
from gui.samples_lasting import LASTING
from gui.test_accessibility import mnemonic, texts_with_mnemonics
from gui.test_screens import is_cut_off
from loading import script
from started import write_home

Signer = script("tests/core/toolchain/campus.py").Signer
POLICY = 'name = "Programming 1"\n\n[go]\nversion = ">=1.22"\n'


class School(Clinic):
    """A clinic whose demands, map and class are the core's own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(ILL)
        account = Account("teacher", 1000, 1000, str(folder), "/bin/bash")
        self.host = Host({"HOME": str(folder)}, str(folder), account)
        self.judging = Judging(self.host)
        self.compared: list[str] = []

    def doctor(self) -> object:
        return structs.replace(
            super().doctor(),
            judge_by=self.judging.choose,
            policy=self.judging.read,
            check_image=self.judging.check_image,
            lasting=self.lasting,
            joined=partial(joined, self.host),
        )

    def examine(self) -> Iterator[object]:
        self.judging.begin()
        yield from self.judging.judged(self.judging.host, super().examine())

    def lasting(self, _seen: Examination, image: str) -> Iterator[object]:
        self.compared.append(image)
        yield LASTING


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(tmp_path)


@pytest.fixture
def window(examined: OpenWindow, school: School, qtbot: QtBot) -> Window:
    opened = examined(school)
    opened.tabs.setCurrentWidget(opened.tabs.images)
    return opened


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return Signer(tmp_path_factory.mktemp("keys") / "staff", "Staff <staff@example.edu>")


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "gomedic.toml"
    file.write_text(POLICY)
    return file


def drop(window: Window, *paths: Path) -> None:
    """Drop files on the window, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.tabs.dropEvent(
        QDropEvent(
            QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier, QEvent.Type.Drop,
        )
    )  # fmt: skip


def settle(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not (window.tabs.images.is_busy or window.is_busy), timeout=PATIENCE)


def said(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(window: Window, qtbot: QtBot, name: str) -> None:
    qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def answer(window: Window, qtbot: QtBot, dialog: str, typed: str) -> None:
    qtbot.waitUntil(lambda: window.findChild(QFileDialog, dialog) is not None, timeout=PATIENCE)
    field = window.findChild(QFileDialog, dialog).findChild(QLineEdit, "fileNameEdit")
    field.setText(typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)


# ------------------------------------------------------------------ a policy


def test_a_dropped_policy_judges_the_machine_until_it_is_used_no_more(
    window: Window, qtbot: QtBot, policy: Path
) -> None:
    window.tabs.setCurrentWidget(window.findings)
    drop(window, policy)
    settle(window, qtbot)
    page = window.tabs.images.policy
    assert page.isVisible()
    assert "Programming 1 (gomedic.toml)" in said(page)
    assert 'version = ">=1.22"' in said(page)
    press(window, qtbot, "examine-by-it")
    settle(window, qtbot)
    assert window._case.examination.findings[0].check == "policy-go-version"
    assert "The policy Programming 1 does not hold: one of its demands is not met." in said(page)
    press(window, qtbot, "drop-policy")
    window.examine()
    settle(window, qtbot)
    assert not any(found.check.startswith("policy-") for found in window._case.examination.findings)
    assert "No policy is used." in said(page)
    assert "does not hold" not in said(page)


def test_the_policys_finding_is_shown_like_any_other(window: Window, qtbot: QtBot, policy: Path) -> None:
    drop(window, policy)
    settle(window, qtbot)
    press(window, qtbot, "examine-by-it")
    settle(window, qtbot)
    window.tabs.setCurrentWidget(window.findings)
    qtbot.waitUntil(lambda: not window.findings.is_drawing, timeout=PATIENCE)
    window.findings.findings.choose("policy-go-version@terminal")
    qtbot.waitUntil(lambda: not window.findings.is_drawing, timeout=PATIENCE)
    assert "The policy wants Go >=1.22" in said(window.findings)


def test_a_policy_that_changed_is_read_again(window: Window, qtbot: QtBot, policy: Path) -> None:
    drop(window, policy)
    settle(window, qtbot)
    policy.write_text(POLICY.replace(">=1.22", ">=1.10"))
    press(window, qtbot, "examine-by-it")
    settle(window, qtbot)
    assert "The policy Programming 1 holds." in said(window.tabs.images.policy)


def test_a_wrong_policy_is_refused_with_its_line_and_nothing_is_judged_by_it(
    window: Window, school: School, qtbot: QtBot, policy: Path
) -> None:
    drop(window, policy)
    settle(window, qtbot)
    policy.write_text('name = "x"\nversion = "1.22"\n')
    drop(window, policy)
    settle(window, qtbot)
    assert "gomedic.toml:2: “version” is nothing that a policy demands" in said(window.tabs.images.policy)
    assert school.judging.files == ()
    assert not window.findChild(QPushButton, "drop-policy").isVisible()


@pytest.mark.parametrize("fault", ["", "changed"])
def test_a_signature_is_verified_before_the_policy_counts(
    window: Window, school: School, qtbot: QtBot, policy: Path, tmp_path: Path, staff: Any, fault: str
) -> None:
    config = tmp_path / ".config/gomedic/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'policy_keys = ["{tmp_path}/staff.asc"]\nsigned_policies = true\n')
    (tmp_path / "staff.asc").write_bytes(staff.public)
    (tmp_path / "gomedic.toml.asc").write_bytes(staff.sign(POLICY.encode()))
    if fault:
        policy.write_text(POLICY.replace("1.22", "1.21"))
    drop(window, policy)
    settle(window, qtbot)
    told = said(window.tabs.images.policy)
    assert ("The signature of the policy" in told) is bool(fault)
    assert ("The policy is signed by" in told) is not bool(fault)
    assert bool(school.judging.files) is not bool(fault)


def test_images_are_judged_by_it_too(window: Window, qtbot: QtBot, policy: Path, tmp_path: Path) -> None:
    policy.write_text(POLICY.replace(">=1.22", ">=1.27"))
    drop(window, policy)
    settle(window, qtbot)
    drop(window, with_go().docker(tmp_path / "course.tar"))
    settle(window, qtbot)
    page = window.tabs.images.images
    assert "Judged by the policy Programming 1 (gomedic.toml) too." in said(page)
    qtbot.waitUntil(lambda: "The policy Programming 1 does not hold" in said(page), timeout=PATIENCE)
    assert "The policy wants Go >=1.27" in said(page)


def test_limits_count_from_the_next_examination_on(
    window: Window, school: School, qtbot: QtBot, tmp_path: Path
) -> None:
    page = window.tabs.images.policy
    window.tabs.images.setCurrentWidget(page)
    page.limits.setFocus()
    qtbot.keyClicks(page.limits, "memory=64m,pids=8")
    qtbot.keyClick(page.limits, Qt.Key.Key_Return)
    assert school.judging.host.limits.memory == 64 << 20
    drop(window, with_go().docker(tmp_path / "course.tar"))
    settle(window, qtbot)
    qtbot.waitUntil(lambda: "Only 8 processes" in said(window.tabs.images.images), timeout=PATIENCE)
    window.tabs.images.setCurrentWidget(page)
    page.limits.clear()
    qtbot.keyClicks(page.limits, "memmory=64m")
    qtbot.keyClick(page.limits, Qt.Key.Key_Return)
    assert "“memmory=64m” is no limit" in said(page)
    page.limits.clear()
    qtbot.keyClick(page.limits, Qt.Key.Key_Return)
    assert school.judging.host.limits is None


BASHRC = 'export PATH="$HOME/sdk/go/bin:$PATH"\nexport GOCACHE=off\n'


def last_of(work: Iterator[Any]) -> Any:
    *_progress, last = work
    return last


def test_the_real_doctor_judges_by_both_and_goes_on_after_a_fix(
    host: Callable[..., Host], home: Path, policy: Path
) -> None:
    write_go(home / "sdk/go", "go1.22.10")
    write_home(home, {".bashrc": BASHRC, ".profile": ". ~/.bashrc\n"})
    policy.write_text(POLICY.replace(">=1.22", ">=1.27"))
    doctor = doctor_for(host())
    doctor.judge_by(Demands(str(policy), limits_of("pids=8")))
    seen = last_of(doctor.examine())
    found = {finding.check: finding for finding in seen.findings}
    assert {"policy-go-version", "too-few-processes", "gocache-off"} <= set(found)
    assert str(policy) in doctor.watched(seen)
    treated = last_of(doctor.treat(seen, found["gocache-off"], found["gocache-off"].fixes[0]))
    assert not treated.taken_back
    assert {"policy-go-version", "too-few-processes"} <= {f.check for f in treated.examination.findings}
    assert set(treated.before) - set(treated.after) == {found["gocache-off"].id}
    doctor.judge_by(Demands())
    checks = {finding.check for finding in last_of(doctor.examine()).findings}
    assert not checks & {"policy-go-version", "too-few-processes"}


def test_an_examination_by_a_policy_that_went_wrong_is_none(
    host: Callable[..., Host], home: Path, policy: Path
) -> None:
    doctor = doctor_for(host())
    doctor.judge_by(Demands(str(policy)))
    policy.unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        last_of(doctor.examine())


# ------------------------------------------------------------------ what lasts


@pytest.fixture
def lasting(window: Window, qtbot: QtBot) -> Window:
    window.tabs.images.setCurrentWidget(window.tabs.images.lasting)
    settle(window, qtbot)
    return window


def test_each_variable_has_its_carrier_and_its_end(lasting: Window) -> None:
    model = lasting.tabs.images.lasting.model
    states = {
        model.index(row, 0).data(): [model.index(row, at).data(STATE) for at in (2, 3, 4)] for row in range(7)
    }
    assert states["GOROOT"] == ["kept", "kept", "kept"]
    assert states["GOPATH"] == ["kept", "kept", "gone"]
    assert states["GOTMPDIR"] == ["unknown"] * 3
    assert model.index(2, 1).data() == "a start-up file of the account"
    spoken = model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith(
        "In a new terminal: still there, After a restart: still there, After a rebuild: gone"
    )
    assert model.index(0, 3).data(BEFORE) == "gone"


def test_a_password_is_in_no_picture(lasting: Window) -> None:
    model = lasting.tabs.images.lasting.model
    told = [model.index(row, at).data(role) for row in range(7) for at in range(5) for role in range(0x110)]
    assert not any("hunter2" in str(each) for each in told)


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_it_is_saved_as_a_picture(lasting: Window, tmp_path: Path, ending: str) -> None:
    made = tmp_path / f"lasts.{ending}"
    assert save_picture(lasting.tabs.images.lasting.table, "What lasts", str(made))
    if ending == "svg":
        assert "GOROOT" in made.read_text()
        assert "still there" in made.read_text()
    else:
        assert QImage(str(made)).width() > 800


def test_the_containers_image_is_taken_into_account(
    lasting: Window, school: School, qtbot: QtBot, tmp_path: Path
) -> None:
    image = with_go().docker(tmp_path / "course.tar")
    press(lasting, qtbot, "compare-image")
    answer(lasting, qtbot, "compare-image-dialog", str(image))
    qtbot.waitUntil(lambda: school.compared == ["", str(image)], timeout=PATIENCE)


def test_a_machine_has_no_rebuild() -> None:
    model = LastingModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_found(LASTING, "/home/student")
    assert model.columnCount() == 5
    model.show_found(structs.replace(LASTING, is_container=False), "/home/student")
    assert model.columnCount() == 4


# ------------------------------------------------------------------ a class


@pytest.fixture
def reports(tmp_path: Path) -> list[Path]:
    made = []
    for name, seen in (("li", ILL), ("wang", HEALTHY), ("zhang", ILL)):
        file = tmp_path / f"{name}.json"
        file.write_text(encoded(check_json(seen, catalogue())))
        made.append(file)
    return made


def test_dropped_reports_are_joined(
    window: Window, qtbot: QtBot, reports: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "notes.json").write_text("{}")
    drop(window, *reports, tmp_path / "notes.json")
    settle(window, qtbot)
    page = window.tabs.images.reports
    assert "1 of 3 are well." in said(page)
    assert "notes.json is no report of gomedic" in said(page)
    assert page.model.index(0, 1).data() == "2 of 3"
    assert page.model.index(0, 2).data() == "student (li.json), student (zhang.json)"
    box = page.findChild(QCheckBox, "number-people")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    settle(window, qtbot)
    assert page.model.index(0, 2).data() == "1, 3"


@pytest.mark.parametrize("form", ["html", "csv", "json"])
def test_the_overview_is_saved(
    window: Window, qtbot: QtBot, reports: list[Path], tmp_path: Path, form: str
) -> None:
    drop(window, *reports)
    settle(window, qtbot)
    if form == "html":
        press(window, qtbot, "save-overview-html")
    else:
        button(window, "save-overview-other").menu().findChild(QAction, f"save-overview-{form}").trigger()
    made = tmp_path / f"class.{form}"
    answer(window, qtbot, "save-overview", str(tmp_path / "class"))
    qtbot.waitUntil(made.exists, timeout=PATIENCE)
    settle(window, qtbot)
    text = made.read_text()
    assert text.startswith({"html": "<!DOCTYPE html>", "csv": "Name,", "json": "{"}[form])
    assert form != "json" or json.loads(text)["count"] == 3


def test_the_model_keeps_to_qts_rules(school: School, reports: list[Path]) -> None:
    model = ClassModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    *_progress, overview = joined(school.host, [str(file) for file in reports], True)
    model.show_overview(overview)
    assert model.rowCount() == 3


# ------------------------------------------------------------------ for everybody


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_page_is_named_reached_by_tab_and_fits_a_small_screen(
    request: pytest.FixtureRequest, examined: OpenWindow, school: School, qtbot: QtBot,
    policy: Path, reports: list[Path], language: str,
) -> None:  # fmt: skip
    if language == "zh_CN":
        request.getfixturevalue("chinese")
    window = examined(school)
    window.resize(QSize(800, 600))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    drop(window, policy, *reports)
    settle(window, qtbot)
    for page in window.tabs.images._working:
        window.tabs.images.setCurrentWidget(page)
        settle(window, qtbot)
        assert nameless(page) == []
        wanted = {each for each in page.findChildren(QPushButton) if is_pressable(each)}
        assert wanted - set(tab_round(window, qtbot)) == set()
        words = [*page.findChildren(QLabel), *page.findChildren(QPushButton)]
        qtbot.waitUntil(lambda words=words: not any(w.isVisible() and is_cut_off(w) for w in words))
        letters = [letter for text in texts_with_mnemonics(window) if (letter := mnemonic(text))]
        assert sorted(letters) == sorted(set(letters)), page


def test_a_case_without_a_policy_says_nothing_of_one(window: Window) -> None:
    window.tabs.images.setCurrentWidget(window.tabs.images.policy)
    window.tabs.show_case(case_of(window._doctor, HEALTHY))
    assert "No policy is used." in said(window.tabs.images.policy)
