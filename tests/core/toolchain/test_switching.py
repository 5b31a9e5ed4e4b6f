"""Several versions side by side: installed, switched in one step, removed with all that came with them, by the program."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from campus import ARCH, Campus, go_members, packed, serve
from pytest_httpserver import HTTPServer

import little_go
from gomedic import journal
from gomedic.model import MakeLink
from gomedic.toolchain.staging import LIST, STAGING
from made_up import Machine, refusal

ONE, TWO = "go1.27.1-campus1", "go1.27.1-campus2"


@pytest.fixture
def account(tmp_path: Path, home: Path) -> Machine:
    if reason := refusal():
        pytest.skip(f"no account can be made up: {reason}")
    return Machine(tmp_path, home)


@pytest.fixture
def two(httpserver: HTTPServer, machine, signer, tmp_path_factory: pytest.TempPathFactory):
    """A campus with two releases that work."""
    program = little_go.program(tmp_path_factory.getbasetemp(), ARCH)
    for campus in serve(httpserver, machine, signer):
        rows: list[Any] = []
        for version in (ONE, TWO):
            data = packed(go_members(version, program))
            campus.publish(data, version)
            rows += json.loads(campus.files["index.json"])
        campus.files["index.json"] = json.dumps(rows).encode()
        config = Path(machine.config_folder)
        (config / "config.toml").write_text(campus.settings_text(config / "campus.asc", "go1.27.1-campus"))
        yield campus


def done(account: Machine, *words: str) -> dict[str, Any]:
    nobody = "http://127.0.0.1:9"
    env = account.env(http_proxy=nobody, https_proxy=nobody)
    ran = account.gomedic("toolchain" if words[0] != "undo" else "undo", *(words if words[0] != "undo" else words[1:]),
        "--json", "--yes", env=env)  # fmt: skip
    assert ran.code == 0, ran
    found: dict[str, Any] = json.loads(ran.out)
    return found


def folder(account: Machine) -> Path:
    return account.home / ".local/share/gomedic/toolchains"


def names(account: Machine) -> set[str]:
    return {path.name for path in folder(account).iterdir()} if folder(account).exists() else set()


def terminals_go(account: Machine) -> str:
    """Return what `go version` says in a new terminal of the account."""
    words = account.words(
        ["/usr/bin/env", "-i", *(f"{n}={v}" for n, v in account.env().items()), "bash", "-ic", "go version"]
    )
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.split()[2]


def start_up_files(account: Machine) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in account.home.iterdir() if path.is_file()}


def test_two_side_by_side_are_switched_in_one_step_and_leave_nothing(two: Campus, account: Machine) -> None:
    before = start_up_files(account)
    done(account, "install", ONE)
    done(account, "install", TWO)
    assert {ONE, TWO, "current"} <= names(account)
    assert terminals_go(account) == TWO
    receipt = done(account, "use", ONE)["receipt"]
    steps = journal.load(str(account.home / ".local/state/gomedic"), receipt).steps  # type: ignore[union-attr]
    assert [type(step) for step in steps] == [MakeLink]
    assert terminals_go(account) == ONE
    done(account, "remove", TWO)
    assert terminals_go(account) == ONE
    done(account, "remove", ONE)
    assert start_up_files(account) == before
    assert {name for name in names(account) if not name.startswith(STAGING)} == set()
    done(account, "undo")
    assert terminals_go(account) == ONE


def test_what_was_removed_comes_back_until_two_later_ones_need_the_room(
    two: Campus, account: Machine
) -> None:
    first = ""
    for _ in range(3):
        done(account, "install", ONE)
        receipt = done(account, "remove", ONE)["receipt"]
        first = first or receipt
    assert len({name.removesuffix(LIST) for name in names(account)}) == 2
    ran = account.gomedic("undo", first, "--yes")
    assert (ran.code, "was deleted since, so it cannot be taken back" in ran.err + ran.out) == (3, True)
    done(account, "undo")
    assert ONE in names(account)


def test_purged_is_gone_for_good(two: Campus, account: Machine) -> None:
    done(account, "install", ONE)
    receipt = done(account, "remove", ONE, "--purge")["receipt"]
    assert names(account) == set()
    assert account.gomedic("undo", receipt, "--yes").code == 3
