"""No display, a dead one and a missing library are sentences, not an abort."""

import os
import subprocess
import sys

import pytest

from gomedic_gui.display import obstacle
from gui.samples import HOME


@pytest.mark.parametrize("env", [{}, {"HOME": HOME}, {"DISPLAY": ""}])
def test_no_display_is_said(env: dict[str, str]) -> None:
    assert "There is no display here" in str(obstacle(env))


def test_a_display_that_does_not_answer_is_said() -> None:
    assert "The display :4711 does not answer" in str(obstacle({"DISPLAY": ":4711"}))


@pytest.mark.parametrize("env", [{"WAYLAND_DISPLAY": "wayland-0"}, {"QT_QPA_PLATFORM": "offscreen"}])
def test_where_no_x_server_is_needed_nothing_stands_in_the_way(env: dict[str, str]) -> None:
    assert obstacle(env) is None


def test_a_display_that_answers_is_fine(display: str) -> None:
    assert obstacle({**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}) is None


def test_the_program_without_a_display_ends_with_a_sentence() -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    program = [sys.executable, "-m", "gomedic_gui"]
    ended = subprocess.run(program, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("There is no display here")
