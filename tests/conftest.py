"""What all tests share: a home of their own, a door to it, and the rule that they leave no process behind."""

import ctypes
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from gomedic.host import Host
from gomedic.model import Account

# The tests' outcome must not depend on who runs them, or where.
for _name in [name for name in os.environ if name.startswith(("LC_", "LANGUAGE", "XDG_", "GO", "GIT_"))]:
    if not _name.startswith("GOMEDIC_"):  # how many faults to try, and where archives lie
        del os.environ[_name]
os.environ["LANG"] = "C.UTF-8"
if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

BuildHost = Callable[..., Host]
_PR_SET_CHILD_SUBREAPER = 36
_PATH = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A new account's home: the start-up files of /etc/skel and nothing else."""
    folder = tmp_path / "home"
    shutil.copytree("/etc/skel", folder)
    return folder


@pytest.fixture
def host(home: Path) -> BuildHost:
    """Build the door to a machine whose account lives in `home`: `host()`, `host(other_home, LANG="zh_CN.UTF-8")`."""

    def build(
        folder: Path = home, /, *, shell: str = "/bin/bash", cwd: Path | None = None, **env: str
    ) -> Host:
        account = Account("gus", os.getuid(), os.getgid(), str(folder), shell, str(folder))
        whole = {
            "HOME": str(folder), "USER": "gus", "LOGNAME": "gus", "SHELL": shell,
            "PATH": _PATH, "LANG": "C.UTF-8", "TERM": "dumb", **env,
        }  # fmt: skip
        return Host(whole, str(cwd or folder), account)

    return build


@pytest.fixture
def display() -> str:
    """The X display that windows really show on; `make test` provides one, without it the test is skipped."""
    name = os.environ.get("DISPLAY")
    if not name:
        pytest.skip("no X display: start the tests with `make test`")
    return name


@pytest.fixture(scope="module", autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail where a module's tests leave a process running, daemons included: orphans become ours (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = set(_running())
    yield
    left = _still_running(before, patience=2)
    described = [_describe(process) for process in left]
    for process in left:
        process.kill()
    assert described == [], "these processes were left running"


def _still_running(before: set[psutil.Process], patience: float) -> list[psutil.Process]:
    """Return what runs besides `before` after so many seconds; one that ends may leave children of its own."""
    deadline = time.monotonic() + patience
    while (
        new := [process for process in _running() if process not in before]
    ) and time.monotonic() < deadline:
        psutil.wait_procs(new, timeout=max(0.0, deadline - time.monotonic()))
    return new


def _running() -> list[psutil.Process]:
    mine = psutil.Process().children(recursive=True)
    return [process for process in mine if process.is_running() and _status(process) != psutil.STATUS_ZOMBIE]


def _status(process: psutil.Process) -> str:
    try:
        return process.status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_ZOMBIE


def _describe(process: psutil.Process) -> str:
    try:
        return f"{process.pid}: {' '.join(process.cmdline())}"
    except psutil.Error:
        return f"{process.pid}"
