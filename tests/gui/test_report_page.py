"""The page with the report: what is shown is what is copied, saving is real, and names are hidden."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec import structs
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gomedic.model import Variable
from gomedic_gui.window import Window
from gui.accessible import is_pressable, nameless, tab_round
from gui.conftest import PATIENCE, OpenWindow, button
from gui.samples import ILL, PROFILE, SESSIONS, Clinic
from gui.test_accessibility import mnemonic, texts_with_mnemonics
from gui.test_screens import is_cut_off

SECRET = Variable("http://student:hunter2@proxy.campus:3128", True, PROFILE)
WITH_SECRET = structs.replace(
    ILL, sessions=(structs.replace(SESSIONS[0], variables={"http_proxy": SECRET}), *SESSIONS[1:])
)


@pytest.fixture
def reporting(examined: OpenWindow, qtbot: QtBot) -> Window:
    """A window on the page, reached by its shortcut."""
    window = examined(Clinic(WITH_SECRET))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.tabs.report.isVisible, timeout=PATIENCE)
    return window


def shown(window: Window) -> str:
    return window.tabs.report.findChild(QPlainTextEdit, "report").toPlainText()


def told(window: Window) -> str:
    row = window.tabs.report._told
    return next(each.text() for each in row.findChildren(QLabel) if each.text()) if row.isVisible() else ""


def save_as(window: Window, qtbot: QtBot, name: str, path: Path) -> None:
    """Press a button or choose from the menu, type a name into the dialog, and press Return."""
    if name in ("save-html", "copy-report"):
        qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)
    else:
        button(window, "save-other").menu().findChild(QAction, name).trigger()
    qtbot.waitUntil(lambda: window.findChild(QFileDialog, "save-report") is not None, timeout=PATIENCE)
    dialog = window.findChild(QFileDialog, "save-report")
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    field.setText(str(path))
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_what_is_shown_is_what_is_copied(reporting: Window, qtbot: QtBot) -> None:
    qtbot.mouseClick(button(reporting, "copy-report"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == shown(reporting)
    assert "GOROOT is set to /usr/lib/go-1.19" in shown(reporting)
    assert told(reporting).startswith("Copied.")


def test_names_are_hidden_until_the_person_wants_them_shown(reporting: Window, qtbot: QtBot) -> None:
    assert "student" not in shown(reporting)
    assert "~/.bashrc:119" in shown(reporting)
    box = reporting.tabs.report.findChild(QCheckBox, "hide-names")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert "/home/student/.bashrc:119" in shown(reporting)
    assert "hunter2" not in shown(reporting), "a password is never shown"


FORMS = {
    "save-html": ("html", "<!DOCTYPE html>"),
    "save-text": ("txt", "gomedic"),
    "save-json": ("json", "{"),
    "save-jsonl": ("jsonl", '{"record"'),
    "save-junit": ("xml", "<?xml"),
}


@pytest.mark.parametrize("name", FORMS)
def test_it_is_saved_where_the_person_says(
    reporting: Window, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    ending, begins = FORMS[name]
    save_as(reporting, qtbot, name, tmp_path / "mine")
    made = tmp_path / f"mine.{ending}"
    qtbot.waitUntil(lambda: told(reporting).startswith("Saved as"), timeout=PATIENCE)
    text = made.read_text()
    assert "hunter2" not in text
    assert "student" not in text
    assert text.startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [made.name]


def test_each_form_is_what_it_says(reporting: Window, qtbot: QtBot, tmp_path: Path) -> None:
    report = reporting.tabs.report
    assert json.loads(report._report("json"))["schema"] == 1
    assert {json.loads(line)["record"] for line in report._report("jsonl").splitlines()} >= {
        "examined",
        "finding",
    }
    suite = ElementTree.fromstring(report._report("junit"))
    assert {case.tag for case in suite.iter() if case.tag == "failure"} == {"failure"}


def test_a_file_that_is_there_is_asked_about_first(reporting: Window, qtbot: QtBot, tmp_path: Path) -> None:
    there = tmp_path / "mine.html"
    there.write_text("precious")
    answered: list[str] = []

    def refuse() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            answered.append(box.text())
            box.button(QMessageBox.StandardButton.No).click()

    asked = QTimer(interval=20)
    asked.timeout.connect(refuse)
    asked.start()
    save_as(reporting, qtbot, "save-html", there)
    qtbot.waitUntil(lambda: bool(answered), timeout=PATIENCE)
    asked.stop()
    assert "mine.html" in answered[0]
    assert there.read_text() == "precious"
    reporting.findChild(QFileDialog, "save-report").reject()


def test_a_full_disk_is_said_in_a_sentence(reporting: Window, qtbot: QtBot) -> None:
    reporting.tabs.report.save("/dev/full", "html")
    qtbot.waitUntil(lambda: bool(told(reporting)), timeout=PATIENCE)
    assert told(reporting) == "/dev/full was not saved: there is no room left on that disk."


def test_a_new_examination_is_reported(reporting: Window, qtbot: QtBot) -> None:
    assert "[Problem]" in shown(reporting)
    reporting.tabs.show_case(structs.replace(reporting._case, examination=structs.replace(ILL, findings=())))
    assert "[Problem]" not in shown(reporting)


def test_everything_is_named_and_reached_by_tab(reporting: Window, qtbot: QtBot) -> None:
    assert nameless(reporting) == []
    page = reporting.tabs.report
    wanted = {each for each in page.findChildren(QPushButton) if is_pressable(each)}
    wanted.add(page.findChild(QCheckBox, "hide-names"))
    assert wanted - set(tab_round(reporting, qtbot)) == set()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_it_fits_a_small_screen_and_no_two_letters_collide(
    request: pytest.FixtureRequest, examined: OpenWindow, qtbot: QtBot, language: str
) -> None:
    if language == "zh_CN":
        request.getfixturevalue("chinese")
    window = examined(Clinic(ILL))
    window.resize(QSize(800, 600))
    window.tabs.setCurrentWidget(window.tabs.report)
    qtbot.waitUntil(lambda: window.size() == QSize(800, 600))
    page = window.tabs.report
    words = [*page.findChildren(QLabel), *page.findChildren(QPushButton)]
    assert [each.text() for each in words if each.isVisible() and is_cut_off(each)] == []
    assert page.minimumSizeHint().width() <= 800
    letters = [letter for text in texts_with_mnemonics(window) if (letter := mnemonic(text))]
    assert sorted(letters) == sorted(set(letters))
    assert ("gomedic 的 Go 检查报告" in shown(window)) is (language == "zh_CN")
