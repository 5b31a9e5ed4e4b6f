"""`gomedic explain --overrides`: the table from the command line, strict JSON, exit codes, and nothing left behind."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from go_trees import write_go
from made_up import GOMEDIC, Machine
from schema import Origin
from started import snapshot

WAYS = {
    "export-path", "export-goroot", "export-gotoolchain", "link", "alias", "go-env-goroot", "go-env-gotoolchain", "golang-dl",
}  # fmt: skip


class Go(Struct, forbid_unknown_fields=True):
    path: str
    version: str | None
    root: str | None = None


class Target(Struct, forbid_unknown_fields=True):
    version: str | None
    root: str
    stand_in: bool


class Session(Struct, forbid_unknown_fields=True):
    kind: str
    shell: str
    state: str
    expected: bool
    go: Go | None


class Outcome(Struct, forbid_unknown_fields=True):
    kind: str
    state: str
    already: bool
    go: Go | None
    reason: str | None = None
    origin: Origin | None = None


class Way(Struct, forbid_unknown_fields=True):
    id: str
    by: str
    title: str
    how: list[str]
    tried: bool
    outcomes: list[Outcome]
    note: str | None = None


class Document(Struct, forbid_unknown_fields=True):
    schema: int
    what: str
    target: Target
    sessions: list[Session]
    ways: list[Way]
    best: str | None
    notes: list[str]


@pytest.fixture
def classroom(machine: Machine) -> Machine:
    """A home where an older Go runs, with a newer one unpacked beside it."""
    write_go(machine.home / "old", "go1.19.8")
    write_go(machine.home / "go-custom", "go1.22.10")
    with (machine.home / ".bashrc").open("a") as file:
        file.write('export PATH="$HOME/old/bin:$PATH"\n')
    return machine


def test_the_document_is_as_promised_and_nothing_is_changed(classroom: Machine) -> None:
    before = snapshot(classroom.home)
    ran = classroom.gomedic("explain", "--overrides", "--json")
    assert (ran.code, ran.err) == (0, "")
    found = msgspec.json.decode(ran.out, type=Document)
    assert snapshot(classroom.home) == before
    assert found.target.root == str(classroom.home / "go-custom")
    assert {way.id for way in found.ways} >= WAYS
    assert {way.by for way in found.ways} <= {"account", "root", "image"}
    states = {outcome.state for way in found.ways for outcome in way.outcomes}
    assert states <= {"works", "fails", "untried"}
    kinds = [session.kind for session in found.sessions]
    assert all([outcome.kind for outcome in way.outcomes] == kinds for way in found.ways)


def test_the_table_is_there_in_both_languages(classroom: Machine) -> None:
    english = classroom.gomedic("explain", "--overrides", "--session", "terminal")
    assert english.code == 0
    assert "What you can do yourself" in english.out
    chinese = classroom.gomedic(
        "explain", "--overrides", "--session", "terminal", env=classroom.env(LANG="zh_CN.UTF-8")
    )
    assert "您自己可以做的" in chinese.out
    assert [english.out.count(mark) for mark in "✓✗"] == [chinese.out.count(mark) for mark in "✓✗"]


@pytest.mark.parametrize("words", [(), ("go", "--overrides"), ("--overrides", "--session", "nowhere")])
def test_wrong_usage_is_2(classroom: Machine, words: tuple[str, ...]) -> None:
    ran = classroom.gomedic("explain", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_a_cancelled_trial_leaves_nothing(classroom: Machine, tmp_path: Path) -> None:
    """The start-up file tells whenever a shell starts; the second dozen of shells is in the midst of the trials."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with (classroom.home / ".bashrc").open("a") as file:
            file.write(f": >/dev/tcp/127.0.0.1/{listening.getsockname()[1]}\n")
        before = snapshot(classroom.home)
        running = _started(classroom, TMPDIR=str(scratch))
        for _shell in range(24):
            listening.accept()[0].close()
        os.kill(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, out) == (130, b"")
    assert b"Cancelled" in err
    assert list(scratch.iterdir()) == []
    assert snapshot(classroom.home) == before


def _started(machine: Machine, **more: str) -> "subprocess.Popen[bytes]":
    env = [f"{name}={value}" for name, value in machine.env(**more).items()]
    words = machine.words(["/usr/bin/env", "-i", *env, *GOMEDIC, "explain", "--overrides"])
    return subprocess.Popen(
        words, cwd=machine.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
