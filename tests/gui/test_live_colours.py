"""The desktop changes its colours while the window is open: heard over a real bus from a real portal, and painted."""

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qVersion

from gui.test_screen_reader import PYTHON, refusal

HERE = Path(__file__).parent
PATIENCE = 30  # seconds
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from PySide6.QtCore import QTimer
from gomedic_gui.app import application
from gomedic_gui.palette import SCHEMES, value
from gomedic_gui.window import Window
from gui.samples import Clinic

app = application("en")
window = Window(Clinic().doctor())
window.show()
window.examine()
told = [""]

def tell():
    corner = window.header.grab().toImage().pixelColor(2, 2).name()
    text = window.tabs.grab().toImage().pixelColor(2, window.tabs.height() - 4).name()
    found = [s for s in SCHEMES if (value("surface", s), value("window", s)) == (corner, text)]
    if found and found[0] != told[0]:
        told[0] = found[0]
        print(found[0], flush=True)

ticking = QTimer(interval=50)
ticking.timeout.connect(tell)
ticking.start()
sys.exit(app.exec())
"""
MORE_CONTRAST = tuple(int(part) for part in (qVersion() or "0.0").split(".")[:2]) >= (6, 10)
Portal = Callable[[str], None]


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A session bus of its own, as an environment that leads to it."""
    if not os.environ.get("DISPLAY"):
        pytest.skip("no X display: start the tests with `make test`")
    if reason := refusal():
        pytest.skip(reason)
    words = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    daemon = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    tmp_path.chmod(0o700)
    theirs = {name: text for name, text in os.environ.items() if name != "GOMEDIC_COLOURS"}
    yield theirs | {
        "DBUS_SESSION_BUS_ADDRESS": address, "XDG_CURRENT_DESKTOP": "GNOME", "XDG_RUNTIME_DIR": str(tmp_path),
        "NO_AT_BRIDGE": "1",
    }  # fmt: skip
    daemon.terminate()
    daemon.communicate(timeout=PATIENCE)


@pytest.fixture
def portal(bus: dict[str, str]) -> Iterator[Portal]:
    """Change a setting of the desktop."""
    words = [PYTHON, str(HERE / "portal.py")]
    started = subprocess.Popen(words, env=bus, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdin is not None
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"

    def change(setting: str) -> None:
        assert started.stdin is not None
        started.stdin.write(f"{setting}\n")
        started.stdin.flush()

    yield change
    started.communicate(timeout=PATIENCE)


@pytest.fixture
def painted(bus: dict[str, str], portal: Portal) -> Iterator[Callable[[], str]]:
    """Return which scheme the window comes to be painted in."""
    words = [sys.executable, "-c", PROGRAM, str(HERE.parent)]
    started = subprocess.Popen(words, env=bus, stdout=subprocess.PIPE, text=True)

    def next_scheme() -> str:
        assert started.stdout is not None
        ready, _, _ = select.select([started.stdout], [], [], PATIENCE)
        assert ready, "the window stays in its colours"
        return started.stdout.readline().strip()

    yield next_scheme
    started.terminate()
    started.communicate(timeout=PATIENCE)


def test_light_and_dark_follow_the_desktop_while_the_window_is_open(
    portal: Portal, painted: Callable[[], str]
) -> None:
    assert painted() == "light"
    portal("color-scheme 1")
    assert painted() == "dark"
    portal("color-scheme 2")
    assert painted() == "light"


@pytest.mark.skipif(not MORE_CONTRAST, reason="Qt hears of contrast from 6.10 on")
def test_high_contrast_follows_the_desktop_while_the_window_is_open(
    portal: Portal, painted: Callable[[], str]
) -> None:
    assert painted() == "light"
    portal("contrast 1")
    assert painted() == "contrast"
    portal("color-scheme 1")
    assert painted() == "contrast-dark"
    portal("contrast 0")
    assert painted() == "dark"
