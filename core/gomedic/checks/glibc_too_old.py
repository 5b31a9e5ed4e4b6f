"""A program asks for a newer GNU C library than the machine has."""

import os
from collections.abc import Iterator

from gomedic.checks import _unrunnable
from gomedic.checks._words import TERMINAL, kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Go and the programs that it installed fit the C library")
WHY = N_(
    "A program linked with cgo on a newer system asks for symbols that this system's C library does not have, and is not started at all."
)
GO = N_(
    "In {where}, `go` is {path}, which asks for glibc {needed}; this system has {installed}, so it cannot be started."
)
TOOL = N_(
    "{path} asks for glibc {needed}; this system has {installed}, so it cannot be started: install it again here, with go install."
)
_MOST = 60  # programs looked at in one folder


def _run(facts: Facts) -> Iterator[Finding]:
    if facts.machine.glibc is None:
        return
    for path, head, sessions in _unrunnable.first_commands(facts):
        needed = facts.machine.newer_glibc(path) if head.kind == "elf" else None
        if needed is not None:
            values: Values = {"needed": needed, "installed": facts.machine.glibc}
            message = Message(GO, _unrunnable.values(facts, path, sessions) | values)
            text = f"{path}: GLIBC_{needed}"
            yield _unrunnable.finding(facts, "glibc-too-old", path, sessions, message, WHY, text)
    for folder, sessions in _folders(facts).items():
        for name in facts.programs(folder)[:_MOST]:
            path = os.path.join(folder, name)
            needed = facts.machine.newer_glibc(path)
            if needed is not None:
                yield _of_tool(facts, path, needed, sessions)


def _folders(facts: Facts) -> dict[str, list[Session]]:
    """Return where `go install` of each session puts programs."""
    found: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        bins = [facts.setting(session, "GOBIN").value] if facts.setting(session, "GOBIN").value else []
        for folder in bins or [os.path.join(entry, "bin") for entry in facts.gopath(session)]:
            if session.go and folder.startswith("/"):
                found.setdefault(folder, []).append(session)
    return found


def _of_tool(facts: Facts, path: str, needed: str, sessions: list[Session]) -> Finding:
    values: Values = {"path": facts.short(path), "needed": needed, "installed": facts.machine.glibc or ""}
    module = facts.module_of(path)
    built: tuple[Evidence, ...] = (told(f"{module[0]}@{module[1]}", file=path),) if module else ()
    return Finding(
        check="glibc-too-old",
        subject=path,
        severity=Severity.WARNING,
        message=Message(TOOL, values),
        why=Message(WHY),
        evidence=(told(f"{path}: GLIBC_{needed}", sessions[0], path), *built),
        sessions=kinds(sessions),
        weight=20,
    )


CHECK = Check(
    "glibc-too-old",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(
        GO, {"where": TERMINAL, "path": "/usr/local/go/bin/go", "needed": "2.34", "installed": "2.31"}
    ),
    found=N_(
        "What a program's file asks of the C library is read, and compared with the library that is installed: for `go`, and for what go install has made. Nothing is run."
    ),
    cured=N_(
        "Install the tool again on this very machine, with go install. For `go` itself, the fix puts another Go first on PATH, or downloads a release. Programs to be taken elsewhere are best built with CGO_ENABLED=0."
    ),
    threads=(
        "golang/go#58550",
        "docker-library/golang#466",
        "csaf-poc/csaf_distribution#456",
        "indexsupply/shovel#245",
    ),
)
