"""Started by test_faults.py: forks a child for each act it is told on standard input, which dies where it is told to.

A line is HOME ACT AT: the child dies at the AT-th thing it does to a file (0: it lives). The answer is one line:
the signal that ended it, or else how many such things it did. "next" is what the next command does first.
"""

import os
import signal
import sys
from typing import Any

from campus import VERSION

from gomedic import doctor, placing, repair
from gomedic.facts import Facts
from gomedic.fixes.install import leave_steps, switch_steps
from gomedic.host import Host
from gomedic.model import Account, Fix, Origin, PathEntry, Session, Step
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain.command import installed_path, steps_to_remove
from gomedic.toolchain.install import install
from gomedic.toolchain.staging import sweep

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


class Counter:
    """Counts what is done to files, and dies at the number that was asked for."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.count = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _CHANGES or (event == "open" and not _writes(arguments)):
            return
        self.count += 1
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
    return (*leave_steps(host, facts, root), *steps_to_remove(host, version))


def do(host: Host, act: str) -> None:
    if act == "next":
        list(repair.roll_back_interrupted(host))
        sweep(host, os.path.join(host.data_folder, "toolchains"))
    elif act == "undo":
        list(doctor.take_back(host))
    elif act.startswith("install:"):
        *_, ready = install(host, read_settings(host), act.removeprefix("install:"), try_it=False)
        assert not isinstance(ready, doctor.Progress)
        list(repair.apply(host, "x@y", _FIX, placing.steps(host, ready, sessions(host))))
        placing.let_go(host, ready)
    else:
        list(repair.apply(host, "x@y", _FIX, steps_of(host, act)))


def child(home: str, act: str, at: int, answer: int) -> None:
    counter = Counter(at)
    host = host_of(home)
    sys.addaudithook(counter)
    do(host, act)
    os.write(answer, str(counter.count).encode())


def serve(line: str) -> str:
    home, act, at = line.split("\t")
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            child(home, act, int(at), writing)
            code = 0
        except Exception as error:  # noqa: BLE001 - told to the test
            os.write(writing, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(pid, 0)
    return f"killed {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else said.replace("\n", " ")


if __name__ == "__main__":
    print(VERSION, flush=True)
    for command in sys.stdin:
        print(serve(command.rstrip("\n")), flush=True)
