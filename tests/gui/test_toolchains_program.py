"""A toolchain installed, cancelled half-way, resumed and taken back in the real program, by keys alone."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug import Request, Response

from gomedic.host import Host
from gui.seeing import Seen, started
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
NAME = "Go 1.27.1-campus2"


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
def seen(account: Host, campus: Campus, display: str, tmp_path: Path) -> Iterator[Seen]:
    """The whole program in a process of its own, its first examination done."""
    words = [sys.executable, "-c", PROGRAM, account.home, account.env["http_proxy"]]
    with started(words, {**os.environ}, tmp_path / "run") as opened:
        opened.see("Go is not installed on this computer.", "1 problem")
        yield opened


def install(seen: Seen) -> None:
    """Choose the first release that the campus lists, and agree to its plan."""
    seen.press("ctrl+3")
    seen.see(NAME)
    seen.press("Home", "Down", "Down")
    seen.see("not Google's, listed by campus", "Install…")
    seen.press("Return")
    seen.see("This is what would be done", "What changes: Change ", "Install")
    seen.press("alt+i")


def test_by_keys_alone(account: Host, campus: Campus, half: threading.Event, seen: Seen) -> None:
    cache, place = Path(account.cache_folder, "downloads"), Path(account.data_folder, "toolchains")
    install(seen)
    seen.see(" MB")  # of a download that is on its way
    seen.press("Escape")
    seen.see("Stopped. Everything is as it was.")
    assert _is_unlocked(cache)
    assert not place.exists(), "everything is as it was"
    del campus.answers[file_name(TWO)]
    half.set()
    campus.asked.clear()
    install(seen)
    seen.see(f"{NAME} is installed.", "Take it back")
    assert (place / "current").exists()
    assert any(wanted for name, wanted in campus.asked if name == file_name(TWO)), "it went on from there"
    seen.press("ctrl+z")
    seen.see("Taken back:")
    assert not (place / "current").exists()
    assert seen.quit() == 0


def _is_unlocked(cache: Path) -> bool:
    """Tell whether no process fetches into the cache any more."""
    part = next(cache.glob("*.part"))
    return subprocess.run(["flock", "--nonblock", part, "true"], check=False).returncode == 0
