"""The project asks for a newer Go than any on the machine."""

import os
from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go, use_other
from gomedic.model import Finding, Session, Severity, Toolchain
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TITLE = N_("Go is new enough for the project")
WHY = N_(
    "Go before 1.21 cannot read such a line; from 1.21 on it fetches the newer release by itself, if it may and has a network."
)
FOUND = N_("{module} asks for Go {wanted}, but {path} is Go {version} and cannot read that.")


def _run(facts: Facts) -> Iterator[Finding]:
    project = facts.demand
    if project is None:
        return
    for session in facts.judged_sessions:
        if (
            session.go
            and session.go.version
            and _is_too_old(session.go.version, project.go_line, project.toolchain_line)
        ):
            yield _finding(facts, session)
            return


def _is_too_old(version: str, go_line: str, toolchain_line: str) -> bool:
    """Go before 1.21 knows neither `go 1.22.1` nor `toolchain`; newer ones switch by themselves (go.dev/doc/toolchain)."""
    old = version_key(version) < version_key("1.21")
    return old and bool(
        toolchain_line or go_line.count(".") > 1 or version_key(version)[0][:2] < version_key(go_line)[0][:2]
    )


def _finding(facts: Facts, session: Session) -> Finding:
    project, go = facts.demand, session.go
    assert project is not None  # noqa: S101 - the caller looked
    assert go is not None  # noqa: S101
    hit = [s for s in facts.judged_sessions if s.go and s.go.version == go.version]
    wanted = max(project.go_line, project.toolchain_line, key=version_key)
    newer = [tool for tool in facts.usable() if version_key(tool.version) >= version_key(wanted)]
    values: Values = {
        "module": facts.short(project.module),
        "wanted": plain(wanted),
        "path": go.path,
        "version": plain(go.version),
    }
    install = install_go(facts, "latest")
    others = tuple(told(f"{tool.binary}: {tool.version}", file=tool.binary) for tool in newer[:1])
    return Finding(
        check="go-too-old",
        subject=project.module,
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(
            told(f"go {project.go_line}", None, project.module, project.line),
            told(f"{go.path}: {go.version}", session, go.path),
            *others,
        ),
        fixes=(*use_other(facts, go.root or "", kinds(hit)), install) if newer else (install,),
        sessions=kinds(hit),
        because_of=_cause(facts, session, newer[0]) if newer else None,
        weight=50,
    )


def _cause(facts: Facts, session: Session, newer: Toolchain) -> str:
    """Return the finding that this follows from where a newer Go is on the machine: it is hidden, or not used."""
    folder = facts.real(os.path.join(newer.root, "bin"))
    if session.go and any(facts.real(entry.entry) == folder for entry in session.path if entry.entry):
        return f"shadowed-by-older-go@{os.path.dirname(session.go.path)}"
    return f"newer-go-not-selected@{newer.root}"


CHECK = Check(
    "go-too-old",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND, {"module": "~/hello/go.mod", "wanted": "1.23.4", "path": "/usr/bin/go", "version": "1.19.8"}
    ),
    found=N_(
        "The lines go and toolchain of the project's go.mod are compared with the release of the `go` in use. Only a Go before 1.21 is meant here; newer ones fetch the right release by themselves."
    ),
    cured=N_(
        "The fix puts a newer Go that is already on this machine first on PATH, or downloads, verifies and installs the newest one for your account. The old Go stays where it is."
    ),
    threads=("sammcj/gollama#168", "cli/cli#9155", "https://go.dev/doc/toolchain"),
)
