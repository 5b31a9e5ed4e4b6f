"""From diagnosis to cure and back, asking, and pictures: the real program in its own process, by keys alone."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.seeing import Seen, started
from gui.test_end_to_end import PROGRAM, patient

__all__ = ["patient"]  # a fixture
MESSAGE = "go.mod unknown directive: toolchain"


@pytest.fixture
def seen(patient: Path, display: str, tmp_path: Path) -> Iterator[Seen]:
    """The program on a patient with an old Go before the new one."""
    words = [sys.executable, "-c", PROGRAM, str(patient), "/usr/local/bin:/usr/bin:/bin"]
    with started(words, {**os.environ}, tmp_path / "run") as opened:
        opened.see("Go works, but may surprise you.", "1 warning")
        opened.press("ctrl+1", "Home")  # to the first finding, whichever was found first
        opened.see("Fix this:")
        yield opened


def test_diagnosed_proved_cured_and_undone(patient: Path, seen: Seen) -> None:
    path = patient / ".bashrc"
    before = path.read_bytes()
    seen.press("alt+f")
    seen.see("In a copy of your files the problem is gone.", "New terminal: Go 1.19.8 → Go 1.22.10")
    assert path.read_bytes() == before, "what is shown is not done yet"
    seen.press("alt+d")
    seen.see("Done. This problem is gone.", "New terminal: Go 1.19.8 → Go 1.22.10", "Take it back")
    assert b"sdk/go1.22.10/bin:$PATH" in path.read_bytes()
    seen.press("alt+t")
    seen.see("Taken back:", "New terminal: Go 1.22.10 → Go 1.19.8")
    assert path.read_bytes() == before
    seen.press("Escape")
    seen.see("Go works, but may surprise you.", "Fix this:")


def test_a_message_is_asked_and_leads_to_its_finding(seen: Seen) -> None:
    seen.press("ctrl+5")
    seen.see("Which message do you get?")
    seen.type(MESSAGE)
    seen.press("Return")
    seen.see("Show: Go 1.19.8")
    seen.press("space")
    seen.see("About this kind of fault", "Fix this:")


def test_a_picture_is_exported(patient: Path, seen: Seen) -> None:
    target = patient / "map.svg"
    seen.press("ctrl+2")
    seen.see("New terminal: Go 1.19.8", "Save picture…")
    seen.press("alt+v")
    seen.see("Which Go, where")
    seen.press("Down", "Return")
    seen.see("File name:")
    seen.press("ctrl+a")
    seen.type(str(target))
    seen.press("Return")
    seen.see(f"Saved: {target}")
    assert "Go 1.19.8" in target.read_text()


def test_what_else_could_be_done_is_tried_and_told(patient: Path, seen: Seen) -> None:
    before = (patient / ".bashrc").read_bytes()
    seen.press("alt+i")
    seen.see("What could I do instead, and what would defeat it?", "Best here", "export PATH, in ~/.bashrc")
    assert (patient / ".bashrc").read_bytes() == before
    seen.press("Escape")
    seen.see("Fix this:")
    assert seen.quit() == 0


def test_tab_and_space_lead_all_the_way(patient: Path, seen: Seen) -> None:
    """No letter is known, no pointer is there: from one place to the next, and back where it went too far."""
    path = patient / ".bashrc"
    before = path.read_bytes()
    seen.tab_to("Fix this:", "shift+Tab")
    seen.press("space")
    seen.see("In a copy of your files the problem is gone.", "Do it")
    seen.tab_to("Do it")
    seen.press("space")
    seen.see("Done. This problem is gone.", "Take it back")
    assert path.read_bytes() != before
    seen.tab_to("Take it back")
    seen.press("space")
    seen.see("Taken back:")
    assert path.read_bytes() == before
    seen.tab_to("Back to the overview", "shift+Tab")
    seen.press("space")
    seen.see("Fix this:")
