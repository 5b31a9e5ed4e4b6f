"""What will fail in a sandbox is told beforehand, by release of Go and with the measured numbers; an ordinary machine is well."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checks_cases import GO, PROFILE
from go_trees import write_go
from gomedic import doctor
from gomedic.host import Host
from gomedic.limits import limits_of
from gomedic.model import Examination, Finding
from gomedic.needs import MB, needs_of
from gomedic.probes import places
from made_up import Machine, refusal
from started import write_home

BuildHost = Callable[..., Host]
CHECKS = (
    "tmp-noexec", "tmp-no-space", "gocache-not-writable", "gocache-read-only", "gocache-no-room", "low-memory",
    "too-few-processes", "ulimit-too-low", "silent-build",
)  # fmt: skip


def last(values: Iterator[Any]) -> Any:
    return list(values)[-1]


def settle(home: Path, version: str = "go1.22.10", *, warm: bool = False, cache: str = "") -> None:
    write_go(home / "sdk/go", version)
    lines = GO + (f"export TMPDIR={cache} GOCACHE={cache}/gocache\n" if cache else "")
    write_home(home, {".bashrc": lines, ".profile": PROFILE})
    if warm:
        folder = home / ".cache/go-build/00"
        folder.mkdir(parents=True)
        (folder / "std-d").touch()
        os.truncate(folder / "std-d", 20 * MB)


def found(machine: Host, limits: str) -> dict[str, Finding]:
    limited = machine.with_limits(limits_of(limits)) if limits else machine
    examination: Examination = last(doctor.examine(limited, only=CHECKS))
    assert [check.id for check in examination.checks if check.state == "failed"] == []
    return {finding.check: finding for finding in examination.findings}


@pytest.mark.parametrize(
    ("version", "warm", "limits", "expected"),
    [
        ("go1.22.10", False, "", {}),
        ("go1.26.6", False, "memory=4g,pids=4096,tmpfs=/tmp:2g,idle=600s,as=8g,fsize=1g,nofile=1024", {}),
        ("go1.22.10", False, "memory=256m", {"low-memory": "hint"}),
        ("go1.26.6", False, "memory=256m", {"low-memory": "warning"}),
        ("go1.26.6", True, "memory=256m", {"low-memory": "hint"}),
        ("go1.26.6", True, "memory=64m", {"low-memory": "warning"}),
        ("go1.22.10", False, "pids=16,cpus=1", {}),
        ("go1.26.6", False, "pids=16,cpus=1", {"too-few-processes": "error"}),
        ("go1.26.6", False, "pids=23,cpus=1", {"too-few-processes": "warning"}),
        ("go1.26.6", False, "pids=24,cpus=1", {}),
        ("go1.22.10", False, "as=512m", {"ulimit-too-low": "error"}),
        ("go1.22.10", False, "fsize=4m", {"ulimit-too-low": "error"}),
        ("go1.22.10", False, "nofile=32", {"ulimit-too-low": "error"}),
        ("go1.22.10", False, "idle=9s", {"silent-build": "warning"}),
        ("go1.22.10", False, "idle=30s,cpus=1", {"silent-build": "hint"}),
        ("go1.22.10", True, "idle=1s", {}),
        ("go1.19.8", False, "idle=1s", {}),
    ],
)
def test_limits_are_judged_by_release_and_cache(
    version: str, warm: bool, limits: str, expected: dict[str, str], home: Path, host: BuildHost
) -> None:
    settle(home, version, warm=warm)
    findings = found(host(), limits)
    assert {check: finding.severity.value for check, finding in findings.items()} == expected
    for finding in findings.values():
        assert any("--limits" in (e.text + (e.file or "")) for e in finding.evidence)
        assert any("✗" in e.text or "CPU" in e.text for e in finding.evidence), "the measured number"


def test_a_read_only_root_with_a_small_tmpfs_as_a_judge_has_it(home: Path, host: BuildHost) -> None:
    settle(home, cache=f"{home}/tmp")
    box = f"memory=512m,pids=128,readonly,tmpfs={home}/tmp:64m,noexec,idle=600s"
    findings = found(host(), box)
    assert set(findings) == {"gocache-no-room"}  # the folder for temporary files is not there yet
    (home / "tmp").mkdir()
    findings = found(host(), box)
    assert set(findings) == {"gocache-no-room", "tmp-noexec"}
    room = findings["gocache-no-room"]
    assert (room.severity.value, room.fixes) == ("warning", ())
    assert "64 MB of room" in str(room.message)
    assert "cp -rs /opt/gocache" in str(room.advice[0])
    assert "--tmpfs" in str(findings["tmp-noexec"].advice[0])
    with_room = box.replace(":64m", ":200m").replace(",noexec", "")
    assert found(host(), with_room) == {}


@pytest.mark.parametrize(("warm", "severity"), [(True, "warning"), (False, "error")])
def test_a_read_only_cache_is_judged_by_its_content(
    warm: bool, severity: str, home: Path, host: BuildHost
) -> None:
    settle(home, warm=warm)
    finding = found(host(), "readonly,tmpfs=/run:1g")["gocache-read-only"]
    assert finding.severity.value == severity
    assert ("go test" in str(finding.message)) is warm
    assert finding.fixes == ()  # the home is read-only too


def test_a_fix_is_proved_under_the_limits_it_is_for(home: Path, host: BuildHost) -> None:
    machine = host().with_limits(limits_of("pids=24,cpus=2"))
    settle(home, "go1.26.6")
    examination: Examination = last(doctor.examine(machine))
    finding = next(each for each in examination.findings if each.check == "too-few-processes")
    treatment = last(doctor.treat(machine, examination, finding, finding.fixes[0]))
    assert treatment.reason is None
    assert (home / ".config/go/env").read_text() == "GOFLAGS=-p=1\n"
    assert finding.id not in treatment.after


@pytest.mark.parametrize(
    ("version", "measured"),
    [
        ("go1.18", "go1.22.10"),
        ("go1.22.10", "go1.22.10"),
        ("go1.24.11", "go1.22.10"),
        ("go1.26rc1", "go1.26.6"),
        ("go1.30.1", "go1.26.6"),
        (None, "go1.22.10"),
    ],
)
def test_a_release_is_judged_by_the_newest_measured_that_is_not_newer(
    version: str | None, measured: str
) -> None:
    assert needs_of(version).release == measured


@pytest.mark.skipif(bool(refusal()), reason=refusal())
def test_the_command_line_takes_limits_and_feels_those_that_are_there(tmp_path: Path, home: Path) -> None:
    settle(home)
    machine = Machine(tmp_path, home)
    ran = machine.gomedic("check", "--only", "ulimit-too-low", before="ulimit -f 4096; exec")
    assert ran.code == 1, ran.out + ran.err
    assert "/proc/self/limits   Max file size" in ran.out
    ran = machine.gomedic("check", before="ulimit -v 500000; exec")
    assert ran.code == 1, ran.out + ran.err
    assert "Address space is limited to 488 MB" in ran.out
    ran = machine.gomedic("check", "--only", "too-few-processes", "--limits", "pids=8")
    assert (ran.code, "Judged as if these limits were there already: pids=8." in ran.out) == (1, True)
    ran = machine.gomedic("check", "--limits", "swap=1g")
    assert (ran.code, "“swap=1g” is no limit" in ran.err) == (2, True)


def test_an_unreadable_place_is_not_taken_for_warm(tmp_path: Path) -> None:
    assert not places.holds(str(tmp_path / "nothing"), 1)
