"""When a fix must be taken back, and what the doctor promises of an examination."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from gomedic import doctor
from gomedic.doctor import verdict
from gomedic.host import Host
from gomedic.model import Account, Evidence, Examination, Finding, GoCommand, Progress, Session, Severity
from gomedic.texts import Message

BuildHost = Callable[..., Host]
ACCOUNT = Account("gus", 1000, 1000, "/home/gus", "/bin/bash", "/home/gus")
ERROR, WARNING, HINT = Severity.ERROR, Severity.WARNING, Severity.HINT


def found(name: str, severity: Severity = ERROR, *sessions: str) -> Finding:
    seen = (Evidence("seen"),)
    return Finding(
        name, "x", severity, Message(name), Message("why"), seen, sessions=sessions or ("terminal",)
    )


def examined(*findings: Finding) -> Examination:
    return Examination(ACCOUNT, None, 0.1, "2026-01-01T00:00:00Z", (), (), findings, ())


CURED = found("cured")
VERDICTS = [
    ("all is well", (CURED,), (), None),
    ("it is still there", (CURED,), (CURED,), "The fix did not help"),
    ("it is still there, less grave", (CURED,), (found("cured", WARNING),), "The fix did not help"),
    ("what is left is a hint", (CURED,), (found("cured", HINT),), None),
    ("another illness stays", (CURED, found("other")), (found("other"),), None),
    ("a new error where all was well", (CURED,), (found("new", ERROR, "ssh"),), "The fix brought a new fault (new)"),
    ("a new error where it was ill before", (CURED,), (found("new"),), None),
    ("a new error here and there", (CURED,), (found("new", ERROR, "terminal", "ssh"),), "The fix brought a new fault"),
    ("a new warning", (CURED,), (found("new", WARNING, "ssh"),), None),
    ("a hint was there before", (CURED, found("h", HINT, "ssh")), (found("new", ERROR, "ssh"),), "The fix brought"),
    ("a process is out of date now", (CURED,), (found("new", ERROR, "process:12"),), None),
]  # fmt: skip


@pytest.mark.parametrize(("_case", "before", "after", "reason"), VERDICTS, ids=[row[0] for row in VERDICTS])
def test_a_fix_is_taken_back_where_it_did_not_help(
    _case: str, before: tuple[Finding, ...], after: tuple[Finding, ...], reason: str | None
) -> None:
    said = verdict(examined(*before), examined(*after), CURED)
    assert (said is None) == (reason is None)
    assert reason is None or str(said).startswith(reason)


def test_what_stands_in_the_way_of_a_go_that_was_not_there_is_no_new_fault() -> None:
    """As a proxy that is gone: a machine without a Go has no finding of it, and one without a network gets a Go all the same."""
    without = Session("terminal", "/bin/bash", "ok", 0.1)
    go = GoCommand("/opt/go/bin/go", "/opt/go/bin/go", "go1.22.5", "/opt/go")
    proxy = examined(found("http-proxy-dead", ERROR, "terminal"))
    for session, text in ((without, None), (replace(without, go=go), "The fix brought a new fault")):
        said = verdict(replace(examined(), sessions=(session,)), proxy, found("toolchain", HINT))
        assert str(said).startswith(text or "None")


def test_an_examination_tells_progress_and_ends_with_itself(host: BuildHost) -> None:
    *progress, examination = doctor.examine(host(), only=("rc-crlf",))
    assert all(isinstance(value, Progress) for value in progress)
    fractions = [value.fraction or 0.0 for value in progress if isinstance(value, Progress)]
    assert fractions == sorted(fractions)
    assert isinstance(examination, Examination)
    assert [check.id for check in examination.checks] == ["rc-crlf"]
    assert examination.account.name == "gus"


def test_there_is_nothing_to_take_back_at_first(host: BuildHost) -> None:
    machine = host()
    assert doctor.history(machine) == ()
    with pytest.raises(doctor.NoReceiptError, match="no fix to take back"):
        list(doctor.take_back(machine))
    with pytest.raises(doctor.NoReceiptError, match="no fix nope"):
        list(doctor.take_back(machine, "nope"))
