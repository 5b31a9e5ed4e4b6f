"""Installed programs lie in a folder that is not on PATH."""

import os
from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import Finding, Fix, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Programs made by go install are found")
WHY = N_(
    "`go install` puts programs into GOBIN, else into the bin folder of GOPATH; a shell finds them only on PATH."
)
FOUND = N_("{program} was installed into {folder}, which is not on PATH in {where}.")
ADD = N_("Put {folder} on PATH")


def _run(facts: Facts) -> Iterator[Finding]:
    lacking: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        folder = _target(facts, session)
        if (
            folder
            and session.kind in ("terminal", "ssh")
            and not _is_on_path(facts, session, folder)
            and facts.programs(folder)
        ):
            lacking.setdefault(folder, []).append(session)
    for folder, sessions in lacking.items():
        yield _finding(facts, folder, sessions)


def _target(facts: Facts, session: Session) -> str:
    """Return where a session's go install puts programs; "" where that is Go's own folder, or another check's matter."""
    if session.go is None:
        return ""
    gobin = facts.setting(session, "GOBIN").value
    gopath = facts.gopath(session)
    folder = gobin or (os.path.join(gopath[0], "bin") if gopath else "")
    if not folder.startswith("/") or "\r" in folder:
        return ""
    return "" if facts.real(folder) == os.path.dirname(session.go.real_path) else folder


def _is_on_path(facts: Facts, session: Session, folder: str) -> bool:
    real = facts.real(folder)
    return any(facts.real(entry.entry) == real for entry in session.path if entry.entry)


def _finding(facts: Facts, folder: str, sessions: list[Session]) -> Finding:
    program = facts.programs(folder)[0]
    values: Values = {"program": program, "folder": folder, "where": where(sessions)}
    steps = put_on_path(facts, folder, kinds(sessions), first=False)
    shown = [told("PATH=" + ":".join(e.entry for e in s.path), s) for s in sessions[:1]]
    return Finding(
        check="gobin-not-on-path",
        subject=folder,
        severity=Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(f"{folder}/{program}", file=f"{folder}/{program}"), *shown),
        fixes=(Fix("append", Message(ADD, {"folder": facts.short(folder)}), steps, safe=True),),
        sessions=kinds(sessions),
        weight=20,
    )


CHECK = Check(
    "gobin-not-on-path",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(FOUND, {"program": "gopls", "folder": "/home/student/go/bin", "where": TERMINAL}),
    found=N_(
        "The folder where go install puts programs is looked at: whether programs lie in it, and whether it is on PATH in terminals and ssh logins."
    ),
    cured=N_(
        "The fix adds the folder at the end of PATH, in your own start-up files. A new terminal then finds the programs."
    ),
    threads=("oligot/go-mod-upgrade#53", "golang/go#39350", "ibnaleem/gosearch#73"),
)
