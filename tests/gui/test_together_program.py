"""All that is safe fixed as one, and all taken back from the history: the real program, by keys alone."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from go_trees import write_go
from gui.seeing import Seen, started
from gui.test_end_to_end import PROGRAM

LINES = """
export PATH="$HOME/go1.19/bin:$PATH"
export PATH="$PATH:$HOME/sdk/go1.22.10/bin"
export GOPATH=code/go
"""
CURED = """
export PATH="$HOME/go1.19/bin:$PATH"
export PATH="$HOME/sdk/go1.22.10/bin:$PATH"
"""


@pytest.fixture
def patient(home: Path) -> Path:
    """A home with two illnesses in one file."""
    write_go(home / "go1.19", "go1.19.8")
    write_go(home / "sdk/go1.22.10", "go1.22.10")
    with (home / ".bashrc").open("a") as file:
        file.write(LINES)
    home.chmod(0o755)
    return home


@pytest.fixture
def seen(patient: Path, display: str, tmp_path: Path) -> Iterator[Seen]:
    words = [sys.executable, "-c", PROGRAM, str(patient), "/usr/local/bin:/usr/bin:/bin"]
    with started(words, {**os.environ}, tmp_path / "run") as opened:
        opened.see("Go has a problem in new terminals.", "1 problem", "Fix both that are safe")
        yield opened


def test_all_fixed_as_one_and_taken_back_from_the_history(patient: Path, seen: Seen) -> None:
    path = patient / ".bashrc"
    before = path.read_text()
    seen.press("alt+s")
    seen.see(
        "In a copy of your files these 2 problems are gone.",
        "New terminal: Go 1.19.8 → Go 1.22.10",
        "Do it all",
    )
    assert path.read_text() == before, "what is shown is not done yet"
    seen.press("alt+d")
    seen.see("Done. 2 problems are gone.", "Take both back", "Your Go is all right: Go 1.22.10.")
    assert path.read_text() == before.replace(LINES, CURED)
    seen.press("Escape")
    seen.see("About this kind of fault")
    seen.press("ctrl+4")
    seen.see("Take back both")
    seen.press("alt+b")
    seen.see("Take 2 fixes back, the newest first", "Take back")
    seen.press("alt+t")
    seen.see(
        "2 fixes were taken back.",
        "New terminal: Go 1.22.10 → Go 1.19.8",
        "Go has a problem in new terminals.",
    )
    assert path.read_text() == before
    assert seen.quit() == 0
