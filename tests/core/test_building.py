"""Building a program in the sessions of an examination: which, how often, how long, and what comes of it after a fix."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from msgspec import structs

from go_trees import write_go
from gomedic import doctor
from gomedic.building import concerned, tried_by_building
from gomedic.doctor import Treatment
from gomedic.host import Host
from gomedic.model import (
    Account,
    CheckResult,
    EditFile,
    Evidence,
    Examination,
    Finding,
    Fix,
    GoCommand,
    Progress,
    Session,
    Severity,
)
from gomedic.texts import Message
from started import NOBODY, as_nobody

# bash under go's name: it reads the file that BASH_ENV names before anything else, and that answers for it
ANSWERS = """mapfile -d '' -t words </proc/$$/cmdline
[[ ${words[0]} = */go ]] || return
echo "${words[1]} ${GOCACHE##*/}" >>"$HOME/asked"
[ "${words[1]}" = build ] || exit 0
"""
BUILDS = ANSWERS + 'cp /bin/true "${words[3]}"; exit 0\n'
FAILS = ANSWERS + "echo cannot build >&2; exit 2\n"
HANGS = ANSWERS + "exec sleep 60\n"
STARTS_NOT = ANSWERS + 'cp /bin/false "${words[3]}"; exit 0\n'


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that only root and its account can write, up to the top."""
    made = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    made.chmod(0o755)
    tree = write_go(made / "sdk/go", "go1.22.10")
    shutil.copy(shutil.which("bash") or "", tree / "bin/go")
    yield made
    shutil.rmtree(made)


def host_of(home: Path) -> Host:
    account = Account("gus", NOBODY, NOBODY, str(home), "/bin/bash", str(home))
    env = {"HOME": str(home), "PATH": f"{home}/sdk/go/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "USER": "gus"}
    return Host(env, str(home), account)


def session_of(home: Path, kind: str, answers: str, **more: str) -> Session:
    (home / kind).write_text(answers)
    go = f"{home}/sdk/go/bin/go"
    env = {
        "HOME": str(home),
        "PATH": f"{home}/sdk/go/bin:/usr/bin:/bin",
        "BASH_ENV": f"{home}/{kind}",
        **more,
    }
    command = GoCommand(go, go, "go1.22.10", f"{home}/sdk/go")
    return Session(kind, "/bin/bash", "ok", 0.0, go=command, environment=env)


def examined(home: Path, *sessions: Session, findings: tuple[Finding, ...] = ()) -> Examination:
    checks = (CheckResult("go-fails-unexplained", "passed", 0.0),)
    return Examination(
        host_of(home).account, None, 0.1, "2026-01-01T00:00:00Z", sessions, (), findings, checks
    )


def found(name: str, *kinds: str) -> Finding:
    seen = (Evidence("seen"),)
    return Finding(name, "x", Severity.ERROR, Message(name), Message("why"), seen, sessions=kinds)


def last(values: Iterator[Any]) -> Examination:
    *_progress, examination = values
    assert isinstance(examination, Examination)
    return examination


def asked(home: Path, question: str) -> list[str]:
    return [line for line in (home / "asked").read_text().splitlines() if line.startswith(question)]


def test_a_build_that_ends_well_is_said_and_leaves_nothing(home: Path) -> None:
    before = set(Path("/tmp").glob("gomedic-trial-*"))
    sessions = [session_of(home, kind, BUILDS) for kind in ("terminal", "ssh")]
    examination = last(tried_by_building(host_of(home), examined(home, *sessions)))
    assert examination.findings == ()
    assert [str(note) for note in examination.notes] == [
        "A small program was built and started as in a new terminal and a login over ssh."
    ]
    assert len(asked(home, "build")) == 1, "nothing tells the two apart"
    assert set(Path("/tmp").glob("gomedic-trial-*")) == before


def test_sessions_that_differ_are_built_in_apart_with_one_cache(home: Path) -> None:
    alike = [session_of(home, kind, BUILDS) for kind in ("terminal", "ssh")]
    other = session_of(home, "login", BUILDS, GOPATH="/elsewhere")
    last(tried_by_building(host_of(home), examined(home, *alike, other)))
    first, second = asked(home, "build")
    assert first == second, "two caches"


@pytest.mark.parametrize(("answers", "line"), [(FAILS, "cannot build"), (STARTS_NOT, "exit status 1")])
def test_a_build_that_fails_is_a_finding(home: Path, answers: str, line: str) -> None:
    sessions = (session_of(home, "terminal", answers), session_of(home, "ssh", BUILDS, GOPATH="/other"))
    examination = last(tried_by_building(host_of(home), examined(home, *sessions)))
    (finding,) = examination.findings
    assert (finding.id, finding.sessions) == ("go-fails-unexplained@go build", ("terminal",))
    assert line in str(finding.message)
    assert [(check.id, check.state) for check in examination.checks] == [("go-fails-unexplained", "found")]
    assert [str(note) for note in examination.notes] == [
        "A small program was built and started as in a login over ssh."
    ]


def test_a_build_without_an_end_is_no_finding(home: Path) -> None:
    sessions = (session_of(home, "terminal", HANGS), session_of(home, "ssh", BUILDS, GOPATH="/other"))
    *progress, examination = tried_by_building(host_of(home), examined(home, *sessions), limit=1.0)
    assert isinstance(examination, Examination)
    assert examination.findings == ()
    (note,) = examination.notes
    assert str(note).endswith("a new terminal and a login over ssh was not tried to the end: 1 s were over.")
    assert {type(value) for value in progress} == {Progress}


def test_a_build_can_be_given_up(home: Path) -> None:
    work = tried_by_building(host_of(home), examined(home, session_of(home, "terminal", HANGS)))
    assert isinstance(next(work), Progress)
    work.close()  # type: ignore[attr-defined]
    left = [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "60"]]
    _gone, alive = psutil.wait_procs(left, timeout=10)  # killed ones take their time on a busy machine
    assert alive == []


def test_where_go_is_known_to_fail_nothing_is_built(home: Path) -> None:
    ill = found("other", "terminal")
    examination = examined(home, session_of(home, "terminal", FAILS), findings=(ill,))
    assert list(tried_by_building(host_of(home), examination)) == []


def test_a_fix_concerns_what_it_was_for_and_where_go_changed(home: Path) -> None:
    before = [session_of(home, kind, BUILDS) for kind in ("terminal", "ssh", "login")]
    after = [before[0], session_of(home, "ssh", BUILDS, GOROOT="/x"), before[2]]
    examinations = examined(home, *before), examined(home, *after)
    assert concerned(*examinations, found("f", "terminal")) == {"terminal", "ssh"}


# ------------------------------------------------------------------ after a fix


def treated(home: Path, answers: str, known: tuple[Finding, ...]) -> list[Treatment]:
    """Return what an ordinary account is told of a harmless fix in a home whose go answers so."""
    (home / "answers").write_text(answers)
    (home / ".bashrc").write_text(f"export BASH_ENV={home}/answers PATH={home}/sdk/go/bin:/usr/bin:/bin\n")
    (home / ".profile").write_text(". ~/.bashrc\n")
    shutil.chown(home, NOBODY, NOBODY)
    step = EditFile(path=f"{home}/.hushlogin", before=None, after=b"")
    fix, finding = Fix("hush", Message("Hush"), (step,)), found("known", "terminal", "ssh", "login")

    def act() -> list[Treatment]:
        host = host_of(home)
        examination = [v for v in doctor.examine(host, only=("rc-crlf",)) if isinstance(v, Examination)][-1]
        examination = structs.replace(examination, findings=known)
        return [v for v in doctor.treat(host, examination, finding, fix) if isinstance(v, Treatment)]

    values: list[Treatment] = as_nobody(act) if os.getuid() == 0 else act()
    return values


def test_the_verdict_of_a_fix_comes_before_its_build(home: Path) -> None:
    first, final = treated(home, BUILDS.replace("cp ", "sleep 0.5; cp "), (found("known", "terminal"),))
    assert (first.settled, first.taken_back) == (False, False)
    assert (final.settled, final.taken_back) == (True, False)
    assert any("A small program was built" in str(note) for note in final.examination.notes)


def test_a_fix_after_which_nothing_builds_where_all_was_well_is_taken_back(home: Path) -> None:
    final = treated(home, FAILS, ())[-1]
    assert final.taken_back
    assert "cannot build" in str(final.reason)
    assert not (home / ".hushlogin").exists()


def test_what_a_build_fails_at_where_all_was_ill_is_the_next_finding(home: Path) -> None:
    kinds = [found("known", "terminal", "ssh", "login")]
    final = treated(home, FAILS, tuple(kinds))[-1]
    assert not final.taken_back
    assert "go-fails-unexplained@go build" in final.after
    assert (home / ".hushlogin").exists()
