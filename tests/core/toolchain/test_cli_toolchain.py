"""The commands about toolchains as scripts call them: exit codes, documents, and what they say on the way."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from campus import ARCH, VERSION, Campus, file_name

from gomedic.toolchain.bundle import MANIFEST, is_bundle


@dataclass
class Ran:
    code: int
    out: str
    err: str


@dataclass
class Shell:
    """Runs gomedic for a campus's account."""

    campus: Campus
    cwd: Path

    def gomedic(self, *words: str) -> Ran:
        env = {**self.campus.host.env, "PYTHONPATH": os.pathsep.join(sys.path)}
        env.pop("DISPLAY", None)
        command = [sys.executable, "-m", "gomedic.cli", *words]
        ended = subprocess.run(command, cwd=self.cwd, env=env, capture_output=True, text=True, check=False)
        return Ran(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture
def shell(campus: Campus, tmp_path: Path) -> Shell:
    folder = tmp_path / "work"
    folder.mkdir()
    return Shell(campus, folder)


def test_available_says_what_there_is(shell: Shell) -> None:
    ran = shell.gomedic("toolchain", "available")
    assert ran.code == 0
    assert f"  {VERSION:<16} not Google's campus" in ran.out
    assert "The list is of 2026-" in ran.out
    document = json.loads(shell.gomedic("toolchain", "available", "--json").out)
    (own,) = (row for row in document["releases"] if row["version"] == VERSION)
    assert own == {
        "version": VERSION, "stable": True, "source": "campus", "installed": False, "state": "own",
        "supported": True, "runs": True, "later": None, "notes": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    "words", [("toolchain", "--offline", "available"), ("toolchain", "available", "--offline")]
)
def test_offline_may_stand_before_and_after(shell: Shell, words: tuple[str, ...]) -> None:
    ran = shell.gomedic(*words)
    assert "would have to be fetched, but no network is to be used (--offline)" in ran.out
    assert shell.campus.asked == []


def test_a_bundle_is_made_and_named(shell: Shell) -> None:
    ran = shell.gomedic("bundle", "create", VERSION, "-o", "go.bundle")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"go.bundle holds {VERSION} for {ARCH} (")
    assert is_bundle(str(shell.cwd / "go.bundle"))
    document = json.loads(
        shell.gomedic(
            "bundle", "create", VERSION, "-o", "2", "--json", "--offline", "--from", "go.bundle"
        ).out
    )
    assert (document["versions"], document["signed"]) == ([VERSION], False)
    assert (shell.cwd / "2").read_bytes() == (shell.cwd / "go.bundle").read_bytes()


def test_a_refusal_is_one_sentence_and_exit_3(shell: Shell) -> None:
    del shell.campus.files[f"{file_name()}.asc"]
    ran = shell.gomedic("bundle", "create", VERSION, "-o", "go.bundle")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.count("\n") == 1
    assert "has no signature" in ran.err
    assert not list(shell.cwd.iterdir())


def test_install_without_a_version_takes_what_the_folder_asks_for(shell: Shell) -> None:
    ran = shell.gomedic("toolchain", "install")
    assert ran.code == 2
    assert "Say which version to install" in ran.err
    (shell.cwd / ".go-version").write_text("go1.27.1-nobodys\n")
    ran = shell.gomedic("toolchain", "install", "--offline", "--yes")
    assert ran.code == 3
    assert f"{shell.cwd}/.go-version asks for Go go1.27.1-nobodys." in ran.err
    assert "no key in the settings may vouch for it" in ran.err


def test_a_bundle_that_is_damaged_is_refused(shell: Shell) -> None:
    (shell.cwd / "go.bundle").write_bytes(MANIFEST.encode() + bytes(1000))
    ran = shell.gomedic("toolchain", "install", VERSION, "--from", "go.bundle", "--yes")
    assert ran.code == 3
    assert "go.bundle is not a bundle that can be used" in ran.err


def test_the_processor_is_known() -> None:
    assert ARCH in file_name()
