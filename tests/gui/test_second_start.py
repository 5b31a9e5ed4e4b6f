"""A second start raises the window that is open: sockets, locks and processes are real."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gomedic_gui.running_window import ANSWER, Meeting, Seat, meet, token_in
from gomedic_gui.summons import Summons, bring_to_front
from gui.conftest import PATIENCE
from gui.test_end_to_end import PROGRAM
from started import as_nobody

HOME = "/home/student"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    return {"XDG_RUNTIME_DIR": str(runtime), "TMPDIR": str(tmp_path), "DISPLAY": ":5"}


@pytest.fixture
def seats() -> Iterator[list[Seat]]:
    taken: list[Seat] = []
    yield taken
    for seat in taken:
        leave(seat)


def leave(seat: Seat) -> None:
    seat.listening.close()
    os.close(seat.lock)


def sit(env: dict[str, str], seats: list[Seat], home: str = HOME) -> Seat:
    met = meet(env, home)
    assert met.seat is not None
    seats.append(met.seat)
    return met.seat


def another(env: dict[str, str], home: str = HOME, patience: float = 5.0) -> subprocess.Popen[str]:
    """Start another process that looks for the window; it prints what came of it."""
    act = (
        "import sys; from gomedic_gui.running_window import meet;"
        "met = meet(eval(sys.argv[1]), sys.argv[2], float(sys.argv[3]));"
        "print('answered' if met.answered else 'sits' if met.seat else 'alone')"
    )
    words = [sys.executable, "-c", act, repr(env), home, str(patience)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def outcome(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=60)[0].strip()


def test_the_second_is_answered_when_the_window_shows_itself(
    env: dict[str, str], seats: list[Seat], qtbot: QtBot, english: None
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.showMinimized()
    Summons(sit(env, seats), window)
    second = another(env | {"XDG_ACTIVATION_TOKEN": "kwin-7"})
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=PATIENCE)
    assert outcome(second) == "answered"
    assert not window.isMinimized()
    assert os.environ.pop("XDG_ACTIVATION_TOKEN") == "kwin-7"


def test_a_window_that_closes_does_not_answer(qtbot: QtBot, english: None) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    assert not bring_to_front(window, "")


def test_another_display_and_another_home_have_windows_of_their_own(
    env: dict[str, str], seats: list[Seat]
) -> None:
    sit(env, seats)
    sit(env | {"DISPLAY": "far:10.0"}, seats)
    sit(env | {"WAYLAND_DISPLAY": "wayland-0"}, seats)
    sit(env, seats, "/home/other")


def test_the_first_screen_of_a_display_is_the_display(env: dict[str, str], seats: list[Seat]) -> None:
    sit(env, seats)
    assert meet(env | {"DISPLAY": ":5.0"}, HOME, 0.0) == Meeting()


def test_what_a_killed_window_left_is_taken_over(env: dict[str, str], seats: list[Seat]) -> None:
    act = (
        "import os, signal, sys; from gomedic_gui.running_window import meet;"
        "assert meet(eval(sys.argv[1]), sys.argv[2]).seat; os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", act, repr(env), HOME], check=False)
    assert killed.returncode == -9
    left = [path.name for path in Path(env["XDG_RUNTIME_DIR"], "gomedic").iterdir()]
    assert len(left) == 2  # socket and lock
    sit(env, seats)


def test_whoever_hangs_is_waited_for_only_a_while(env: dict[str, str], seats: list[Seat]) -> None:
    sit(env, seats)  # listens, but nobody answers
    assert outcome(another(env, patience=0.3)) == "alone"


def test_of_many_at_once_one_sits_and_none_is_lost(env: dict[str, str]) -> None:
    waiting = [another(env, patience=0.2) for _number in range(6)]
    outcomes = [outcome(process) for process in waiting]
    assert outcomes.count("sits") >= 1
    assert set(outcomes) <= {"sits", "alone"}


def test_without_a_runtime_folder_one_of_ours_in_the_temporary_folder_does(
    env: dict[str, str], seats: list[Seat], tmp_path: Path
) -> None:
    del env["XDG_RUNTIME_DIR"]
    seat = sit(env, seats)
    folder = tmp_path / f"gomedic-{os.getuid()}"
    assert Path(seat.listening.getsockname()).parent == folder
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("kind", ["open", "link", "file"])
def test_a_folder_that_others_could_have_laid_is_not_used(
    kind: str, env: dict[str, str], tmp_path: Path
) -> None:
    del env["XDG_RUNTIME_DIR"]
    laid = tmp_path / f"gomedic-{os.getuid()}"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    if kind == "open":
        laid.mkdir()
        laid.chmod(0o777)
    elif kind == "link":
        laid.symlink_to(elsewhere)
    else:
        laid.touch()
    assert meet(env, HOME) == Meeting()
    assert list(elsewhere.iterdir()) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another account")
def test_a_runtime_folder_of_another_account_is_not_used(env: dict[str, str], seats: list[Seat]) -> None:
    os.chown(env["XDG_RUNTIME_DIR"], 65534, 65534)
    assert Path(sit(env, seats).listening.getsockname()).parent.name == "gomedic-0"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another account")
def test_a_socket_of_another_account_is_not_believed(env: dict[str, str], seats: list[Seat]) -> None:
    """Somebody else listens at our place, as if the folder had been theirs for a moment."""
    path = sit(env, seats).listening.getsockname()
    os.unlink(path)
    folder = Path(path).parent
    for above in (folder, *folder.parents):
        if above == Path("/tmp"):
            break
        above.chmod(0o711 if above != folder else 0o777)

    reached, told = os.pipe()
    foreign = os.fork()
    if foreign == 0:

        def listen() -> None:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
                door.bind(path)
                door.listen(1)
                door.settimeout(5)
                os.write(told, b"1")
                guest, _address = door.accept()
                guest.sendall(ANSWER)
                guest.recv(1)

        try:
            as_nobody(listen)
        finally:
            os._exit(0)
    try:
        os.close(told)
        assert os.read(reached, 1) == b"1"
        for private in (folder, folder.parent):
            private.chmod(0o700)
        assert meet(env, HOME, 0.2) == Meeting()
    finally:
        os.waitpid(foreign, 0)
        os.close(reached)


def test_a_path_too_long_for_a_socket_is_no_reason_not_to_open(env: dict[str, str], tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir(mode=0o700)
    assert meet({"XDG_RUNTIME_DIR": str(deep)}, HOME) == Meeting()


@pytest.mark.parametrize("request_", [b"", b"\n", b"[]\n", b'{"token": 3}\n', b"\xff\n", b'{"tok'])
def test_a_request_that_is_none_brings_no_token(request_: bytes) -> None:
    assert token_in(request_) == ""


# ------------------------------------------------------------ the whole program


@pytest.fixture
def programs(display: str, home: Path, tmp_path: Path) -> Iterator["Programs"]:
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool is missing")
    started = Programs(home, tmp_path)
    yield started
    started.end()


class Programs:
    """Starts of the whole program by one person."""

    def __init__(self, home: Path, runtime: Path) -> None:
        self.home = home
        self.started: list[subprocess.Popen[bytes]] = []
        runtime.chmod(0o700)
        self.env = os.environ | {"XDG_RUNTIME_DIR": str(runtime)}

    def start(self) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-c", PROGRAM, str(self.home), "/usr/local/bin:/usr/bin:/bin"]
        self.started.append(subprocess.Popen(words, env=self.env, stdout=subprocess.PIPE))
        return self.started[-1]

    def end(self) -> None:
        for each in self.started:
            each.send_signal(signal.SIGINT)  # closes the window when its work has stopped
            each.communicate(timeout=60)


def xdotool(*words: str) -> str:
    done = subprocess.run(["xdotool", *words], check=True, timeout=60, capture_output=True, text=True)
    return done.stdout.strip()


def window_of(process: subprocess.Popen[bytes]) -> str:
    return xdotool(
        "search", "--sync", "--onlyvisible", "--pid", str(process.pid), "--name", "gomedic"
    ).split()[0]


def test_a_second_start_shows_the_window_again_and_ends(programs: Programs, qtbot: QtBot) -> None:
    first = programs.start()
    window = window_of(first)
    xdotool("windowminimize", "--sync", window)
    second = programs.start()
    out, _err = second.communicate(timeout=60)
    assert second.returncode == 0
    assert out.decode() == "The window that is open already was brought to the front.\n"
    assert window_of(first) == window  # waits until it is on the screen
    qtbot.waitUntil(lambda: xdotool("getactivewindow") == window, timeout=PATIENCE)
