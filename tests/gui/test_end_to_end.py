"""From broken to cured to undone: the real doctor on real shells and files, through the window."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gomedic.host import Host
from gomedic_gui.doctor import doctor_for
from gomedic_gui.window import Window
from gui.conftest import button, is_idle
from gui.go_trees import write_go
from gui.seeing import xdotool

BuildHost = Callable[..., Host]
PATIENCE = 60_000  # milliseconds; each examination starts some ten shells


@pytest.fixture
def patient(home: Path) -> Path:
    """A home where an old Go stands before the newer one that the person installed."""
    write_go(home / "go1.19", "go1.19.8")
    write_go(home / "sdk/go1.22.10", "go1.22.10")
    with (home / ".bashrc").open("a") as file:
        file.write('\nexport PATH="$HOME/go1.19/bin:$PATH"\nexport PATH="$PATH:$HOME/sdk/go1.22.10/bin"\n')
    home.chmod(0o755)
    return home


def headline(window: Window) -> str:
    return window.findChild(QLabel, "headline").text()


def test_through_the_window(patient: Path, host: BuildHost, qtbot: QtBot, dressed: object) -> None:
    before = (patient / ".bashrc").read_bytes()
    window = Window(doctor_for(host()))
    window.show()
    window.examine()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert headline(window) == "Go works, but may surprise you."
    assert "shadowed-by-older-go" in window._case.examination.findings[0].id

    button(window, "fix").click()
    assert window.pages.currentWidget() is window.preview_page
    assert (patient / ".bashrc").read_bytes() == before
    button(window, "do").click()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert "Done. This problem is gone." in [label.text() for label in window.result.findChildren(QLabel)]
    assert headline(window) == "Your Go is all right: Go 1.22.10."
    assert (patient / ".bashrc").read_bytes() != before

    button(window, "take-back-result").click()
    qtbot.waitUntil(lambda: is_idle(window), timeout=PATIENCE)
    assert (patient / ".bashrc").read_bytes() == before
    assert headline(window) == "Go works, but may surprise you."
    assert window.findChild(QPushButton, "take-back").isHidden()
    window.close()
    window.deleteLater()


PROGRAM = """
import os, sys
from gomedic.host import Host
from gomedic.model import Account
from gomedic_gui.app import main

home, path = sys.argv[1:]
env = {"HOME": home, "USER": "gus", "LOGNAME": "gus", "SHELL": "/bin/bash", "PATH": path, "TERM": "dumb"}
sys.exit(main(Host(env, home, Account("gus", os.getuid(), os.getgid(), home, "/bin/bash", home)), "en"))
"""


@pytest.fixture
def program(patient: Path, display: str) -> Iterator[subprocess.Popen[bytes]]:
    """The whole program in a process of its own, for the patient's account, its window in front."""
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool is missing")
    started = subprocess.Popen([sys.executable, "-c", PROGRAM, str(patient), "/usr/local/bin:/usr/bin:/bin"])
    xdotool("search", "--sync", "--onlyvisible", "--pid", str(started.pid), "--name", "gomedic")
    yield started
    if started.poll() is None:
        for child in psutil.Process(started.pid).children(recursive=True):
            child.kill()
        started.kill()
    started.wait()


def test_kill_closes_the_window(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    assert program.wait(60) == 0
