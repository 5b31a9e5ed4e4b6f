"""The scripts behind `make`: a display of its own for whoever asks, which ends with them."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from loading import ROOT

WITH_DISPLAY = str(ROOT / "packaging/with_display")

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")


def run(*words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    whole = {**os.environ, **env}
    return subprocess.run(
        [WITH_DISPLAY, *words], env=whole, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_exit_code_is_the_commands() -> None:
    assert run("sh", "-c", "exit 7").returncode == 7


def test_the_display_works_and_is_no_other_ones() -> None:
    done = run(
        "sh", "-c", "echo $DISPLAY; xdotool getdisplaygeometry", DISPLAY=":99", WAYLAND_DISPLAY="wayland-9"
    )
    display, geometry = done.stdout.splitlines()
    assert (display != ":99", geometry) == (True, "1400 900"), done.stderr


def test_two_at_once_get_two_displays() -> None:
    inner = """echo $DISPLAY; "$0" sh -c 'echo $DISPLAY'"""
    first, second = run("sh", "-c", inner, WITH_DISPLAY).stdout.split()
    assert first != second


def test_server_and_window_manager_end_with_the_command_even_if_it_is_killed() -> None:
    words = [WITH_DISPLAY, "sh", "-c", "echo ready; read never"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "ready\n"
        helpers = psutil.Process(command.pid).children()
        assert "Xvfb" in {process.name() for process in helpers}
        command.send_signal(signal.SIGKILL)
        command.wait()
        _gone, alive = psutil.wait_procs(helpers, timeout=5)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


def test_without_xvfb_qt_draws_off_screen(tmp_path: Path) -> None:
    for name in ("bash", "env"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = run("/bin/sh", "-c", "echo $QT_QPA_PLATFORM $DISPLAY", PATH=str(tmp_path))
    assert (done.stdout, done.stderr.count("\n")) == ("offscreen\n", 1)
