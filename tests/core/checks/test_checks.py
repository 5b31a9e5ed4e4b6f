"""Each check finds its illness in a real home, with the guilty line, and nothing in the healthy one; its fix cures."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checks_cases import CASES, GO, PROFILE, Case
from go_trees import write_go
from gomedic import checks, doctor
from gomedic.host import Host
from gomedic.model import EditFile, Examination, Finding, Fix, SetMode
from gomedic.texts import Message
from started import write_home

BuildHost = Callable[..., Host]
NAMES = [case.check for case in CASES]
ELSEWHERE = {  # what needs more than a home: the ward has patients for these
    "startup-file-unreadable", "startup-file-ignored", "login-shell-path-reset", "noninteractive-shell-no-path",
}  # fmt: skip


def last(values: Iterator[Any]) -> Any:
    return list(values)[-1]


def settle(home: Path, case: Case, *, healthy: bool) -> None:
    """Write the home of a case."""
    for name in (".bashrc", ".profile", ".bash_logout"):
        (home / name).unlink(missing_ok=True)
    for root, version in case.trees.items():
        write_go(home / root, version)
    files = {
        ".bashrc": GO + case.bashrc,
        ".profile": PROFILE,
        **case.files,
        **(case.healthy if healthy else {}),
    }
    write_home(home, {name: content for name, content in files.items() if content})
    for program in home.glob("go/bin/*"):
        program.chmod(0o755)


def examined(host: Host, case: Case) -> Examination:
    folder = f"{host.home}/{case.project}" if case.project else host.home
    return last(doctor.examine(host, project=folder))


def found(examination: Examination, check: str) -> list[Finding]:
    return [finding for finding in examination.findings if finding.check == check]


def contents(home: Path) -> dict[str, bytes | str]:
    """Return the home's files, but for our own receipts; trees are large and not ours to change."""
    paths = (path for path in sorted(home.rglob("*")) if "src" not in path.parts and "pkg" not in path.parts)
    named = {str(path.relative_to(home)): path.read_bytes() if path.is_file() else "folder" for path in paths}
    return {name: content for name, content in named.items() if not name.startswith(".local")}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_illness_is_found_cured_and_given_back(case: Case, home: Path, host: BuildHost) -> None:
    settle(home, case, healthy=False)
    machine = host()
    before = contents(home)
    examination = examined(machine, case)
    (finding,) = found(examination, case.check)
    assert [result for result in examination.checks if result.state == "failed"] == []
    if case.severity:
        assert finding.severity.value == case.severity
    if case.place is not None:
        places = [f"{evidence.file}:{evidence.line}" for evidence in finding.evidence]
        assert f"{home}/{case.place}" in places
    assert "terminal" in finding.sessions or case.check == "bash-profile-does-not-source-bashrc"
    if case.fix is None:
        return
    fix = finding.fixes[0]
    assert (fix.id, fix.safe) == (case.fix, True)
    treatment = last(doctor.treat(machine, examination, finding, fix))
    assert treatment.reason is None
    assert found(treatment.examination, case.check) == []
    assert contents(home) != before
    last(doctor.take_back(machine))
    assert contents(home) == before


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_nothing_is_found_in_the_healthy_home(case: Case, home: Path, host: BuildHost) -> None:
    settle(home, case, healthy=True)
    examination = examined(host(), case)
    assert found(examination, case.check) == []
    ours = [f for f in examination.findings if f.severity.value != "hint" and "terminal" in f.sessions]
    assert [finding.id for finding in ours] == []


def test_only_gos_own_programs_become_executable(home: Path, host: BuildHost) -> None:
    settle(home, CASES[0], healthy=True)
    closed = [home / "sdk/go/bin" / name for name in ("go", "gofmt", "notes.txt")]
    closed[-1].write_text("not a program\n")
    for path in closed:
        path.chmod(0o644)
    (finding,) = found(last(doctor.examine(host())), "goroot-no-tools")
    assert finding.fixes[0].id == "executable"
    assert [step.path for step in finding.fixes[0].steps if isinstance(step, SetMode)] == list(
        map(str, closed[:2])
    )


def test_no_go_at_all_is_told_once(home: Path, host: BuildHost) -> None:
    examination = examined(host(), CASES[0])
    if examination.toolchains:
        pytest.skip("this machine has a Go")
    assert [f.check for f in examination.findings if f.severity.value != "hint"] == ["no-go-installed"]
    (finding,) = found(examination, "no-go-installed")
    assert finding.fixes[0].install is not None


def test_a_fix_that_does_not_help_is_taken_back(home: Path, host: BuildHost) -> None:
    case = next(case for case in CASES if case.check == "gocache-off")
    settle(home, case, healthy=False)
    before = contents(home)
    machine = host()
    examination = examined(machine, case)
    (finding,) = found(examination, "gocache-off")
    useless = EditFile(path=f"{home}/.hushlogin", before=None, after=b"x")
    treatment = last(doctor.treat(machine, examination, finding, Fix("useless", Message("Hush"), (useless,))))
    assert treatment.taken_back
    assert str(treatment.reason).startswith("The fix did not help")
    assert treatment.after == treatment.before
    assert contents(home) == before
    assert [receipt.state for receipt in doctor.history(machine)] == ["taken back"]


@pytest.mark.parametrize("profile", [PROFILE, None], ids=["sourced", "written twice"])
def test_every_finding_has_an_id_of_its_own(home: Path, host: BuildHost, profile: str | None) -> None:
    ills = [
        case.bashrc
        for case in CASES
        if case.bashrc and not case.trees.keys() - {"sdk/go"} and "\r" not in case.bashrc
    ]
    write_go(home / "sdk/go", "go1.22.10")
    lines = GO + "".join(ills)
    write_home(home, {".bashrc": lines, ".profile": profile or lines})
    examination = last(doctor.examine(host()))
    identities = [finding.id for finding in examination.findings]
    assert len(identities) > 5
    assert sorted(set(identities)) == sorted(identities)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.bashrc and c.fix and c.place == ".bashrc:2"], ids=lambda case: case.check
)
def test_a_fix_stays_where_another_file_has_the_same_illness(case: Case, home: Path, host: BuildHost) -> None:
    """The other file's is a finding of its own, unless one fix cures both; a fix that cured its own is kept."""
    settle(home, case, healthy=False)
    write_home(home, {".profile": GO + case.bashrc})
    machine = host()
    examination = examined(machine, case)
    ids = [finding.id for finding in found(examination, case.check)]
    assert len(set(ids)) == len(ids)
    for identity in ids:
        finding = next(f for f in examination.findings if f.id == identity)
        treatment = last(doctor.treat(machine, examination, finding, finding.fixes[0]))
        assert treatment.reason is None
        examination = treatment.examination
    assert found(examination, case.check) == []


def test_checks_have_names_of_their_own() -> None:
    names = [check.id for check in checks.ALL]
    assert len(set(names)) == len(names)
    assert {case.check for case in CASES} | ELSEWHERE <= set(names)
