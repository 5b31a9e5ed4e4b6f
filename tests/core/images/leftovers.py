"""What a check of an image could leave: processes that run what is in the image, and copies of it."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import psutil

_COPY = re.compile(r'"folder": "([^"]*/gomedic-image-[^"]*)"')


def marked(mark: str) -> list[str]:
    """Return the processes that have `mark` in their environment."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            environ = Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            continue
        if mark.encode() in environ:
            found.append(pid)
    return found


def copies_of(pid: int) -> list[str]:
    """Return the copies of images that a process has laid out, as the processes say that are to remove them."""
    told = (" ".join(words_of(child)) for child in psutil.Process(pid).children(recursive=True))
    return [found[1] for words in told if (found := _COPY.search(words))]


def workers_of(pid: int) -> list[psutil.Process]:
    """Return the processes that check images for a process."""
    return [child for child in psutil.Process(pid).children() if '"what": "work"' in words_of(child)[-1:][0]]


def words_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline() or [""]
    except psutil.Error:
        return [""]


def until(met: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that a process other than ours brings about."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
