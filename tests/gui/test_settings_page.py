"""The settings page over a real file: each change is written at once, errors stand beside their field."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QObject, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gomedic.host import Host
from gomedic.model import Examination
from gomedic_gui.doctor import Doctor, doctor_for
from gomedic_gui.settings_page import SettingsPage
from gomedic_gui.window import Window
from gui.accessible import is_pressable, nameless, tab_round
from gui.conftest import PATIENCE, OpenWindow, button
from gui.samples import ACCOUNT, Clinic
from gui.test_accessibility import mnemonic, texts_with_mnemonics
from gui.test_screens import is_cut_off
from loading import ROOT

KEY = ROOT / "resources/gomedic_resources/keys/google.asc"
MINE = '# mine\nproxy = "http://old:1"  # of the lab\n\n[[source]]\nname = "campus"\nurl = "http://127.0.0.1:9/dl/"\n'


class Configured(Clinic):
    """A clinic whose settings lie in a real file."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.file = folder / "gomedic/config.toml"
        env = {"XDG_CONFIG_HOME": str(folder), "PATH": "/usr/bin:/bin", "http_proxy": "", "no_proxy": "*"}
        self.host = Host(env, "/", structs.replace(ACCOUNT, home=str(folder)))

    def doctor(self) -> Doctor:
        real = doctor_for(self.host)
        return structs.replace(
            super().doctor(), settings=real.settings, change_settings=real.change_settings,
            try_source=real.try_source, fingerprint=real.fingerprint,
        )  # fmt: skip

    def write(self, text: str) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(text)


@pytest.fixture
def clinic(tmp_path: Path) -> Configured:
    return Configured(tmp_path)


@pytest.fixture
def opened(examined: OpenWindow, qtbot: QtBot, clinic: Configured) -> Callable[[], Window]:
    def open_page() -> Window:
        window = examined(clinic)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
        qtbot.keyClick(
            QApplication.focusWidget() or window, Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier
        )
        qtbot.waitUntil(lambda: page(window).isVisible() and is_settled(window), timeout=PATIENCE)
        return window

    return open_page


def page(window: Window) -> SettingsPage:
    return window.tabs.settings


def is_settled(window: Window) -> bool:
    return page(window)._own is not None and not page(window).is_busy


def field(window: Window, kind: type[QWidget], name: str) -> QWidget:
    found = page(window).findChild(kind, name)
    assert isinstance(found, kind)
    return found


def enter(window: Window, qtbot: QtBot, name: str, text: str) -> None:
    shown = field(window, QLineEdit, name)
    assert isinstance(shown, QLineEdit)
    shown.setFocus()
    shown.selectAll()
    qtbot.keyClicks(shown, text)


def words(window: Window, name: str) -> list[str]:
    """Return what the rows of a name say that are on the screen."""
    rows = [each for each in page(window).findChildren(QWidget, name) if each.isVisible()]
    return [label.text() for row in rows for label in row.findChildren(QLabel) if label.text()]


def settle(window: Window, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: is_settled(window), timeout=PATIENCE)


def test_nothing_has_to_be_set_and_nothing_is_written_by_looking(
    opened: Callable[[], Window], clinic: Configured
) -> None:
    window = opened()
    assert not clinic.file.exists()
    assert not button(window, "open-file").isEnabled()
    assert field(window, QComboBox, "language").currentIndex() == 0  # type: ignore[attr-defined]
    assert field(window, QCheckBox, "network").isChecked()  # type: ignore[attr-defined]
    assert not field(window, QCheckBox, "deep").isChecked()  # type: ignore[attr-defined]


def test_a_change_is_written_at_once_and_the_rest_of_the_file_stays(
    opened: Callable[[], Window], clinic: Configured, qtbot: QtBot
) -> None:
    clinic.write(MINE)
    window = opened()
    box = field(window, QCheckBox, "deep")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "deep = true" in clinic.file.read_text(), timeout=PATIENCE)
    settle(window, qtbot)
    assert '# mine\nproxy = "http://old:1"  # of the lab\n' in clinic.file.read_text()
    assert words(window, "told") == ["Saved."]


def test_a_language_is_chosen_by_keyboard_and_counts_from_the_next_start(
    opened: Callable[[], Window], clinic: Configured, qtbot: QtBot
) -> None:
    window = opened()
    box = field(window, QComboBox, "language")
    box.setFocus()
    for _time in range(2):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: clinic.file.exists() and "zh_CN" in clinic.file.read_text(), timeout=PATIENCE)
    settle(window, qtbot)
    said = [label.text() for label in page(window).findChildren(QLabel)]
    assert "Counts from the next time that gomedic is opened." in said
    for _time in range(2):
        qtbot.keyClick(box, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: "language" not in clinic.file.read_text(), timeout=PATIENCE)
    settle(window, qtbot)


def test_a_proxy_is_entered_and_taken_out(
    opened: Callable[[], Window], clinic: Configured, qtbot: QtBot
) -> None:
    clinic.write(MINE)
    window = opened()
    enter(window, qtbot, "proxy", "http://new:2")
    qtbot.keyClick(field(window, QLineEdit, "proxy"), Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: 'proxy = "http://new:2"  # of the lab' in clinic.file.read_text(), timeout=PATIENCE
    )
    settle(window, qtbot)
    enter(window, qtbot, "proxy", "")
    shown = field(window, QLineEdit, "proxy")
    qtbot.keyClick(shown, Qt.Key.Key_Backspace)
    qtbot.keyClick(shown, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: "proxy" not in clinic.file.read_text(), timeout=PATIENCE)


def test_a_mirror_is_tried_added_and_taken_out(
    opened: Callable[[], Window], clinic: Configured, qtbot: QtBot, tmp_path: Path
) -> None:
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / f"go1.22.10.linux-{arch}.tar.gz").write_bytes(b"")
    window = opened()
    enter(window, qtbot, "source-name", "stick")
    enter(window, qtbot, "source-url", str(stick))
    qtbot.mouseClick(button(window, "try-source"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: words(window, "tried") == ["1 release for this machine, go1.22.10"],
        timeout=PATIENCE,
    )
    qtbot.mouseClick(button(window, "add-source"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: clinic.file.exists() and str(stick) in clinic.file.read_text(), timeout=PATIENCE)
    settle(window, qtbot)
    assert field(window, QLineEdit, "source-url").text() == ""  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: any(each.isVisible() for each in page(window).findChildren(QPushButton, "drop")))
    qtbot.mouseClick(button(window, "drop"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "stick" not in clinic.file.read_text(), timeout=PATIENCE)


def test_a_mirror_that_does_not_answer_says_so(opened: Callable[[], Window], qtbot: QtBot) -> None:
    window = opened()
    enter(window, qtbot, "source-url", "http://127.0.0.1:9/dl/")
    qtbot.mouseClick(button(window, "try-source"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any("127.0.0.1" in each for each in words(window, "tried")), timeout=PATIENCE)


def test_an_address_that_is_none_is_refused_beside_its_field(
    opened: Callable[[], Window], clinic: Configured, qtbot: QtBot
) -> None:
    window = opened()
    enter(window, qtbot, "source-name", "x")
    enter(window, qtbot, "source-url", "ftp://x/")
    qtbot.keyClick(field(window, QLineEdit, "source-url"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(words(window, "error")), timeout=PATIENCE)
    assert words(window, "error")[0].startswith("“url” must be an http:, https: or file: address")
    assert not clinic.file.exists()
    assert QApplication.focusWidget() is field(window, QLineEdit, "source-url")


def test_a_key_shows_its_fingerprint_before_and_after_it_is_added(
    opened: Callable[[], Window], clinic: Configured, qtbot: QtBot
) -> None:
    clinic.write(MINE)
    window = opened()
    enter(window, qtbot, "key-file", str(KEY))
    qtbot.keyClick(field(window, QLineEdit, "key-file"), Qt.Key.Key_Tab)
    assert words(window, "fingerprint") == ["Fingerprint EB4C 1BFD 4F04 2F6D DDCC EC91 7721 F63B D38B 4796"]
    enter(window, qtbot, "key-prefix", "nonsense")
    qtbot.mouseClick(button(window, "add-key"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(words(window, "error")), timeout=PATIENCE)
    assert "must begin with “go” and a digit" in words(window, "error")[0]
    settle(window, qtbot)
    enter(window, qtbot, "key-prefix", "go1.22.5-campus")
    qtbot.mouseClick(button(window, "add-key"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "[[key]]" in clinic.file.read_text(), timeout=PATIENCE)
    settle(window, qtbot)
    assert words(window, "error") == []

    def said() -> list[str]:
        return [label.text() for label in page(window).keys.findChildren(QLabel) if label.isVisible()]

    qtbot.waitUntil(lambda: "only for go1.22.5-campus… of campus" in said(), timeout=PATIENCE)
    assert any(text.startswith("Fingerprint EB4C") for text in said())


def test_what_is_no_key_is_said(opened: Callable[[], Window], qtbot: QtBot) -> None:
    window = opened()
    enter(window, qtbot, "key-file", "/etc/passwd")
    qtbot.keyClick(field(window, QLineEdit, "key-file"), Qt.Key.Key_Tab)
    assert any("/etc/passwd" in each for each in words(window, "fingerprint"))


class Desktop(QObject):
    """Stands for the desktop, which would open a file in the person's editor."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        self.opened.append(address.toLocalFile())


def test_a_broken_file_is_said_with_its_line_and_can_be_opened(
    opened: Callable[[], Window], clinic: Configured, qtbot: QtBot
) -> None:
    clinic.write("# mine\n\ncolour = 1\n")
    window = opened()
    assert f"{clinic.file}:3: “colour” is not a setting of gomedic" in words(window, "problem")[0]
    assert not field(window, QCheckBox, "deep").isEnabled()
    desktop = Desktop()
    QDesktopServices.setUrlHandler("file", desktop, "open")
    try:
        qtbot.mouseClick(button(window, "open-file"), Qt.MouseButton.LeftButton)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert desktop.opened == [str(clinic.file)]
    clinic.write("")
    window.tabs.setCurrentWidget(window.findings)
    window.tabs.setCurrentWidget(page(window))
    qtbot.waitUntil(lambda: field(window, QCheckBox, "deep").isEnabled(), timeout=PATIENCE)


def test_a_broken_file_hinders_no_examination_and_is_noted(clinic: Configured) -> None:
    clinic.write("colour = 1\n")
    *_, last = doctor_for(clinic.host).examine()
    assert isinstance(last, Examination)
    assert any("colour" in str(note) for note in last.notes)


def test_everything_is_named_and_reached_by_tab(
    opened: Callable[[], Window], clinic: Configured, qtbot: QtBot
) -> None:
    clinic.write(MINE)
    window = opened()
    assert nameless(window) == []
    kinds = (QPushButton, QLineEdit, QCheckBox, QComboBox)
    wanted = {
        each
        for kind in kinds
        for each in page(window).findChildren(kind)
        if each.isVisible() and each.isEnabled()
    }
    assert {each for each in wanted if isinstance(each, QPushButton) and not is_pressable(each)} == set()
    assert wanted - set(tab_round(window, qtbot)) == set()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_it_fits_a_small_screen_and_no_two_letters_collide(
    request: pytest.FixtureRequest,
    opened: Callable[[], Window],
    clinic: Configured,
    qtbot: QtBot,
    language: str,
) -> None:
    if language == "zh_CN":
        request.getfixturevalue("chinese")
    clinic.write(MINE)
    window = opened()
    window.resize(QSize(800, 600))
    qtbot.waitUntil(lambda: window.size() == QSize(800, 600))
    shown = [*page(window).findChildren(QLabel), *page(window).findChildren(QPushButton)]
    assert [each.text() for each in shown if each.isVisible() and is_cut_off(each)] == []
    assert page(window).widget().minimumSizeHint().width() <= 780
    letters = [letter for text in texts_with_mnemonics(window) if (letter := mnemonic(text))]
    assert sorted(letters) == sorted(set(letters))


def test_what_takes_the_focus_is_in_sight(
    opened: Callable[[], Window], clinic: Configured, qtbot: QtBot
) -> None:
    clinic.write(MINE)
    window = opened()
    window.resize(QSize(800, 600))
    bar = page(window).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=PATIENCE)
    bar.setValue(bar.maximum())
    first = button(window, "open-file")
    window.tabs.tabBar().setFocus()
    first.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert first.visibleRegion().boundingRect().size() == first.size()
