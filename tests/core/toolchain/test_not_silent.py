"""Long commands as a teaching platform runs them: something is printed at least every 10 s, whatever is slow."""

import os
import selectors
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from campus import VERSION, Campus, file_name, go_members, packed
from werkzeug import Request, Response

from gomedic import placing, repair
from gomedic.model import Fix
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain.install import Staged, install

NEWER = f"{VERSION}2"
LONGEST = 10.0  # seconds
WATCHED = 21.0  # seconds: two silences must be broken
SLOW = ("install", "bundle")  # by the mirror; the others by a start-up file


class Heard(NamedTuple):
    first: float  # seconds until something was printed
    silence: float  # seconds, the longest after that
    seconds: float  # that it ran, as long as it was listened to
    said: str


def heard(words: tuple[str, ...], cwd: Path, env: dict[str, str]) -> Heard:
    """Run gomedic for a while, and measure between what it prints."""
    command = [sys.executable, "-m", "gomedic.cli", *words]
    said, first, silence = b"", WATCHED, 0.0
    with (
        subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process,
        selectors.DefaultSelector() as selector,
    ):
        assert process.stdout is not None
        selector.register(process.stdout, selectors.EVENT_READ)
        begun = last = time.monotonic()
        while time.monotonic() - begun < WATCHED:
            ready = selector.select(WATCHED - (time.monotonic() - begun))
            if said:
                silence = max(silence, time.monotonic() - last)
            last = time.monotonic()
            if not ready or not (piece := os.read(process.stdout.fileno(), 1 << 16)):
                break
            first = first if said else last - begun
            said += piece
        seconds = time.monotonic() - begun
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    return Heard(first, silence, seconds, said.decode())


@pytest.fixture
def slow(campus: Campus) -> Iterator[Callable[[], None]]:
    """A campus whose newer release comes at 1 kB a second, and an account that has an older one."""
    over = threading.Event()
    data = packed(go_members(NEWER))
    *_, ready = install(campus.host, read_settings(campus.host), VERSION, try_it=False)
    assert isinstance(ready, Staged)
    list(repair.apply(campus.host, "x@y", Fix("f", Message("F")), placing.steps(campus.host, ready, ())))
    campus.publish(data, NEWER)

    def trickle(_request: Request) -> Response:
        def pieces() -> Iterator[bytes]:
            for at in range(0, len(data), 1000):
                yield data[at : at + 1000]
                if over.wait(1):
                    return

        return Response(pieces(), 200, {"Content-Length": str(len(data))})

    campus.answers[file_name(NEWER)] = trickle
    yield over.set
    over.set()


def test_no_long_command_is_silent_for_long(campus: Campus, slow: Callable[[], None], tmp_path: Path) -> None:
    """All at the same time, for the waiting costs nothing; what starting costs then is measured beside them."""
    env = {**campus.host.env, "PYTHONPATH": os.pathsep.join(sys.path)}
    other = shutil.copytree(campus.host.home, tmp_path / "other", symlinks=True)
    Path(other, ".bashrc").write_text("sleep 30\n")
    commands = {
        "install": ("toolchain", "install", NEWER, "--yes"),
        "bundle": ("bundle", "create", NEWER, "-o", str(tmp_path / "x.bundle")),
        "verify": ("toolchain", "verify", VERSION),
        "remove": ("toolchain", "remove", VERSION, "--yes"),
        "starting": ("--help",),
    }
    found: dict[str, Heard] = {}
    threads = [
        threading.Thread(
            target=lambda name=name, words=words: found.update(
                {name: heard(words, tmp_path, env if name in SLOW else {**env, "HOME": str(other)})}
            )
        )
        for name, words in commands.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WATCHED)
    slow()
    for thread in threads:
        thread.join()
    starting = found.pop("starting").seconds
    for name, what in found.items():
        print(name, *what)
        assert what.seconds > LONGEST or name not in SLOW, (name, what)
        assert what.silence < LONGEST + starting, (name, starting, what)
        assert what.first < LONGEST + starting, (name, starting, what)
