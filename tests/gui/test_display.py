"""No display, a dead one and a missing library are sentences, not an abort."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gomedic_gui.display import obstacle, platforms
from gui.samples import HOME


@pytest.mark.parametrize("env", [{}, {"HOME": HOME}, {"DISPLAY": ""}])
def test_no_display_is_said(env: dict[str, str]) -> None:
    assert "There is no display here" in str(obstacle(env))


def test_a_display_that_does_not_answer_is_said() -> None:
    assert "The display :4711 does not answer" in str(obstacle({"DISPLAY": ":4711"}))


def test_where_no_screen_is_needed_nothing_stands_in_the_way() -> None:
    assert obstacle({"QT_QPA_PLATFORM": "offscreen"}) is None


@pytest.fixture
def compositor(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment whose Wayland socket takes connections."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(tmp_path / "wayland-0"))
        listening.listen()
        yield {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}


def test_where_a_compositor_answers_no_x_server_is_needed(compositor: dict[str, str]) -> None:
    assert (obstacle(compositor), platforms(compositor)) == (None, "wayland;xcb")
    by_path = {"WAYLAND_DISPLAY": f"{compositor['XDG_RUNTIME_DIR']}/wayland-0"}
    assert (obstacle(by_path), platforms(by_path)) == (None, "wayland;xcb")


def test_a_compositor_that_does_not_answer_is_said(tmp_path: Path) -> None:
    env = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert "The display wayland-0 does not answer" in str(obstacle(env))
    assert "The display :4711 does not answer" in str(obstacle({**env, "DISPLAY": ":4711"}))


def test_where_no_compositor_answers_an_x_server_does(tmp_path: Path, display: str) -> None:
    env = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path), "DISPLAY": display}
    assert (obstacle(env), platforms(env)) == (None, "xcb")


def test_a_display_that_answers_is_fine(display: str) -> None:
    assert obstacle({**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}) is None


def test_the_program_without_a_display_ends_with_a_sentence() -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    program = [sys.executable, "-m", "gomedic_gui"]
    ended = subprocess.run(program, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("There is no display here")


def test_without_a_locale_qt_says_nothing() -> None:
    """As a bundle starts: without Python's own help, which is for its own interpreter alone (PEP 538)."""
    program = "from gomedic_gui.app import application; application('en')"
    env = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "QT_QPA_PLATFORM": "offscreen"}
    words = [sys.executable, "-c", program]
    ended = subprocess.run(
        words, env={**os.environ, **env}, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
