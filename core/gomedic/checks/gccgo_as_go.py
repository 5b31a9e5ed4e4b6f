"""The `go` that a session runs is the one of the GNU compilers."""

import os
from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go, use_other
from gomedic.model import Finding, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("`go` is Go's own")
WHY = N_(
    "gccgo, the Go of the GNU compilers, stays years behind: at Go 1.18 it reads neither newer go.mod files nor the modules in them."
)
FOUND = N_("In {where}, `go` is {path}, which is gccgo, the Go of the GNU compilers, and not Go's own.")


def _run(facts: Facts) -> Iterator[Finding]:
    hit: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        if session.go and _is_gccgo(facts, session.go.path) and not _has_another(facts, session):
            hit.setdefault(session.go.path, []).append(session)
    for path, sessions in hit.items():
        yield _finding(facts, path, sessions)


def _is_gccgo(facts: Facts, path: str) -> bool:
    tool = facts.toolchain_of(path)
    return tool is not None and tool.kind == "gccgo"


def _has_another(facts: Facts, session: Session) -> bool:
    """Another Go further back on PATH is for shadowed-by-older-go to tell of."""
    binaries = (os.path.join(entry.entry, "go") for entry in session.path if facts.holds_go(entry.entry))
    behind = (facts.toolchain_of(binary) for binary in binaries)
    return any(tool is not None and tool.healthy and tool.trusted and tool.version for tool in behind)


def _finding(facts: Facts, path: str, sessions: list[Session]) -> Finding:
    values: Values = {"where": where(sessions), "path": path}
    real = facts.real(path)
    return Finding(
        check="gccgo-as-go",
        subject=path,
        severity=Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(f"{path} -> {real}: gccgo", sessions[0], path),),
        fixes=(*use_other(facts, "", kinds(sessions)), install_go(facts, "latest")),
        sessions=kinds(sessions),
        weight=60,
    )


CHECK = Check(
    "gccgo-as-go",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(FOUND, {"where": TERMINAL, "path": "/usr/bin/go"}),
    found=N_(
        "The links of the first `go` on PATH are followed to the program at their end: it is that of the GNU compilers, and no other Go stands further back on PATH."
    ),
    cured=N_(
        "The fix puts another Go of this machine first on PATH, or downloads one of Go's own releases. gccgo stays installed."
    ),
    threads=("golang/go#51850", "google/oss-rebuild#661", "tools/godep#497"),
)
