"""The Toolchains page: the real core, real files and shells, a server on the loopback."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot
from werkzeug import Request, Response

from gomedic.host import Host
from gomedic_gui.diff_box import DiffBox
from gomedic_gui.doctor import doctor_for
from gomedic_gui.toolchains_entries import Entry
from gomedic_gui.toolchains_model import ENTRY, LINE
from gomedic_gui.window import Window
from gui.conftest import button, map_of
from gui.test_flows import words_on
from gui.test_stalls import MOST, Heart
from gui.toolchains import ONE, TWO, Campus, account, campus, file_name, signer

__all__ = ["account", "campus", "signer"]  # fixtures
PATIENCE = 60_000  # milliseconds; each examination starts some ten shells
OpenOn = Callable[[Host], Window]


@pytest.fixture
def window_on(qtbot: QtBot, dressed: object) -> Iterator[OpenOn]:
    """Open a window on a machine, examined, with its Toolchains page in front and the releases known."""
    opened: list[Window] = []

    def open_on(host: Host) -> Window:
        window = Window(doctor_for(host))
        opened.append(window)
        window.show()
        window.examine()
        qtbot.waitUntil(lambda: is_quiet(window) and window._case is not None, timeout=PATIENCE)
        window.tabs.setCurrentWidget(window.toolchains)
        qtbot.waitUntil(lambda: is_quiet(window), timeout=PATIENCE)
        return window

    yield open_on
    for window in opened:
        window.close()
        qtbot.waitUntil(lambda window=window: not window.isVisible(), timeout=PATIENCE)
        window.deleteLater()


def is_quiet(window: Window) -> bool:
    return not window.is_busy and not window.trials.is_busy and not window.toolchains.is_busy


def entries(window: Window) -> list[Entry]:
    model = window.toolchains.model
    return [model.index(row).data(ENTRY) for row in range(model.rowCount())]


def installed(window: Window) -> dict[str, Entry]:
    return {entry.name: entry for entry in entries(window) if entry.kind == "installed"}


def line(window: Window, key: str) -> str:
    model = window.toolchains.model
    row = model.row_of(key)
    assert row is not None, [entry.key for entry in entries(window)]
    return str(model.index(row).data(LINE))


def agree(qtbot: QtBot, window: Window, key: str, action: str = "first-action") -> str:
    """Ask for an action on an entry, and agree to its plan; return what the plan says."""
    window.toolchains.choose(key)
    button(window, action).click()
    page = window.preview_page
    qtbot.waitUntil(lambda: window.pages.currentWidget() is page and is_quiet(window), timeout=PATIENCE)
    said = words_on(page)
    button(window, "do").click()
    return said


def result(qtbot: QtBot, window: Window) -> str:
    """Return what the window says came of it; leave the page again."""
    qtbot.waitUntil(
        lambda: window.pages.currentWidget() is window.result and is_quiet(window), timeout=PATIENCE
    )
    return f"{words_on(window.result)}\n{map_of(window.result)}"


def leave(qtbot: QtBot, window: Window) -> None:
    button(window, "close-result").click()
    qtbot.waitUntil(lambda: is_quiet(window), timeout=PATIENCE)


def folder(host: Host) -> Path:
    return Path(host.data_folder, "toolchains")


def names(host: Host) -> set[str]:
    return {path.name for path in folder(host).iterdir()} if folder(host).exists() else set()


def state_of(home: Path) -> dict[str, bytes | str]:
    """Return what lies in a home besides what was fetched and the journal."""
    kept = {".cache", "state"}
    found = [path for path in home.rglob("*") if not kept & set(path.relative_to(home).parts)]
    return {str(path): os.readlink(path) if path.is_symlink() else path.read_bytes() for path in found if path.is_symlink() or path.is_file()}  # fmt: skip


def test_installed_used_removed_and_taken_back(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot, home: Path
) -> None:
    before = state_of(home)
    window = window_on(account)
    assert line(window, "none") == ""
    for version in (ONE, TWO):
        plan = agree(qtbot, window, f"release {version}")
        assert "check its signature" in plan
        said = result(qtbot, window)
        assert f"Go {version.removeprefix('go')} is installed." in said
        assert f"New terminal: No Go → Go {ONE.removeprefix('go')}" in said or version == TWO
        leave(qtbot, window)
    assert {ONE, TWO} <= names(account)
    assert installed(window)[TWO].in_use
    assert not installed(window)[ONE].sessions

    plan = agree(qtbot, window, f"{folder(account)}/{ONE}")
    assert "It becomes the Go of: New terminal, " in plan
    assert "lead to" in plan
    assert f"New sessions use Go {ONE.removeprefix('go')}." in result(qtbot, window)
    leave(qtbot, window)
    assert installed(window)[ONE].in_use
    assert not button(window, "first-action").isEnabled(), "it is in use already"

    agree(qtbot, window, f"{folder(account)}/{ONE}", "second-action")
    assert f"Go {ONE.removeprefix('go')} is removed." in result(qtbot, window)
    assert ONE not in names(account)
    button(window, "take-back-result").click()
    assert "Taken back: Remove Go" in result(qtbot, window)
    assert ONE in names(account)
    leave(qtbot, window)
    assert installed(window)[ONE].in_use
    for _fix in range(3):
        window.take_back()
        result(qtbot, window)
    assert state_of(home) == before


def test_the_edits_of_an_installation_are_shown_before_it(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot, home: Path
) -> None:
    window = window_on(account)
    before = (home / ".bashrc").read_text()
    window.toolchains.choose(f"release {ONE}")
    button(window, "first-action").click()
    page = window.preview_page
    qtbot.waitUntil(lambda: bool(page.findChildren(DiffBox)), timeout=PATIENCE)
    diffs = "\n".join(box.toPlainText() for box in page.findChildren(DiffBox))
    assert f"Change {home}/.bashrc" in words_on(page)
    assert (home / ".bashrc").read_text() == before
    button(window, "do").click()
    result(qtbot, window)
    added = [line for line in (home / ".bashrc").read_text().splitlines() if line not in before.splitlines()]
    assert added
    assert all(f"+ {line}" in diffs for line in added if line)


def test_removing_for_good_says_so_and_leaves_no_way_back(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot
) -> None:
    window = window_on(account)
    agree(qtbot, window, f"release {ONE}")
    result(qtbot, window)
    leave(qtbot, window)
    window.toolchains.choose(f"{folder(account)}/{ONE}")
    button(window, "second-action").click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.preview_page, timeout=PATIENCE)
    assert "you can take this back at any time" in words_on(window.preview_page)
    purge = window.preview_page.findChild(QCheckBox, "purge")
    purge.setFocus()
    purge.click()
    qtbot.waitUntil(lambda: "cannot be taken back" in words_on(window.preview_page), timeout=PATIENCE)
    assert "you can take this back at any time" not in words_on(window.preview_page)
    assert window.preview_page.findChild(QCheckBox, "purge").hasFocus()
    button(window, "do").click()
    said = result(qtbot, window)
    assert "is removed." in said
    assert "It is deleted for good" in said
    assert window.findChild(QPushButton, "take-back-result").isHidden()
    assert not [path for path in folder(account).iterdir() if path.name.startswith((ONE, f".{ONE}"))]


def test_the_steps_of_the_verification_are_ticked_off(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot
) -> None:
    window = window_on(account)
    rows = window.working._steps.rows
    seen: list[tuple[str, ...]] = []
    watch = Watch(lambda: seen.append(tuple(row.state for row in rows)))
    for row in rows:
        row.installEventFilter(watch)
    agree(qtbot, window, f"release {ONE}")
    result(qtbot, window)
    counts = [states.count("passed") for states in seen]
    assert counts == sorted(counts)
    assert counts[-1] == len(rows) - 1, "the last one passes with the result"
    assert "now" in {state for states in seen for state in states}
    details = words_of(rows[2])
    assert f"Signed by {account.config_folder}/campus.asc on " in details
    assert "from localhost:" in words_of(rows[0])


def test_the_window_keeps_answering_meanwhile(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot
) -> None:
    window = window_on(account)
    heart = Heart()
    heart.during = "the page"
    window.tabs.setCurrentWidget(window.findings)
    window.tabs.setCurrentWidget(window.toolchains)
    qtbot.waitUntil(lambda: is_quiet(window), timeout=PATIENCE)
    heart.during = "installing"
    agree(qtbot, window, f"release {ONE}")
    result(qtbot, window)
    leave(qtbot, window)
    heart.during = "removing"
    agree(qtbot, window, f"{folder(account)}/{ONE}", "second-action")
    result(qtbot, window)
    heart.stop()
    assert heart.longest.computed < MOST


class Watch(QObject):
    """Looks whenever something happens to what it watches, such as new words on it."""

    def __init__(self, look: Callable[[], None]) -> None:
        super().__init__()
        self._look = look

    def eventFilter(self, _watched: QObject, _event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self._look()
        return False


def words_of(row: object) -> str:
    return " ".join(each.text() for each in row.findChildren(QLabel))  # type: ignore[attr-defined]


@pytest.fixture
def held(campus: Campus) -> Iterator[threading.Event]:
    """Let the campus stop in the middle of an archive until the event is set or the test is over."""
    go_on = threading.Event()
    name = file_name(ONE)
    data = campus.files[name]

    def body() -> Iterator[bytes]:
        yield data[: len(data) // 2]
        go_on.wait(60)
        yield data[len(data) // 2 :]

    def answer(_request: Request) -> Response:
        return Response(body(), 200, {"Content-Length": str(len(data))}, content_type="application/gzip")

    campus.answers[name] = answer
    yield go_on
    go_on.set()


def test_a_download_says_how_it_stands_and_can_be_cancelled(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot, home: Path, held: threading.Event
) -> None:
    before = state_of(home)
    window = window_on(account)
    agree(qtbot, window, f"release {ONE}")
    qtbot.waitUntil(lambda: " %  ·  " in words_on(window.working), timeout=PATIENCE)
    assert " MB" in words_on(window.working)
    button(window, "cancel-work").click()
    said = result(qtbot, window)
    assert "Stopped. Everything is as it was." in said
    assert "What was downloaded is kept" in said
    assert state_of(home) == before
    assert names(account) == set()

    held.set()
    leave(qtbot, window)
    agree(qtbot, window, f"release {ONE}")
    assert "is installed." in result(qtbot, window), "and it goes on from there"


def test_closing_the_window_in_the_middle_cancels(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot, home: Path, held: threading.Event
) -> None:
    before = state_of(home)
    window = window_on(account)
    agree(qtbot, window, f"release {ONE}")
    qtbot.waitUntil(lambda: " %  ·  " in words_on(window.working), timeout=PATIENCE)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=PATIENCE)
    assert state_of(home) == before
    assert names(account) == set()


def test_a_changed_archive_is_refused_in_one_sentence(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot, home: Path
) -> None:
    before = state_of(home)
    data = bytearray(campus.files[file_name(ONE)])
    data[len(data) // 2] ^= 1
    campus.files[file_name(ONE)] = bytes(data)
    window = window_on(account)
    agree(qtbot, window, f"release {ONE}")
    said = result(qtbot, window)
    assert "That could not be done." in said
    assert f"{file_name(ONE)} from {campus.url}{file_name(ONE)} is damaged or was changed" in said
    assert not window.result._take_back.isVisible()
    assert state_of(home) == before


def test_without_a_network_the_installed_ones_are_there_and_what_to_do_is_said(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot
) -> None:
    window = window_on(account)  # go.dev cannot be reached
    assert line(window, "problems").startswith("Connect to a network and ask again, or install from a file")
    assert f"release {ONE}" in [entry.key for entry in entries(window)], "the campus could be asked"
    window.toolchains.choose("problems")
    assert "go.dev could not be reached" in words_on(window.toolchains)
    campus.asked.clear()
    button(window, "first-action").click()
    qtbot.waitUntil(lambda: is_quiet(window), timeout=PATIENCE)
    assert ("index.json", "") in campus.asked, "it was asked again"


def test_closing_the_window_while_a_server_is_asked_waits_for_no_answer(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot
) -> None:
    window = window_on(account)
    window.toolchains.choose("problems")
    go_on, asked = threading.Event(), threading.Event()

    def answer(_request: Request) -> Response:
        asked.set()
        go_on.wait(60)
        return Response("too late", 404)

    campus.answers["index.json"] = answer
    try:
        button(window, "first-action").click()
        qtbot.waitUntil(asked.is_set, timeout=PATIENCE)
        window.close()
        qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
        assert not window.toolchains._asides.busy, "it closed before the work beside had ended"
    finally:
        go_on.set()


def test_nothing_is_asked_of_servers_before_the_page_is_looked_at(
    campus: Campus, account: Host, qtbot: QtBot, window_on: OpenOn
) -> None:
    window = Window(doctor_for(account))
    window.show()
    window.examine()
    qtbot.waitUntil(lambda: is_quiet(window) and window._case is not None, timeout=PATIENCE)
    assert [name for name, _range in campus.asked if name] == [], "that a server is there may be found out"
    window.close()
    window.deleteLater()


def test_a_release_from_a_folder(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for name, data in campus.files.items():
        (stick / name).write_bytes(data)
    config = Path(account.config_folder, "config.toml")
    config.write_text(config.read_text().replace(campus.url, str(stick)))
    window = window_on(account)
    button(window, "from").click()
    form = window.toolchains.source
    assert form.isVisible()
    form.look(str(tmp_path / "nothing"))
    qtbot.waitUntil(lambda: "is no address, no folder" in words_on(form), timeout=PATIENCE)
    assert not button(window, "install-from").isEnabled()
    form.look(str(stick))
    qtbot.waitUntil(lambda: form.which.count() == 2, timeout=PATIENCE)
    form.which.setCurrentText(TWO)
    button(window, "install-from").click()
    assert f"Take Go {TWO.removeprefix('go')} from {stick}" in words_on(window.preview_page)
    button(window, "do").click()
    assert f"Go {TWO.removeprefix('go')} is installed." in result(qtbot, window)
    assert campus.asked == []


def test_a_broken_one_of_ours_is_installed_again(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot
) -> None:
    window = window_on(account)
    agree(qtbot, window, f"release {ONE}")
    result(qtbot, window)
    leave(qtbot, window)
    shutil.rmtree(folder(account) / ONE / "pkg")
    window.examine()
    qtbot.waitUntil(lambda: is_quiet(window), timeout=PATIENCE)
    key = f"{folder(account)}/{ONE}"
    assert line(window, key).startswith("not complete")
    assert "Install again" in button(window, "first-action").text().replace("&", "")
    agree(qtbot, window, key)
    assert "is installed." in result(qtbot, window)
    leave(qtbot, window)
    assert installed(window)[ONE].whole


def test_root_is_announced_before_anything_begins(
    campus: Campus, account: Host, window_on: OpenOn, qtbot: QtBot
) -> None:
    window = window_on(account)
    window.toolchains.choose(f"release {ONE}")
    button(window, "first-action").click()
    page = window.preview_page
    assert "Needs an administrator's password" not in words_on(page)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    page.findChild(QRadioButton, "place account").setFocus()
    qtbot.keyClick(page.findChild(QRadioButton, "place account"), Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "Needs an administrator's password" in words_on(page), timeout=PATIENCE)
    assert window.treatments.chosen is not None
    assert window.treatments.chosen[1].install is not None
    assert window.treatments.chosen[1].install.to == "/usr/local/go"
    assert page.findChild(QRadioButton, "place /usr/local/go").hasFocus(), "the keys stay where they were"
    page.findChild(QRadioButton, "place account").click()
    qtbot.waitUntil(lambda: "Needs an administrator's password" not in words_on(page), timeout=PATIENCE)
    button(window, "not-now").click()
    assert window.pages.currentWidget() is window.tabs
