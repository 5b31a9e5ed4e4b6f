"""Started by test_faults.py: forks a child for each act it is told on standard input, which dies where it is told to.

A line is HOME ACT WHEN. The child dies at the WHEN-th thing it does to a file, or WHEN (like 0.0123s) after it has
begun; with 0 it lives. The answer is one line: the signal that ended it, or else how many such things it did; with
`journal` the numbers of those that it did to the journal. "next" is what the next command does first.
"""

import contextlib
import os
import select
import signal
import sys
from typing import Any

from campus import VERSION

from gomedic import doctor, placing, processes, repair
from gomedic.facts import Facts
from gomedic.fixes.install import leave_steps, switch_steps
from gomedic.host import Host
from gomedic.model import Account, Fix, Origin, PathEntry, Receipt, Session, Step
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain.command import installed_path, steps_to_remove
from gomedic.toolchain.install import install
from gomedic.toolchain.staging import forget, sweep

_CHANGES = {
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.remove",
    "os.symlink",
    "os.link",
    "os.chmod",
    "os.utime",
    "open",
}
_FIX = Fix("install", Message("F"))
_BEGUN = b"\n"


class Counter:
    """Counts what is done to files, and dies at the number that was asked for."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.count = 0
        self.journaled: list[int] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _CHANGES or (event == "open" and not _writes(arguments)):
            return
        self.count += 1
        if "/.local/state/" in str(arguments[0]):
            self.journaled.append(self.count)
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def _writes(arguments: tuple[Any, ...]) -> bool:
    return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_DIRECTORY))


def host_of(home: str) -> Host:
    nobody = "http://127.0.0.1:9"
    env = {"HOME": home, "PATH": "/usr/bin:/bin", "http_proxy": nobody, "https_proxy": nobody}
    return Host(env, home, Account("gus", os.getuid(), os.getgid(), home, "/bin/bash", home))


def sessions(host: Host) -> list[Session]:
    """Return a terminal as the start-up file now makes it, without starting one."""
    file = os.path.join(host.home, ".bashrc")
    entry = f"{host.data_folder}/toolchains/current/bin"
    there = "toolchains/current/bin" in (host.text(file) or "")
    path = (PathEntry(entry, True, Origin(file)),) if there else ()
    return [Session("terminal", "/bin/bash", "ok", 0.1, path=path, files=(file,))]


def steps_of(host: Host, act: str) -> tuple[Step, ...]:
    name, _, version = act.partition(":")
    facts, root = Facts(host, sessions(host)), installed_path(host, version)
    if name == "use":
        return switch_steps(facts, root)
    assert name in ("remove", "purge")
    return (*leave_steps(host, facts, root), *steps_to_remove(host, version))


def do(host: Host, act: str) -> None:
    if act == "next":
        list(repair.roll_back_interrupted(host))
        sweep(host, os.path.join(host.data_folder, "toolchains"))
    elif act == "undo":
        list(doctor.take_back(host))
    elif act.startswith(("install:", "try:")):
        name, _, version = act.partition(":")
        *_, ready = install(host, read_settings(host), version, try_it=name == "try")
        assert not isinstance(ready, doctor.Progress)
        list(repair.apply(host, "x@y", _FIX, placing.steps(host, ready, sessions(host))))
        placing.let_go(host, ready)
    else:
        *_, receipt = repair.apply(host, "x@y", _FIX, steps_of(host, act))
        assert isinstance(receipt, Receipt)
        if act.startswith("purge:"):
            forget(host, receipt)


def child(home: str, act: str, when: str, answer: int) -> None:
    counter = Counter(int(when) if when.isdigit() else 0)
    host = host_of(home)
    sys.addaudithook(counter)
    os.write(answer, _BEGUN)
    do(host, act)
    said = ",".join(map(str, counter.journaled)) if when == "journal" else str(counter.count)
    os.write(answer, said.encode())


def serve(line: str) -> str:
    home, act, when = line.split("\t")
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            child(home, act, when, writing)
            code = 0
        except Exception as error:  # noqa: BLE001 - told to the test
            os.write(writing, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        begun = when.endswith("s") and pipe.read(1) == _BEGUN
        if begun and not select.select([pipe], [], [], float(when[:-1]))[0]:
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        _wait_for_orphans()
        said = b"" if os.WIFSIGNALED(status) else pipe.read()
    return (
        f"killed {os.WTERMSIG(status)}"
        if os.WIFSIGNALED(status)
        else said.decode().strip().replace("\n", " ")
    )


def _wait_for_orphans() -> None:
    """Wait for what a killed child had started: as long as that runs, it may write where it works."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


if __name__ == "__main__":
    processes._become_subreaper()
    print(VERSION, flush=True)
    for command in sys.stdin:
        print(serve(command.rstrip("\n")), flush=True)
