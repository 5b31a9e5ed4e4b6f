"""The pictures of a session: its PATH as a ladder, its start-up files as a chain, the lines they name, and saving them."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from gomedic.model import IMAGE, Origin, PathEntry, SkippedFile, Variable
from gomedic_gui.case import case_of
from gomedic_gui.chain import Link, chain_of
from gomedic_gui.chain_model import PLACE, STATE, WORDS, ChainModel
from gomedic_gui.code_box import CodeBox
from gomedic_gui.ladder_model import DANGER, RAIL, LadderModel
from gomedic_gui.rail import DASHED, NONE, SOLID, rails
from gomedic_gui.window import Window
from gui.conftest import OpenWindow, button
from gui.samples import BASHRC, HOME, ILL, Clinic, session

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole
PROFILE_D = "/etc/profile.d/golang.sh"


def by_kind(kind: str) -> tuple[Link, ...]:
    return chain_of(next(each for each in ILL.sessions if each.kind == kind))


# ------------------------------------------------------------------ the chain


def test_files_stand_in_the_order_they_are_read_with_what_each_set() -> None:
    links = by_kind("terminal")
    assert [link.file for link in links] == ["/etc/profile", PROFILE_D, f"{HOME}/.profile", BASHRC]
    assert [(deed.name, deed.line) for deed in links[3].deeds] == [("GOPATH", 118), ("PATH", 119), ("PATH", 120)]  # fmt: skip


def test_a_file_that_was_left_says_where() -> None:
    assert (by_kind("login")[3].state, by_kind("login")[3].line) == ("left", 12)


def test_start_up_that_hangs_ends_at_its_file() -> None:
    last = by_kind("editor")[-1]
    assert (last.file, last.state, last.line) == (BASHRC, "stopped", 12)


def test_what_no_file_set_comes_first() -> None:
    cron = by_kind("cron")
    assert [(link.file, link.state) for link in cron] == [("", "start")]
    assert [deed.value for deed in cron[0].deeds] == ["/usr/local/bin", "/usr/bin", "/bin"]


def test_a_file_that_was_passed_over_stands_where_it_would_have_been() -> None:
    skips = (
        SkippedFile("/etc/profile.d/go", "suffix"),
        SkippedFile(f"{HOME}/.bash_login", f"masked by {HOME}/.profile"),
        SkippedFile("/elsewhere/rc", "unreadable"),
    )
    links = chain_of(session("login", skipped_files=skips))
    assert [(link.file, link.state) for link in links] == [
        ("/etc/profile", "read"),
        (PROFILE_D, "read"),
        ("/etc/profile.d/go", "suffix"),
        (f"{HOME}/.profile", "read"),
        (f"{HOME}/.bash_login", "masked"),
        (BASHRC, "read"),
        ("/elsewhere/rc", "unreadable"),
    ]


def test_what_pam_set_is_a_file_before_the_shells_own() -> None:
    origin = Origin("PAM /etc/environment", 3, "GOROOT=/usr/lib/go-1.19")
    links = chain_of(session("ssh", variables={"GOROOT": Variable("/usr/lib/go-1.19", True, origin)}))
    assert links[0].file == "/etc/environment"


@pytest.fixture
def chain(dressed: object) -> Callable[[str], ChainModel]:
    def show(kind: str) -> ChainModel:
        model = ChainModel()
        QAbstractItemModelTester(model, FATAL, model)
        model.show_chain(by_kind(kind), HOME)
        return model

    return show


def test_a_chain_is_told_in_words(chain: Callable[[str], ChainModel]) -> None:
    model = chain("login")
    last = model.index(3, 0)
    assert last.data(ACCESSIBLE) == "~/.bashrc, left at line 12, sets 3 things"
    below = model.index(0, 0, last)
    assert (below.data(), below.data(WORDS)) == ("GOPATH becomes ~/go", "line 118")
    assert below.data(PLACE).line == 118
    assert model.index(1, 0, last).data(ACCESSIBLE) == "PATH gets ~/sdk/go1.22.10/bin, line 119"


def test_a_rail_is_dashed_from_where_it_is_not_reached() -> None:
    assert rails(4, 1) == [(NONE, SOLID), (SOLID, DASHED), (DASHED, DASHED), (DASHED, NONE)]
    assert rails(2, None) == [(NONE, SOLID), (SOLID, NONE)]
    assert rails(0, None) == []


# ------------------------------------------------------------------ the ladder


def test_folders_where_others_can_put_programs_are_told(dressed: object) -> None:
    path = tuple(PathEntry(entry, True, IMAGE) for entry in (".", "/tmp/bin", "/usr/bin"))
    seen = structs.replace(ILL, sessions=(session("terminal", path=path),))
    doctor = structs.replace(Clinic().doctor(), is_open=lambda folder: folder.startswith("/tmp"))
    model = LadderModel()
    QAbstractItemModelTester(model, FATAL, model)
    model.show_ladder(case_of(doctor, seen).ladders["terminal"], HOME)
    assert [model.index(row, 0).data(DANGER) for row in range(3)] == ["relative", "open", ""]
    assert model.index(1, 1).data() == "others can put programs there"
    assert [model.index(row, 0).data(RAIL) for row in range(3)][2] == (SOLID, NONE)


# ------------------------------------------------------------------ in the window


@pytest.fixture
def window(examined: OpenWindow) -> Window:
    shown = examined(Clinic())
    shown.tabs.setCurrentWidget(shown.sessions)
    return shown


def lines(window: Window) -> list[CodeBox]:
    return [box for box in window.sessions.findChildren(CodeBox) if box.isVisible()]


def test_a_rung_shows_the_line_that_put_it_there(window: Window) -> None:
    window.sessions.ladder.selectRow(3)
    (box,) = lines(window)
    assert box.accessibleName() == f"{BASHRC}, line 119"


def test_the_chain_is_walked_by_keys_and_shows_lines(window: Window, qtbot: QtBot) -> None:
    page = window.sessions
    page.choose("login")
    page.pictures.setCurrentWidget(page.chain)
    page.chain.setFocus()
    seen = []
    for _step in range(12):
        index = page.chain.currentIndex()
        seen.append((index.data(STATE), [box.accessibleName() for box in lines(window)]))
        qtbot.keyClick(page.chain, Qt.Key.Key_Down)
    assert (None, [f"{BASHRC}, line 119"]) in seen
    assert ("left", [f"{BASHRC}, line 12"]) in seen


def test_start_up_that_hangs_shows_its_chain_at_once(window: Window) -> None:
    window.sessions.choose("editor")
    assert window.sessions.pictures.currentWidget() is window.sessions.chain
    (box,) = lines(window)
    assert box.accessibleName() == f"{BASHRC}, line 12"


def test_a_session_of_which_no_path_is_known_says_so(window: Window) -> None:
    page = window.sessions
    page.choose("editor")
    page.pictures.setCurrentWidget(page.ladder)
    words = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "Nothing is known about its PATH." in words


def menu(window: Window) -> list[str]:
    return [action.text() for action in button(window, "save-picture").menu().actions()]


def test_pictures_are_saved_as_svg_with_their_texts(window: Window, tmp_path: Path) -> None:
    page, path = window.sessions, tmp_path / "ladder.svg"
    page.save.save(page.ladder, "Where a terminal looks", str(path))
    root = ElementTree.parse(path).getroot()
    assert root.tag.endswith("svg")
    texts = " ".join("".join(each.itertext()) for each in root.iter() if each.tag.endswith("text"))
    assert "~/sdk/go1.22.10/bin" in texts
    assert "Go 1.19.8 runs" in texts
    assert f"Saved: {path}" in [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize("picture", ["cards", "ladder", "chain"])
def test_pictures_are_saved_as_png_whole(window: Window, tmp_path: Path, picture: str) -> None:
    page, path = window.sessions, tmp_path / "picture.png"
    view = getattr(page, picture)
    page.save.save(view, "A picture", str(path))
    image = QImage(str(path))
    assert not image.isNull()
    assert (
        len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 3)}) > 5
    )


def test_what_cannot_be_written_is_said(window: Window, tmp_path: Path) -> None:
    page = window.sessions
    page.save.save(page.chain, "A picture", str(tmp_path / "no/such/folder.svg"))
    words = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert f"{tmp_path}/no/such/folder.svg cannot be written. Choose another folder." in words


def test_the_button_asks_for_a_file_without_blocking(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    assert menu(window) == ["Which Go, where", "Folders of PATH", "Start-up files"]
    button(window, "save-picture").menu().actions()[1].trigger()
    dialog = window.findChild(QFileDialog, "save-dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "picture.svg"))
    dialog.reject()
    qtbot.waitUntil((tmp_path / "picture.svg").exists)
