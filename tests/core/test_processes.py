"""Programs are run in bounded time and space, and nothing of them is left."""

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from gomedic import processes
from gomedic.processes import Ended, run

ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def sh(script: str, **options: object) -> Ended:
    return run(["/bin/sh", "-c", script], ENV, **options)  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    """Tell whether a process ends within a moment: it was killed, but that takes effect later."""
    try:
        psutil.Process(pid).wait(timeout=3)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


def test_what_a_program_writes_and_how_it_ends_is_told() -> None:
    ended = sh("echo out; echo err >&2; exit 7")
    assert (ended.code, ended.out, ended.err, ended.timed_out) == (7, b"out\n", b"err\n", False)
    assert sh("kill -9 $$").code == -signal.SIGKILL


def test_a_program_gets_this_environment_and_folder_alone(tmp_path: Path) -> None:
    ended = run(["/usr/bin/env"], {"A": "\udcff"}, cwd=str(tmp_path))
    assert ended.out == b"A=\xff\n"
    assert sh("pwd", cwd=str(tmp_path)).out == os.fsencode(tmp_path) + b"\n"


def test_channels_come_apart_from_output() -> None:
    ended = sh(
        "echo a >&2; echo b; echo c >/proc/self/fd/@env@; echo d >/proc/self/fd/@trace@",
        channels=("env", "trace"),
    )
    assert (ended.out, ended.channels) == (b"b\n", {"env": b"c\n", "trace": b"d\n"})
    assert int(sh("echo @env@", channels=("env",)).out) >= 100


def test_what_is_beyond_a_cap_is_dropped() -> None:
    ended = sh("head -c 3000000 /dev/zero; echo end >&2", caps={"out": 1000})
    assert (ended.code, len(ended.out), ended.err) == (0, 1000, b"end\n")


def test_stdin_is_what_was_given_and_then_ends() -> None:
    assert sh("cat; echo end", stdin=b"hello\n").out == b"hello\nend\n"
    assert sh("cat; echo end").out == b"end\n"
    assert len(sh("cat", stdin=b"x" * 9999).out) == 4096


def test_a_program_has_a_process_session_and_no_terminal() -> None:
    ended = sh("echo $$; ps -o sid= -p $$; tty; cat </dev/tty")
    pid, sid = ended.out.split()[:2]
    assert pid == sid
    assert b"not a tty" in ended.out
    assert ended.code != 0


@pytest.mark.parametrize(
    "script", ["sleep 1000", "while :; do :; done", "kill -STOP $$", "trap '' TERM HUP; sleep 1000"]
)
def test_what_hangs_is_stopped_in_time(script: str) -> None:
    begun = time.monotonic()
    ended = sh(script, timeout=0.4)
    assert (ended.timed_out, ended.code) == (True, -signal.SIGKILL)
    assert time.monotonic() - begun < 5


DAEMONS = [
    "sleep 1000 & echo $!",
    "sleep 1000 >/dev/null 2>&1 & echo $!",
    "setsid sleep 1000 >/dev/null 2>&1 & echo $!",
    "setsid sh -c 'echo $$; exec sleep 1000'",
    "( ( sleep 1000 & echo $! ) & )",
    "setsid sh -c 'setsid sleep 1000 & echo $!' & sleep 0.2",
]


@pytest.mark.parametrize("script", DAEMONS)
def test_no_daemon_is_left(script: str) -> None:
    ended = sh(script, timeout=1.0)
    assert gone(int(ended.out.split()[0]))


def test_output_is_not_awaited_from_what_a_program_leaves_behind() -> None:
    begun = time.monotonic()
    ended = sh("echo early; sleep 1000 & exit 3", timeout=20)
    assert (ended.code, ended.out, ended.timed_out) == (3, b"early\n", False)
    assert time.monotonic() - begun < 5


def test_a_run_can_be_cancelled() -> None:
    cancelled = threading.Event()
    threading.Timer(0.2, cancelled.set).start()
    ended = sh("sleep 1000", timeout=20, cancelled=cancelled)
    assert (ended.cancelled, ended.timed_out, ended.seconds < 5) == (True, False, True)


@pytest.mark.parametrize("argv", [["/nowhere/program"], ["/etc/passwd"], ["/bin/sh\0"]])
def test_what_cannot_be_started_raises(argv: list[str]) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises((OSError, ValueError)):
        run(argv, ENV)
    assert len(os.listdir("/proc/self/fd")) == before


def test_no_descriptor_is_left_open() -> None:
    sh("true", channels=("env",))
    before = sorted(os.listdir("/proc/self/fd"))
    for _number in range(5):
        sh("echo x >&2", channels=("env", "trace"), stdin=b"x")
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_a_held_program_stays_until_it_is_let_go() -> None:
    holder = processes.hold(["/bin/sh", "-c", "echo ready; sleep 1000 & exec cat"], ENV, b"ready")
    assert holder is not None
    assert psutil.Process(holder.pid).is_running()
    children = psutil.Process(holder.pid).children()
    processes.let_go(holder)
    assert gone(holder.pid)
    assert all(gone(child.pid) for child in children)


def test_a_held_program_that_is_not_ready_is_none() -> None:
    assert processes.hold(["/bin/sh", "-c", "echo no; sleep 1000"], ENV, b"ready") is None
    assert processes.hold(["/bin/sh", "-c", "sleep 1000"], ENV, b"ready", timeout=0.2) is None
    assert processes.hold(["/nowhere/program"], ENV, b"ready") is None


def test_many_at_once_do_not_kill_one_another() -> None:
    results: list[Ended] = []
    threads = [
        threading.Thread(target=lambda: results.append(sh("sleep 0.2 & sleep 0.3; echo x"))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(ended.code, ended.out) for ended in results] == [(0, b"x\n")] * 6
