"""The real program on a Wayland desktop, with no X display at all: Weston without a screen, drawn by the processor."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gomedic_gui.app import DESKTOP_FILE
from gui.seeing import PATIENCE, started
from gui.test_end_to_end import PROGRAM, patient

__all__ = ["patient"]  # a fixture
ROOM = "--width=1600", "--height=1000", "--scale=2"


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir(0o700)
    return folder


@pytest.fixture
def desktop(runtime: Path) -> Iterator[dict[str, str]]:
    """What a session on Weston has in its environment; two pixels stand for one."""
    if shutil.which("weston") is None:
        pytest.skip("weston is missing (apt install weston)")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("DISPLAY", "QT_QPA"))}
    env = bare | {"XDG_RUNTIME_DIR": str(runtime), "WAYLAND_DISPLAY": "ours"}
    headless = ("--backend=headless-backend.so", "--use-pixman", "--socket=ours", "--no-config", *ROOM)
    weston = subprocess.Popen(
        ["weston", *headless], env=env, stderr=subprocess.STDOUT, stdout=subprocess.PIPE
    )
    try:
        assert weston.stdout is not None
        assert any(b"launching" in line for line in weston.stdout), "Weston did not start"
        yield env
    finally:
        weston.terminate()
        weston.communicate(timeout=PATIENCE)


def test_the_window_on_wayland(patient: Path, desktop: dict[str, str], runtime: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-c", PROGRAM, str(patient), "/usr/local/bin:/usr/bin:/bin"]
    log = tmp_path / "protocol"
    with log.open("wb") as said, started(words, desktop | {"WAYLAND_DEBUG": "1"}, runtime, said) as seen:
        seen.see("Go works, but may surprise you.", "Fix this:")
        second = subprocess.run(
            words, env=desktop, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert second.returncode == 0, second.stderr
        assert second.stdout == "The window that is open already was brought to the front.\n"
        seen.program.terminate()
        assert seen.program.wait(PATIENCE) == 0
    protocol = log.read_text(errors="replace")
    assert f'.set_app_id("{DESKTOP_FILE}")' in protocol
    assert '.set_title("gomedic")' in protocol
    assert ".set_buffer_scale(2)" in protocol, "drawn in the pixels of the screen"
