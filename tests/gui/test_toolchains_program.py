"""A toolchain installed, cancelled half-way, resumed and taken back in the real program, by keys alone."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug import Request, Response

from gomedic.host import Host
from gui.test_end_to_end import press_until, xdotool
from gui.toolchains import TWO, Campus, account, campus, file_name, signer

__all__ = ["account", "campus", "signer"]  # fixtures
PROGRAM = """
import os, sys
from gomedic.host import Host
from gomedic.model import Account
from gomedic_gui.app import main

home, proxy = sys.argv[1:]
env = {"HOME": home, "USER": "gus", "LOGNAME": "gus", "SHELL": "/bin/bash", "PATH": "/usr/local/bin:/usr/bin:/bin",
       "TERM": "dumb", "http_proxy": proxy, "https_proxy": proxy}
sys.exit(main(Host(env, home, Account("gus", os.getuid(), os.getgid(), home, "/bin/bash", home)), "en"))
"""
INSTALL = ("ctrl+3", "Home", "Down", "Down", "Return", "alt+i")  # the first release that the campus lists


@pytest.fixture
def half(campus: Campus) -> Iterator[threading.Event]:
    """Let the campus send half of an archive at first, and the rest once the event is set."""
    name, go_on = file_name(TWO), threading.Event()
    data = campus.files[name]

    def body() -> Iterator[bytes]:
        yield data[: len(data) // 2]
        go_on.wait(60)

    def answer(_request: Request) -> Response:
        return Response(body(), 200, {"Content-Length": str(len(data))}, content_type="application/gzip")

    campus.answers[name] = answer
    yield go_on
    go_on.set()


@pytest.fixture
def program(account: Host, campus: Campus, display: str) -> Iterator[subprocess.Popen[bytes]]:
    """The whole program in a process of its own, its window in front."""
    words = [sys.executable, "-c", PROGRAM, account.home, account.env["http_proxy"]]
    started = subprocess.Popen(words)
    try:
        xdotool("search", "--sync", "--onlyvisible", "--pid", str(started.pid), "--name", "gomedic")
        yield started
    finally:
        started.terminate()
        started.wait(60)


def test_by_keys_alone(
    account: Host, campus: Campus, half: threading.Event, program: subprocess.Popen[bytes]
) -> None:
    cache, place = Path(account.cache_folder, "downloads"), Path(account.data_folder, "toolchains")
    press_until(lambda: any(path.stat().st_size for path in cache.glob("*.part")), *INSTALL)
    press_until(lambda: _is_unlocked(cache), "Escape")
    assert not place.exists(), "everything is as it was"
    del campus.answers[file_name(TWO)]
    half.set()
    campus.asked.clear()
    press_until((place / "current").exists, *INSTALL)
    assert any(wanted for name, wanted in campus.asked if name == file_name(TWO)), "it went on from there"
    press_until(lambda: not (place / "current").exists(), "ctrl+z")
    press_until(lambda: program.poll() is not None, "ctrl+q")
    assert program.returncode == 0


def _is_unlocked(cache: Path) -> bool:
    """Tell whether no process fetches into the cache any more."""
    part = next(cache.glob("*.part"))
    return subprocess.run(["flock", "--nonblock", part, "true"], check=False).returncode == 0
