"""The doctor treats a handful of really broken machines; `make ward` lets it treat them all."""

import os
import sys
from pathlib import Path

import msgspec
import pytest

from loading import ROOT
from ward import machine, rounds, toolchains
from ward.patient import load

PATIENTS = ROOT / "tests/ward/patients"
# Quick ones, each broken in another way. WARD_PATIENTS=all, or names, chooses others.
CHOSEN = os.environ.get(
    "WARD_PATIENTS",
    "profile-d-unreadable wsl-crlf-lines-in-bashrc zsh-user-edited-bashrc healthy-noisy-bashrc",
)
NAMES = sorted(path.stem for path in PATIENTS.glob("*.toml")) if CHOSEN == "all" else CHOSEN.split()
DOCTOR = Path(sys.prefix, "bin/gomedic")


@pytest.fixture(scope="module")
def doctor() -> str:
    """The program under test, where patients can have machines; else the tests are skipped."""
    if reason := machine.refusal():
        pytest.skip(f"the ward is closed: {reason}")
    if lacking := toolchains.lacking():
        pytest.skip(f"the ward is closed: `make ward` has not fetched Go {', '.join(lacking)} yet")
    if str(DOCTOR).startswith(("/tmp/", "/run/")):
        pytest.skip("the ward is closed: a patient's machine has its own /tmp and /run, without the doctor")
    return str(DOCTOR)


@pytest.mark.root
@pytest.mark.parametrize("name", NAMES)
def test_a_patient_is_well_afterwards(name: str, doctor: str) -> None:
    report = rounds.one(rounds.Orders("treat", load(PATIENTS / f"{name}.toml"), doctor))
    assert report.ok, "\n".join(report.seen)


@pytest.mark.root
def test_an_illness_without_its_cause_is_noticed(doctor: str) -> None:
    patient = load(PATIENTS / "profile-d-unreadable.toml")
    cured = msgspec.structs.replace(patient, setup=f"{patient.setup}\nchmod a+r /etc/profile.d/*\n")
    ill = rounds.one(rounds.Orders("sick", patient))
    harmless = rounds.one(rounds.Orders("sick", cured))
    assert (ill.ok, ill.ill, ill.cured) == (True, True, True), ill.seen
    assert (harmless.ok, harmless.ill) == (False, False)


@pytest.mark.root
def test_a_doctor_who_makes_a_mess_is_noticed(doctor: str) -> None:
    patient = load(PATIENTS / "healthy-system-go.toml")
    report = rounds.one(rounds.Orders("treat", patient, "/bin/sh -c 'echo {}; touch ~/mess' doctor"))
    assert report.ok is False
    assert any("/home/student/mess" in line for line in report.seen), report.seen


def test_every_patient_says_what_is_expected_of_a_doctor() -> None:
    patients = [load(path) for path in PATIENTS.glob("*.toml")]
    assert len(patients) >= 99
    vague = [p.id for p in patients if not p.healthy and not (p.expect.finding and p.symptom)]
    incurable_claims = [p.id for p in patients if not p.healthy and p.curable and not p.well]
    assert (vague, incurable_claims) == ([], [])
