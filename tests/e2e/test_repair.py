"""explain, fix, undo and history from the command line, on a machine that is really broken."""

import json
from pathlib import Path

import pytest
from msgspec.json import decode

from go_trees import write_go
from made_up import Machine, Ran
from schema import Explained, Treated, Undone, report_of
from started import snapshot

GBK = b"\xd7\xa2\xca\xcd"
HEAD = b"# " + GBK + b"\n"


@pytest.fixture
def broken(machine: Machine) -> Machine:
    """A home with two releases, the older first on PATH, and GBK bytes beside the guilty lines."""
    old, new = write_go(machine.home / "old/go", "go1.19.8"), write_go(machine.home / "new/go", "go1.22.10")
    lines = [
        f"export PATH={old}/bin:/usr/bin:/bin",
        'export PATH="$PATH:' + f'{new}/bin"',
        "alias ll='ls -l'",
    ]
    (machine.home / ".bashrc").write_bytes(HEAD + "\n".join(lines).encode())
    (machine.home / ".profile").write_text(". ~/.bashrc\n")
    return machine


def own_files(home: Path) -> dict[str, tuple[int, bytes]]:
    """Return what lies in the home, but for the folder of our own receipts and the folders made for it."""
    return {name: value for name, value in snapshot(home).items() if not name.startswith(".local")}


def contents(home: Path) -> dict[str, bytes]:
    return {name: content for name, (_time, content) in own_files(home).items()}


def sentence(ran: Ran) -> str:
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    return ran.err.strip()


def test_explain_shows_the_ladder_with_the_winner(broken: Machine) -> None:
    home = broken.home
    document = decode(broken.gomedic("explain", "go", "--session", "terminal", "--json").out, type=Explained)
    (session,) = document.sessions
    assert document.what == "go"
    assert isinstance(session["go"], dict)
    assert session["go"]["path"] == f"{home}/old/go/bin/go"
    text = broken.gomedic("explain", "go", "--session", "terminal").out
    assert f"▶  1  {home}/old/go/bin   this one runs: go1.19.8" in text
    assert f"{home}/.bashrc:2" in text
    assert f"{home}/new/go/bin   a go that is never reached: go1.22.10" in text
    assert f"{home}/.bashrc:3" in text


def test_explain_tells_a_variable_and_where_it_is_not_set(broken: Machine) -> None:
    (broken.home / ".bashrc").write_text("export GOFLAGS=-mod=mod\nGOBIN=/x\n")
    assert f"GOFLAGS=-mod=mod\n    {broken.home}/.bashrc:1" in broken.gomedic("explain", "GOFLAGS").out
    assert "set in the shell, but not exported" in broken.gomedic("explain", "GOBIN").out
    assert "not set" in broken.gomedic("explain", "GOTMPDIR").out


def test_a_dry_run_shows_the_plan_and_changes_nothing(broken: Machine) -> None:
    before = snapshot(broken.home)
    ran = broken.gomedic("fix", "shadowed-by-older-go", "--dry-run")
    assert ran.code == 0
    assert "+++ " in ran.out
    assert "\\xca\\xcd" in ran.out
    plan = json.loads(broken.gomedic("fix", "shadowed-by-older-go", "--dry-run", "--json").out)
    assert plan["plan"][0]["steps"][0]["path"] == f"{broken.home}/.bashrc"
    assert snapshot(broken.home) == before


def test_a_fix_is_applied_and_taken_back_byte_for_byte(broken: Machine) -> None:
    before = contents(broken.home)
    ran = broken.gomedic("fix", "shadowed-by-older-go", "--yes", "--json")
    assert (ran.code, ran.err) == (0, "")
    treated = decode(ran.out, type=Treated)
    assert not treated.taken_back
    assert any(name.startswith("shadowed-by-older-go@") for name in treated.before)
    assert not any(name.startswith("shadowed-by-older-go@") for name in treated.after)
    report = report_of(broken.gomedic("check", "--json").out)
    go = report.session("terminal").go
    assert go is not None
    assert go.version == "go1.22.10"
    assert GBK in (broken.home / ".bashrc").read_bytes()
    assert (broken.home / ".bashrc").read_bytes().endswith(b"alias ll='ls -l'")  # no line feed was added
    history = json.loads(broken.gomedic("history", "--json").out)
    assert [receipt["id"] for receipt in history["receipts"]] == [treated.receipt]
    undone = decode(broken.gomedic("undo", "--yes", "--json").out, type=Undone)
    assert (undone.receipt, undone.conflicts) == (treated.receipt, [])
    assert contents(broken.home) == before


def test_undo_never_overwrites_what_was_changed_since(broken: Machine) -> None:
    assert broken.gomedic("fix", "shadowed-by-older-go", "--yes").code == 0
    rc = broken.home / ".bashrc"
    changed = rc.read_bytes() + b"\n# mine\n"
    rc.write_bytes(changed)
    ran = broken.gomedic("undo", "--yes")
    assert ran.code == 4
    assert str(rc) in ran.err
    assert rc.read_bytes() == changed


def test_all_fixes_are_taken_back_at_once(broken: Machine) -> None:
    with (broken.home / ".bashrc").open("ab") as rc:
        rc.write(b"\nexport GOPATH=code/go\n")
    before = contents(broken.home)
    ran = broken.gomedic("fix", "--all", "--yes")
    assert ran.code == 0
    assert "Done: 2 fixes." in ran.out
    assert contents(broken.home) != before
    undone = json.loads(broken.gomedic("undo", "--all", "--yes", "--json").out)
    assert len(undone["receipts"]) == 2
    assert undone["receipt"] == max(undone["receipts"])
    assert undone["conflicts"] == []
    assert contents(broken.home) == before
    assert broken.gomedic("undo", "--all", "--yes").code == 3


def test_what_was_changed_since_stays_when_all_is_taken_back(broken: Machine) -> None:
    assert broken.gomedic("fix", "shadowed-by-older-go", "--yes").code == 0
    rc = broken.home / ".bashrc"
    rc.write_bytes(rc.read_bytes() + b"\n# mine\n")
    changed = rc.read_bytes()
    ran = broken.gomedic("undo", "--all", "--yes")
    assert ran.code == 4
    assert "Stays as it is: " in ran.err
    assert str(rc) in ran.err
    assert rc.read_bytes() == changed


def test_the_text_of_a_fix_says_how_to_take_it_back(broken: Machine) -> None:
    ran = broken.gomedic("fix", "--yes")
    assert ran.code == 0
    assert "`gomedic undo` takes it back" in ran.out
    assert "Taken back" in broken.gomedic("undo", "--yes").out
    assert broken.gomedic("undo", "--yes").code == 3


REFUSED = [
    (("fix", "shadowed-by-older-go", "--json"), 2, "say --yes"),
    (("undo",), 2, "say --yes"),
    (("undo", "--all", "20260101-000000", "--yes"), 2, "but not both"),
    (("undo", "--all", "--yes"), 3, "There is no fix to take back."),
    (("fix", "no-such-finding", "--yes"), 3, "There is no finding no-such-finding now"),
    (("fix", "shadowed-by-older-go#nope", "--yes"), 3, "There is no fix nope for"),
    (("undo", "--yes"), 3, "There is no fix to take back."),
    (("undo", "no-such-receipt", "--yes"), 3, "There is no fix no-such-receipt in the history."),
    (("toolchain", "use", "1.0.0"), 3, "1.0.0"),
]


@pytest.mark.parametrize(("words", "code", "part"), REFUSED)
def test_what_cannot_be_done_is_one_sentence_and_no_change(
    broken: Machine, words: tuple[str, ...], code: int, part: str
) -> None:
    before = own_files(broken.home)
    ran = broken.gomedic(*words)
    assert ran.code == code
    assert part in sentence(ran)
    assert own_files(broken.home) == before


def test_an_empty_history_is_said(machine: Machine) -> None:
    assert machine.gomedic("history").out == "gomedic has changed nothing so far.\n"
    assert json.loads(machine.gomedic("history", "--json").out) == {"schema": 1, "receipts": []}
    assert list(machine.home.glob(".local")) == []
