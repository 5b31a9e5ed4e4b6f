"""A signed policy, and what lasts: the real program in its own process, by keys alone."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.seeing import Seen, started
from gui.test_end_to_end import PROGRAM, patient
from loading import script

__all__ = ["patient"]  # a fixture
Signer = script("tests/core/toolchain/campus.py").Signer
POLICY = 'name = "Programming 1"\n\n[go]\nversion = ">=1.27"\n'


@pytest.fixture
def policy(patient: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy that the settings believe by its signature alone."""
    staff = Signer(tmp_path_factory.mktemp("keys") / "staff", "Staff <staff@example.edu>")
    config = patient / ".config/gomedic/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'policy_keys = ["{patient}/staff.asc"]\nsigned_policies = true\n')
    (patient / "staff.asc").write_bytes(staff.public)
    file = patient / "gomedic.toml"
    file.write_text(POLICY)
    (patient / "gomedic.toml.asc").write_bytes(staff.sign(POLICY.encode()))
    return file


@pytest.fixture
def seen(patient: Path, policy: Path, display: str, tmp_path: Path) -> Iterator[Seen]:
    words = [sys.executable, "-c", PROGRAM, str(patient), "/usr/local/bin:/usr/bin:/bin"]
    with started(words, {**os.environ}, tmp_path / "run") as opened:
        opened.see("1 warning")
        yield opened


def choose(seen: Seen, policy: Path) -> None:
    seen.press("alt+y")
    seen.see("File name:")
    seen.press("ctrl+a")
    seen.type(str(policy))
    seen.press("Return")


def test_the_machine_is_judged_by_a_signed_policy_until_its_bytes_are_others(
    seen: Seen, policy: Path
) -> None:
    seen.press("ctrl+7", "alt+d")
    seen.see("No policy is used.")
    choose(seen, policy)
    seen.see(f"The policy is signed by {policy.parent}/staff.asc on ", "Programming 1 (gomedic.toml)")
    seen.press("alt+x")
    seen.see("The policy Programming 1 does not hold: one of its demands is not met.")
    seen.press("ctrl+1")
    seen.see("The policy wants Go >=1.27, and terminal gets ")
    policy.write_text(POLICY.replace("1.27", "1.10"))
    seen.press("ctrl+7")
    choose(seen, policy)
    seen.see("The signature of the policy ")
    assert seen.quit() == 0


def test_what_lasts_is_shown(seen: Seen) -> None:
    seen.press("ctrl+7", "alt+b")
    seen.see("The line of a variable ends where it is lost.", "PATH")
    assert seen.quit() == 0
