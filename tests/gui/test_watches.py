"""A change of what was examined is offered, quietly; real files, the real doctor's doors to them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gomedic import watching
from gomedic.host import Host
from gomedic.model import Examination
from gomedic_gui.doctor import Doctor
from gomedic_gui.watches import Watches
from gomedic_gui.window import Window
from gui.conftest import PATIENCE, button, is_idle
from gui.samples import HEALTHY, Clinic

BuildHost = Callable[..., Host]


class Ward(Clinic):
    """A clinic whose account lives in a real home."""

    def __init__(self, host: Host) -> None:
        super().__init__(structs.replace(HEALTHY, account=host.account, seconds=0.0))
        self.host = host

    def examine(self) -> Iterator[object]:
        self.examination = structs.replace(self.examination)  # another one
        yield from super().examine()

    def doctor(self) -> Doctor:
        return structs.replace(
            super().doctor(),
            watched=lambda seen: watching.watched(seen, self.host),
            states=lambda paths: watching.states(self.host, paths),
        )


@pytest.fixture
def ward(host: BuildHost, home: Path) -> Ward:
    return Ward(host())


@pytest.fixture
def window(ward: Ward, qtbot: QtBot, english: None) -> Iterator[Window]:
    """A window that has examined, and watches."""
    made = Window(ward.doctor())
    made.show()
    examine(made, qtbot)
    yield made
    made.close()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=PATIENCE)
    made.deleteLater()


def examine(window: Window, qtbot: QtBot) -> None:
    window.examine()
    qtbot.waitUntil(lambda: is_idle(window) and is_watching(window), timeout=PATIENCE)


def is_watching(window: Window) -> bool:
    watches = window.changes.watches
    return watches._seen is not None and watches._seen.examination is window._case.examination


def offered(window: Window) -> str:
    """Return the offer that is on the screen, "" while there is none."""
    if not window.changes.isVisible():
        return ""
    return next(each.text() for each in window.changes.findChildren(QLabel) if each.text())


def looked(window: Window, qtbot: QtBot) -> None:
    """Wait for a whole look."""
    with qtbot.waitSignal(window.changes.watches.ended, timeout=PATIENCE):
        window.changes.watches._notice()


def test_a_changed_start_up_file_is_offered_and_nothing_is_examined_unasked(
    window: Window, ward: Ward, home: Path, qtbot: QtBot
) -> None:
    page = window.pages.currentWidget()
    focus = QApplication.focusWidget()
    top = window.findings.geometry().topLeft()
    with (home / ".bashrc").open("a") as file:
        file.write("export GOPATH=~/go\n")
    qtbot.waitUntil(lambda: offered(window) == "~/.bashrc changed. Examine again?", timeout=PATIENCE)
    assert ward.asked == ["examine"]
    assert window.pages.currentWidget() is page
    assert QApplication.focusWidget() is focus
    assert window.findings.geometry().topLeft() == top
    qtbot.mouseClick(button(window, "examine-changed"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: is_idle(window) and is_watching(window), timeout=PATIENCE)
    assert ward.asked == ["examine", "examine"]
    assert offered(window) == ""


def replace(home: Path) -> str:
    (home / "4913").write_text("export GOROOT=/x\n")
    (home / "4913").replace(home / ".bashrc")
    return "~/.bashrc"


def come_to_be(home: Path) -> str:
    (home / ".bash_profile").write_text("# mine\n")
    return "~/.bash_profile"


def come_to_be_in_a_new_folder(home: Path) -> str:
    (home / ".config/fish").mkdir(parents=True)
    (home / ".config/fish/config.fish").write_text("set -x GOPATH ~/go\n")
    return "~/.config/fish/config.fish"


def go(home: Path) -> str:
    (home / ".profile").unlink()
    return "~/.profile"


def install(home: Path) -> str:
    (home / "sdk/go1.22.10").mkdir(parents=True)
    return "~/sdk"


@pytest.mark.parametrize("change", [replace, come_to_be, come_to_be_in_a_new_folder, go, install])
def test_every_way_that_files_change_is_noticed(
    change: Callable[[Path], str], window: Window, home: Path, qtbot: QtBot
) -> None:
    path = change(home)
    qtbot.waitUntil(lambda: offered(window) == f"{path} changed. Examine again?", timeout=PATIENCE)


def test_the_second_replacement_by_rename_is_noticed_too(window: Window, home: Path, qtbot: QtBot) -> None:
    before = (home / ".bashrc").read_bytes()
    mode = (home / ".bashrc").stat().st_mode & 0o7777
    replace(home)
    qtbot.waitUntil(lambda: offered(window) != "", timeout=PATIENCE)
    (home / "back").write_bytes(before)
    (home / "back").chmod(mode)
    (home / "back").replace(home / ".bashrc")
    qtbot.waitUntil(lambda: offered(window) == "", timeout=PATIENCE)  # as it was examined: no news
    replace(home)
    qtbot.waitUntil(lambda: offered(window) != "", timeout=PATIENCE)


def test_a_link_into_a_folder_of_dotfiles(
    ward: Ward, home: Path, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    (home / "dotfiles").mkdir()
    (home / ".bashrc").rename(home / "dotfiles/bashrc")
    (home / ".bashrc").symlink_to("dotfiles/bashrc")
    window = request.getfixturevalue("window")
    (home / "dotfiles/.bashrc.swp").write_text("export GOROOT=/x\n")
    (home / "dotfiles/.bashrc.swp").replace(home / "dotfiles/bashrc")
    qtbot.waitUntil(lambda: offered(window) == "~/.bashrc changed. Examine again?", timeout=PATIENCE)


def test_several_changes_are_one_offer(window: Window, home: Path, qtbot: QtBot) -> None:
    told: list[tuple[str, ...]] = []
    window.changes.watches.changed.connect(told.append)
    for number in range(300):
        (home / ".bashrc").write_text(f"# {number}\n")
    for name in (".profile", ".zshrc"):
        (home / name).write_text("# other\n")
    qtbot.waitUntil(lambda: "2 more places changed" in offered(window), timeout=PATIENCE)
    assert len(told) <= 3


def test_a_touched_file_and_a_busy_home_are_no_news(window: Window, home: Path, qtbot: QtBot) -> None:
    (home / ".bashrc").touch()
    for number in range(2000):
        (home / f"entry{number}").touch()
    looked(window, qtbot)
    looked(window, qtbot)
    assert offered(window) == ""


def test_what_is_left_alone_comes_back_only_with_a_further_change(
    window: Window, home: Path, qtbot: QtBot
) -> None:
    replace(home)
    qtbot.waitUntil(lambda: offered(window) != "", timeout=PATIENCE)
    qtbot.mouseClick(button(window, "leave-changed"), Qt.MouseButton.LeftButton)
    looked(window, qtbot)
    assert offered(window) == ""
    come_to_be(home)
    qtbot.waitUntil(lambda: "one more place changed" in offered(window), timeout=PATIENCE)


def test_our_own_fix_is_not_offered(window: Window, ward: Ward, home: Path, qtbot: QtBot) -> None:
    def act() -> None:
        replace(home)
        ward.examination = structs.replace(ward.examination)

    told: list[tuple[str, ...]] = []
    window.changes.watches.changed.connect(told.append)
    ward.pause = act
    window.examine()  # the change falls into work of ours, before its examination is there
    qtbot.waitUntil(lambda: is_idle(window) and is_watching(window), timeout=PATIENCE)
    ward.pause = lambda: None
    looked(window, qtbot)
    assert offered(window) == ""
    assert told == []


def test_a_change_during_the_examination_is_offered(
    window: Window, ward: Ward, home: Path, qtbot: QtBot
) -> None:
    ward.examination = structs.replace(ward.examination, seconds=3600.0)
    come_to_be(home)
    examine(window, qtbot)
    assert "~/.bash_profile" in offered(window)


def test_without_inotify_it_looks_in_rounds(
    ward: Ward, home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of watches and instances belongs to the account (inotify(7)); here none is asked for."""
    monkeypatch.setattr("gomedic_gui.watches._is_told_of_changes", lambda: False)
    monkeypatch.setattr("gomedic_gui.watches._ROUND", 50)
    watches = Watches(ward.doctor(), QApplication.instance())
    told: list[tuple[str, ...]] = []
    watches.changed.connect(told.append)
    watches.begin(structs.replace(ward.examination))
    qtbot.waitUntil(lambda: watches._rounds.isActive(), timeout=PATIENCE)
    replace(home)
    qtbot.waitUntil(lambda: told == [(f"{home}/.bashrc",)], timeout=PATIENCE)
    watches.stop()
    qtbot.waitUntil(lambda: not watches.is_busy, timeout=PATIENCE)
    watches.deleteLater()


def test_where_no_more_instances_are_allowed_there_is_no_inotify() -> None:
    tried = """
import ctypes, os
from gomedic_gui.watches import _is_told_of_changes
libc = ctypes.CDLL(None)
assert _is_told_of_changes() or libc.inotify_init1(0) < 0
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) - 1,) * 2)
print(_is_told_of_changes())
"""
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr


def test_thousands_of_places_are_more_than_the_system_is_asked_to_tell_of(
    ward: Ward, home: Path, qtbot: QtBot
) -> None:
    paths = tuple(str(home / f"folder{number}/go") for number in range(3000))
    for path in paths:
        os.mkdir(os.path.dirname(path))
    doctor = structs.replace(ward.doctor(), watched=lambda _seen: (*paths, str(home / ".bashrc")))
    watches = Watches(doctor, QApplication.instance())
    watches.begin(seen := structs.replace(ward.examination))
    assert isinstance(seen, Examination)
    qtbot.waitUntil(lambda: watches._seen is not None, timeout=PATIENCE)
    assert watches._watcher is None or len(watches._watcher.directories()) <= 800
    assert watches._rounds.isActive()
    watches.stop()
    qtbot.waitUntil(lambda: not watches.is_busy, timeout=PATIENCE)
    watches.deleteLater()


def test_the_bar_has_names_and_both_buttons_are_keys_away(window: Window, home: Path, qtbot: QtBot) -> None:
    replace(home)
    qtbot.waitUntil(lambda: offered(window) != "", timeout=PATIENCE)
    names = {each.text() for each in window.changes.findChildren(QPushButton) if each.isVisible()}
    assert names == {"E&xamine", "Leave it"}
