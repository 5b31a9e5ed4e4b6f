"""The real program in its own process, with eyes on its window: keys are pressed when what they are for is there."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil
import pytest

from gui.test_screen_reader import PYTHON, refusal

HERE = Path(__file__).parent
PATIENCE = 60  # seconds; each examination starts some ten shells
_FAR = 60  # places that Tab comes by, at most


def xdotool(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True, timeout=60, stdout=subprocess.DEVNULL)


class Seen:
    """The program, and eyes that look at it."""

    def __init__(self, program: "subprocess.Popen[bytes]", eyes: "subprocess.Popen[str]") -> None:
        self.program = program
        self._eyes = eyes

    def see(self, *sights: str) -> None:
        """Wait until each of these words is shown, on a button only where it can be pressed."""
        for words in sights:
            assert self._ask(f"see {words}") == words

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        xdotool("key", "--delay", "60", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        xdotool("type", "--delay", "20", text)

    def tab_to(self, words: str, key: str = "Tab") -> None:
        """Press Tab, each time when the focus has moved, until it is on what bears these words."""
        place, _space, name = self._ask("leave ").partition(" ")
        met = [name]
        while words not in met[-1]:
            assert len(met) < _FAR, f"{words} is not on the way: {met}"
            self.press(key)
            place, _space, name = self._ask(f"leave {place}").partition(" ")
            met.append(name)

    def quit(self) -> int:
        """Leave the program by its key; return its exit code."""
        self.press("ctrl+q")
        return self.program.wait(PATIENCE)

    def _ask(self, line: str) -> str:
        assert self._eyes.stdin is not None
        assert self._eyes.stdout is not None
        self._eyes.stdin.write(f"{line}\n")
        self._eyes.stdin.flush()
        said = self._eyes.stdout.readline().rstrip("\n")
        assert not said.startswith("shown: "), f"{line}: in vain; {said}"
        return said


@contextmanager
def started(
    words: list[str], env: dict[str, str], runtime: Path, errors: IO[bytes] | None = None
) -> Iterator[Seen]:
    """Start a program with eyes on it, and a folder for what its session leaves; all end with the block."""
    if reason := refusal():
        pytest.skip(reason)
    runtime.mkdir(0o700, exist_ok=True)
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"], env={**os.environ, **_own(runtime)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert daemon.stdout is not None
    own = _own(runtime) | {"DBUS_SESSION_BUS_ADDRESS": daemon.stdout.readline().strip()}
    program = subprocess.Popen(
        words, env={**env, **own, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}, stderr=errors
    )
    eyes = subprocess.Popen(
        [PYTHON, str(HERE / "eyes.py"), str(program.pid), str(PATIENCE)], env={**os.environ, **own},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        if "WAYLAND_DISPLAY" not in env:
            xdotool("search", "--sync", "--onlyvisible", "--pid", str(program.pid), "--name", "gomedic")
        yield Seen(program, eyes)
    finally:
        _end(eyes, program, daemon)


def _own(runtime: Path) -> dict[str, str]:
    return {"XDG_RUNTIME_DIR": str(runtime), "GSETTINGS_BACKEND": "memory"}


def _end(*processes: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    """End processes with whatever they started; the window would first wait for its work."""
    for each in processes:
        children = psutil.Process(each.pid).children(recursive=True) if each.poll() is None else ()
        for child in children:
            child.kill()
        each.terminate()
        each.communicate(timeout=PATIENCE)
