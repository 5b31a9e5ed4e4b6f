"""The page for images: a real image checked by the real core, the table, a set-up copied and saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from core.images.builder import Item, with_go
from gomedic.images.model import ImageReport
from gomedic_gui.images import checking
from gomedic_gui.images_model import LEVEL, REPORT, ImagesModel
from gomedic_gui.launch_model import LaunchModel
from gomedic_gui.window import Window
from gui.accessible import is_pressable, nameless, tab_round
from gui.conftest import PATIENCE, OpenWindow, button
from gui.samples import ILL, Clinic

Asked = list[tuple[str, bool]]


class ImageClinic(Clinic):
    """The real check of images, and what it was asked."""

    def __init__(self) -> None:
        super().__init__(ILL)
        self.images_asked: Asked = []

    def doctor(self) -> object:
        def check(path: str, run: bool) -> Iterator[object]:
            self.images_asked.append((path, run))
            return checking(None, path, False)

        return replace(super().doctor(), check_image=check)


@pytest.fixture
def clinic() -> ImageClinic:
    return ImageClinic()


@pytest.fixture
def page(examined: OpenWindow, clinic: ImageClinic, qtbot: QtBot) -> Window:
    window = examined(clinic)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.tabs.images.images.isVisible, timeout=PATIENCE)
    return window


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    return with_go().docker(tmp_path / "lost.tar")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    carried = Item("etc/profile.d/golang.sh", "export PATH=/usr/local/go/bin:$PATH\n")
    return with_go().run("RUN echo … > /etc/profile.d/golang.sh", carried).docker(tmp_path / "good.tar")


def drop(window: Window, *paths: Path) -> None:
    """Drop files on the page, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier, QEvent.Type.Drop,
    )  # fmt: skip
    window.tabs.dropEvent(event)  # a real one goes through the window system


def checked(window: Window, qtbot: QtBot, *paths: Path) -> None:
    drop(window, *paths)
    qtbot.waitUntil(lambda: not window.tabs.images.is_busy, timeout=PATIENCE)


def test_dropped_images_are_checked_in_turn(page: Window, qtbot: QtBot, lost: Path, good: Path) -> None:
    checked(page, qtbot, lost, good)
    model = page.tabs.images.images.model
    rows = [model.index(row) for row in range(model.rowCount())]
    assert [row.data() for row in rows] == [
        "good.tar: Go is well in this image.",
        "lost.tar: one thing is wrong with Go in this image.",
    ]
    assert [row.data(LEVEL) for row in rows] == ["ok", "error"]
    assert rows[0].data(Qt.ItemDataRole.AccessibleTextRole).startswith("All right: good.tar")


def test_the_chosen_image_shows_its_fault_the_layer_and_the_table(
    page: Window, qtbot: QtBot, lost: Path
) -> None:
    checked(page, qtbot, lost)
    panel = page.tabs.images.images.panel

    def told() -> str:
        return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())

    qtbot.waitUntil(lambda: "logins build PATH anew" in told(), timeout=PATIENCE)
    said = told()
    assert "/etc/profile:2" in said
    assert "layer 1" in said
    assert "Add to the Dockerfile: RUN printf" in said
    ways = {
        panel.model.index(row, 0).data(): panel.model.index(row, 1).data()
        for row in range(panel.model.rowCount())
    }
    assert (ways["docker run"], ways["bash -lc"]) == ("Go 1.22.10", "missing")
    spoken = panel.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("docker run, Go 1.22.10, ENV, the image's step: ENV PATH=/usr/local/go/bin")


def test_a_fault_of_an_image_has_its_page(page: Window, qtbot: QtBot, lost: Path) -> None:
    checked(page, qtbot, lost)
    images = page.tabs.images.images
    qtbot.waitUntil(lambda: button(page, "about-image").isVisible(), timeout=PATIENCE)
    qtbot.mouseClick(button(page, "about-image"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(images.about.isVisible, timeout=PATIENCE)
    assert any("Logins keep the Go of the image" in each.text() for each in images.about.findChildren(QLabel))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    qtbot.waitUntil(images.panel.isVisible, timeout=PATIENCE)


def test_an_image_checked_again_stands_once(page: Window, qtbot: QtBot, lost: Path, good: Path) -> None:
    checked(page, qtbot, lost, good)
    checked(page, qtbot, lost)
    model = page.tabs.images.images.model
    assert [model.index(row).data().split(":")[0] for row in range(model.rowCount())] == [
        "lost.tar",
        "good.tar",
    ]


def test_what_is_no_image_is_said_in_one_sentence(page: Window, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not an image")
    checked(page, qtbot, tmp_path / "notes.txt")
    images = page.tabs.images.images
    assert images.model.index(0).data(LEVEL) == "unknown"
    assert images.model.index(0).data().startswith("notes.txt was not read: ")
    assert not images.panel.isVisible()


def test_the_shells_are_started_only_when_asked_for(
    page: Window, clinic: ImageClinic, qtbot: QtBot, lost: Path
) -> None:
    checked(page, qtbot, lost)
    box = page.tabs.images.images.findChild(QCheckBox, "run-image")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    checked(page, qtbot, lost)
    assert clinic.images_asked == [(str(lost), False), (str(lost), True)]


def test_an_image_is_chosen_by_the_dialog(page: Window, qtbot: QtBot, lost: Path) -> None:
    qtbot.mouseClick(button(page, "choose-image"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.findChild(QFileDialog, "choose-image-dialog") is not None, timeout=PATIENCE)
    field = page.findChild(QFileDialog, "choose-image-dialog").findChild(QLineEdit, "fileNameEdit")
    field.setText(str(lost))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.tabs.images.images.model.rowCount() == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not page.tabs.images.is_busy, timeout=PATIENCE)
    assert isinstance(page.tabs.images.images.model.index(0).data(REPORT), ImageReport)


def test_the_models_keep_to_qts_rules(lost: Path, good: Path) -> None:
    images, ways = ImagesModel(), LaunchModel()
    for model in (images, ways):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for path in (lost, good, lost):
        *_progress, report = checking(None, str(path), False)
        images.add(str(path), report)
        ways.show_ways(report.launch_ways)
    assert (images.rowCount(), ways.rowCount()) == (2, 14)


# ------------------------------------------------------------------ set-ups


@pytest.fixture
def writing(page: Window, qtbot: QtBot) -> Window:
    page.tabs.images.setCurrentWidget(page.tabs.images.exports)
    qtbot.waitUntil(page.tabs.images.exports.isVisible, timeout=PATIENCE)
    return page


def text_of(window: Window) -> str:
    return window.tabs.images.exports.findChild(QPlainTextEdit, "set-up").toPlainText()


def choose(window: Window, title: str) -> None:
    exports = window.tabs.images.exports
    titles = exports._model.stringList()
    exports.kinds.setCurrentIndex(exports._model.index(titles.index(title)))


def test_a_set_up_is_for_this_machines_go_until_another_is_named(writing: Window, qtbot: QtBot) -> None:
    choose(writing, "Script in /etc/profile.d")
    assert "/usr/lib/go-1.19" in text_of(writing)
    field = writing.tabs.images.exports.findChild(QLineEdit, "export-goroot")
    field.setFocus()
    qtbot.keyClicks(field, "/opt/go")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "gomedic_root=/opt/go" in text_of(writing)


def test_what_cannot_be_written_is_said_and_not_offered(writing: Window, qtbot: QtBot) -> None:
    choose(writing, "Script in /etc/profile.d")
    field = writing.tabs.images.exports.findChild(QLineEdit, "export-goroot")
    field.setFocus()
    qtbot.keyClicks(field, "relative")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert text_of(writing) == ""
    assert not button(writing, "copy-set-up").isEnabled()
    assert writing.tabs.images.exports._told.isVisible()


def test_a_set_up_is_copied_and_saved_as_shown(writing: Window, qtbot: QtBot, tmp_path: Path) -> None:
    choose(writing, "Script in /etc/profile.d")
    qtbot.mouseClick(button(writing, "copy-set-up"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == text_of(writing)
    qtbot.mouseClick(button(writing, "save-set-up-as"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: writing.findChild(QFileDialog, "save-set-up") is not None, timeout=PATIENCE)
    field = writing.findChild(QFileDialog, "save-set-up").findChild(QLineEdit, "fileNameEdit")
    field.setText(str(tmp_path / "go.sh"))
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil((tmp_path / "go.sh").exists, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not writing.tabs.images.is_busy, timeout=PATIENCE)
    assert (tmp_path / "go.sh").read_text() == text_of(writing)
    assert (tmp_path / "go.sh").stat().st_mode & 0o777 == 0o644


def test_every_kind_can_be_shown(writing: Window) -> None:
    exports = writing.tabs.images.exports
    shown = []
    for row in range(exports._model.rowCount()):
        exports.kinds.setCurrentIndex(exports._model.index(row))
        shown.append(text_of(writing))
    assert len(set(shown)) == len(shown) > 10
    assert all(shown)


# ------------------------------------------------------------------ for everybody


def test_all_of_it_has_names_and_is_reached_by_tab(page: Window, qtbot: QtBot, lost: Path) -> None:
    checked(page, qtbot, lost)
    tab = page.tabs.images
    assert nameless(tab.images) == []
    met = set(tab_round(page, qtbot))
    pressable = {
        each for each in tab.images.findChildren(type(button(page, "choose-image"))) if is_pressable(each)
    }
    assert pressable <= met
    assert {tab.images.images, tab.images.panel.table} <= met
    tab.setCurrentWidget(tab.exports)
    qtbot.waitUntil(tab.exports.isVisible, timeout=PATIENCE)
    assert nameless(tab.exports) == []
