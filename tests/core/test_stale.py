"""Processes that were started before a start-up file was changed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gomedic.checks.stale_session_env import CHECK
from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.model import GoCommand, Origin, PathEntry, Session
from gomedic.probes.running import Running

BuildHost = Callable[..., Host]
OLD = GoCommand("/usr/bin/go", "/usr/bin/go", "go1.19.8", "/usr/lib/go")
NEW = GoCommand("/opt/go/bin/go", "/opt/go/bin/go", "go1.22.10", "/opt/go")
CHANGED = 1000.0  # seconds since the epoch


@pytest.fixture
def bashrc(home: Path) -> str:
    os.utime(home / ".bashrc", (CHANGED, CHANGED))
    return str(home / ".bashrc")


def running(
    pid: int, parent: int, *, editor: bool = True, go: GoCommand = OLD, started: float = 1.0
) -> Running:
    session = Session(f"process:{pid}", "code", "ok", 0.0, go=go, label=f"code --number {pid}")
    return Running(session, pid, started, editor, parent)


def families(host: Host, bashrc: str, *processes: Running) -> set[tuple[str, ...]]:
    """Return the processes that each finding names."""
    path = (PathEntry("/opt/go/bin", True, Origin(bashrc, 1, "PATH=/opt/go/bin")),)
    fresh = Session("terminal", "/bin/bash", "ok", 0.1, path, go=NEW, files=(bashrc,))
    facts = Facts(host, [fresh])
    facts.__dict__["running"] = processes  # what is probed once
    return {tuple(sorted(finding.sessions)) for finding in CHECK.run(facts)}


def test_an_editor_and_what_it_started_are_one_finding(host: BuildHost, bashrc: str) -> None:
    found = families(host(), bashrc, running(12, 11), running(11, 10), running(10, 1), running(20, 1))
    assert found == {("process:10", "process:11", "process:12"), ("process:20",)}


def test_a_shell_in_an_editor_is_told_apart(host: BuildHost, bashrc: str) -> None:
    found = families(host(), bashrc, running(10, 1), running(11, 10, editor=False))
    assert found == {("process:10",), ("process:11",)}


def test_processes_of_today_are_passed_over(host: BuildHost, bashrc: str) -> None:
    later, same = running(10, 1, started=CHANGED + 1), running(11, 1, go=NEW)
    assert families(host(), bashrc, later, same) == set()
