"""A tool for Go programmers needs a newer go command than there is."""

import os
from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go
from gomedic.model import Finding, Session, Severity
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TITLE = N_("gopls and the go command fit each other")
WHY = N_(
    "gopls asks the go command about every project, and refuses one that is older than it supports (its release notes)."
)
FOUND = N_(
    "{tool} {version} in {path} works with Go {least} and newer, but go is {go}: the editor has no language server."
)
LEAST = {  # golang.org/x/tools/gopls: release -> the oldest go command that it works with
    "golang.org/x/tools/gopls": (
        ("v0.17.0", "1.21"),
        ("v0.15.0", "1.19"),
        ("v0.12.0", "1.18"),
        ("v0.8.0", "1.13"),
    ),
}


def _run(facts: Facts) -> Iterator[Finding]:
    session = facts.session("terminal")
    if session is None or session.go is None or not session.go.version:
        return
    for entry in session.path:
        path = os.path.join(entry.entry, "gopls")
        built = facts.module_of(path)
        if built is not None:
            yield from _judged(facts, session, path, *built)
            return


def _judged(facts: Facts, session: Session, path: str, module: str, version: str) -> Iterator[Finding]:
    go = plain(session.go.version if session.go else None)
    known = (
        least for since, least in LEAST.get(module, ()) if version_key(version[1:]) >= version_key(since[1:])
    )
    least = next(known, None)
    if least is None or version_key(go) >= version_key(least):
        return
    values: Values = {
        "tool": os.path.basename(path),
        "version": version,
        "path": path,
        "least": least,
        "go": go,
    }
    yield Finding(
        check="tool-go-version-mismatch",
        subject=path,
        severity=Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(
            told(f"{module} {version}", session, path),
            told(f"go{go}", session, session.go.path if session.go else None),
        ),
        fixes=(install_go(facts, "latest"),),
        sessions=kinds([session]),
        weight=15,
    )


CHECK = Check(
    "tool-go-version-mismatch",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(
        FOUND,
        {
            "tool": "gopls",
            "version": "v0.16.1",
            "path": "/home/student/go/bin/gopls",
            "least": "1.19",
            "go": "1.17.13",
        },
    ),
    found=N_(
        "The release of gopls is read from the program's file, and compared with the oldest Go that it works with, according to its release notes."
    ),
    cured=N_(
        "The fix downloads a newer Go for your account and verifies it. If you have to stay with the old Go, take an older gopls: `go install golang.org/x/tools/gopls@v0.11.0`."
    ),
    threads=("golang/vscode-go#3491", "golang/go#50825"),
)
