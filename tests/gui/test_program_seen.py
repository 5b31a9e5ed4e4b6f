"""The real program in its own process, driven by keys alone, each pressed when what it is for is seen to be there."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gui.test_end_to_end import PROGRAM, patient, xdotool
from gui.test_screen_reader import PYTHON, refusal

__all__ = ["patient"]  # a fixture
HERE = Path(__file__).parent
PATIENCE = 120  # seconds; each examination starts some ten shells
MESSAGE = "go.mod unknown directive: toolchain"


class Seen:
    """The program, and eyes that look at it."""

    def __init__(self, program: "subprocess.Popen[bytes]", eyes: "subprocess.Popen[str]") -> None:
        self.program = program
        self._eyes = eyes

    def see(self, *sights: str) -> None:
        """Wait until each of these words is shown."""
        assert self._eyes.stdin is not None
        assert self._eyes.stdout is not None
        for words in sights:
            self._eyes.stdin.write(f"{words}\n")
            self._eyes.stdin.flush()
            ready, _, _ = select.select([self._eyes.stdout], [], [], PATIENCE)
            assert ready, f"not seen: {words}"
            assert self._eyes.stdout.readline().strip() == words

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        xdotool("key", "--delay", "60", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        xdotool("type", "--delay", "20", text)


@contextmanager
def started(words: list[str], env: dict[str, str]) -> Iterator[Seen]:
    """Start a program with eyes on it; both end with the block."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert daemon.stdout is not None
    on_bus = {**env, "DBUS_SESSION_BUS_ADDRESS": daemon.stdout.readline().strip()}
    program = subprocess.Popen(words, env={**on_bus, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"})
    eyes = subprocess.Popen(
        [PYTHON, str(HERE / "eyes.py"), str(program.pid)],
        env=on_bus, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        xdotool("search", "--sync", "--onlyvisible", "--pid", str(program.pid), "--name", "gomedic")
        yield Seen(program, eyes)
    finally:
        for each in (eyes, program, daemon):
            each.terminate()
            each.communicate(timeout=PATIENCE)


@pytest.fixture
def seen(patient: Path, display: str, tmp_path: Path) -> Iterator[Seen]:
    """The program on a patient with an old Go before the new one."""
    if reason := refusal():
        pytest.skip(reason)
    runtime = tmp_path / "run"
    runtime.mkdir(0o700)
    env = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "GSETTINGS_BACKEND": "memory"}
    with started(
        [sys.executable, "-c", PROGRAM, str(patient), "/usr/local/bin:/usr/bin:/bin"], env
    ) as opened:
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
    seen.press("ctrl+q")
    assert seen.program.wait(PATIENCE) == 0
