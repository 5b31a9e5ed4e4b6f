"""Reporting, settings and the language: the real program in its own process, by keys alone."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gomedic.host import Host
from gomedic.model import Account
from gomedic.settings_edit import own_settings
from gui.seeing import Seen, started
from gui.test_end_to_end import PROGRAM, patient

__all__ = ["patient"]  # a fixture
FONT = bool(
    shutil.which("fc-list")
    and subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout
)
INSTALLED = (sys.executable, "-m", "gomedic")  # as a person starts it
ENGLISH = ("Go works, but may surprise you.", "1 warning")


def settings_of(home: Path) -> Path:
    return home / ".config/gomedic/config.toml"


@pytest.fixture
def seen(patient: Path, display: str, tmp_path: Path) -> Iterator[Seen]:
    """The program on a patient with an old Go before the new one, its first examination done."""
    words = [sys.executable, "-c", PROGRAM, str(patient), "/usr/local/bin:/usr/bin:/bin"]
    with started(words, {**os.environ}, tmp_path / "run") as opened:
        opened.see(*ENGLISH)
        yield opened


@pytest.fixture
def env(patient: Path, display: str) -> dict[str, str]:
    """What a person's session has, by which the program finds out whose machine this is."""
    plain = {
        "PATH": "/usr/bin:/bin",
        "SHELL": "/bin/bash",
        "LANG": "C.UTF-8",
        "XCURSOR_PATH": "/usr/share/icons",
    }
    return {"HOME": str(patient), "DISPLAY": display, **plain}


def save_json(seen: Seen, target: Path) -> None:
    """Save the report for programs: the second of the other forms."""
    seen.press("ctrl+6")
    seen.see("Save in another form")
    seen.press("alt+f", "j")
    enter(seen, target, "File name:", "Saved as ~/mine.json.")


def enter(seen: Seen, target: Path, field: str, saved: str) -> None:
    """Answer the dialog that asks for a file."""
    seen.see(field)
    seen.press("ctrl+a")
    seen.type(str(target))
    seen.press("Return")
    seen.see(saved)


def test_a_report_is_saved_without_names(patient: Path, seen: Seen) -> None:
    target = patient / "mine.json"
    save_json(seen, target)
    document = json.loads(target.read_text())
    assert document["schema"] == 1
    assert str(patient) not in target.read_text()
    assert "gus" not in json.dumps(document["examined"])


@pytest.mark.skipif(not FONT, reason="no Chinese font here")
def test_settings_and_the_language_of_the_next_start(
    patient: Path, seen: Seen, env: dict[str, str], tmp_path: Path
) -> None:
    seen.press("ctrl+8")
    seen.see("They are kept in ")
    seen.press("alt+u")
    seen.see("Saved.")
    assert "network = false" in settings_of(patient).read_text()
    seen.tab_to("As the system")  # the language
    seen.press("Down", "Down")  # as the system, English, Chinese
    assert seen.quit() == 0, "what was chosen last is written first"
    account = Account("gus", 0, 0, str(patient), "/bin/bash", str(patient))
    own = own_settings(Host({"HOME": str(patient)}, "/", account))
    assert own.problem is None
    assert (own.settings.language, own.settings.network) == ("zh_CN", False)
    with started([*INSTALLED], env, tmp_path / "again") as again:
        again.see("1 个警告")
        again.press("ctrl+6")
        again.see("保存为网页")
        again.press("alt+s")
        target = patient / "mine.html"
        enter(again, target, "文件名", "已保存为 ~/mine.html")
        assert '<html lang="zh-CN">' in target.read_text()
        assert again.quit() == 0


def test_a_broken_settings_file_keeps_no_window_shut(
    patient: Path, env: dict[str, str], tmp_path: Path
) -> None:
    settings_of(patient).parent.mkdir(parents=True)
    settings_of(patient).write_text("colour = 1\n")
    target = patient / "mine.json"
    with started([*INSTALLED], env, tmp_path / "run") as seen:
        seen.see(*ENGLISH)
        save_json(seen, target)
        notes = json.loads(target.read_text())["notes"]
        assert any("“colour” is not a setting of gomedic" in note for note in notes)
        assert seen.quit() == 0
    assert settings_of(patient).read_text() == "colour = 1\n"
