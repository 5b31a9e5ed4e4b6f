"""Asking, reporting, settings and the language: the real program in its own process, by keys alone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gomedic.host import Host
from gomedic.model import Account
from gomedic.settings_edit import own_settings
from gui.test_end_to_end import patient, press_until, program, xdotool

__all__ = ["patient", "program"]  # fixtures
FONT = bool(
    shutil.which("fc-list")
    and subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout
)
MESSAGE = "go.mod unknown directive: toolchain"


def settings_of(home: Path) -> Path:
    return home / ".config/gomedic/config.toml"


def press(*keys: str) -> None:
    """Press keys, and give the window a moment after each."""
    for key in keys:
        xdotool("key", key, "sleep", "0.4")


def save_report(target: Path, letter: str) -> None:
    """Save a report by the letter of its button, as soon as there is one."""

    def save() -> bool:
        press("ctrl+6", letter, "ctrl+a")
        xdotool("type", "--delay", "20", str(target))
        press("Return")
        return target.exists()

    press_until(save, "Escape")


def test_a_message_leads_to_its_finding_and_that_to_its_cure(
    patient: Path, program: subprocess.Popen[bytes]
) -> None:
    path = patient / ".bashrc"
    before = path.read_bytes()

    def ask() -> bool:
        press("ctrl+5", "ctrl+a")
        xdotool("type", "--delay", "20", MESSAGE)
        press("Return", "space", "alt+f", "alt+d")
        return path.read_bytes() != before

    press_until(ask, "Escape")
    assert b"sdk/go1.22.10/bin:$PATH" in path.read_bytes()


def test_a_report_is_saved_without_names(patient: Path, program: subprocess.Popen[bytes]) -> None:
    target = patient / "mine.json"

    save_report(target, "alt+j")
    document = json.loads(target.read_text())
    assert document["schema"] == 1
    assert str(patient) not in target.read_text()
    assert "gus" not in json.dumps(document["examined"])


@pytest.mark.skipif(not FONT, reason="no Chinese font here")
def test_settings_and_the_language_of_the_next_start(
    patient: Path, program: subprocess.Popen[bytes], display: str
) -> None:
    file = settings_of(patient)
    press_until(lambda: file.exists() and "network = false" in file.read_text(), "ctrl+8", "alt+u")
    press("Tab")  # to the language
    press_until(lambda: 'language = "zh_CN"' in file.read_text(), "Down")
    account = Account("gus", 0, 0, str(patient), "/bin/bash", str(patient))
    own = own_settings(Host({"HOME": str(patient)}, "/", account))
    assert own.problem is None
    assert (own.settings.language, own.settings.network) == ("zh_CN", False)
    press_until(lambda: program.poll() is not None, "ctrl+q")
    env = {
        "HOME": str(patient),
        "DISPLAY": display,
        "PATH": "/usr/bin:/bin",
        "SHELL": "/bin/bash",
        "LANG": "C.UTF-8",
    }
    again = subprocess.Popen([sys.executable, "-m", "gomedic"], env=env)
    try:
        xdotool("search", "--sync", "--onlyvisible", "--pid", str(again.pid), "--name", "gomedic")
        save_report(patient / "mine.html", "alt+s")
        assert '<html lang="zh-CN">' in (patient / "mine.html").read_text()
        press_until(lambda: again.poll() is not None, "ctrl+q")
    finally:
        if again.poll() is None:
            again.terminate()
        again.wait(60)


def test_a_broken_settings_file_keeps_no_window_shut(patient: Path, display: str) -> None:
    settings_of(patient).parent.mkdir(parents=True)
    settings_of(patient).write_text("colour = 1\n")
    env = {
        "HOME": str(patient),
        "DISPLAY": display,
        "PATH": "/usr/bin:/bin",
        "SHELL": "/bin/bash",
        "LANG": "C.UTF-8",
    }
    started = subprocess.Popen([sys.executable, "-m", "gomedic"], env=env)
    try:
        xdotool("search", "--sync", "--onlyvisible", "--pid", str(started.pid), "--name", "gomedic")
        save_report(patient / "mine.json", "alt+j")
        notes = json.loads((patient / "mine.json").read_text())["notes"]
        assert any("“colour” is not a setting of gomedic" in note for note in notes)
        press_until(lambda: started.poll() is not None, "ctrl+q")
    finally:
        if started.poll() is None:
            started.terminate()
        started.wait(60)
    assert settings_of(patient).read_text() == "colour = 1\n"
