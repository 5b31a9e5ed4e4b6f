"""PATH names a folder for Go that does not exist."""

import os
from collections.abc import Iterator

from gomedic.checks._entries import wrong_entries
from gomedic.checks._words import TERMINAL, kinds, seen, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import replace_line
from gomedic.fixes.path import put_on_path
from gomedic.fixes.shell_text import as_meant, home_relative, with_entry_replaced
from gomedic.model import Finding, Fix, PathEntry, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Go's entries of PATH lead somewhere")
WHY = N_("A shell passes over folders on PATH that do not exist, without a word.")
FOUND = N_("PATH names {entry}, which does not exist, so {where} cannot find `go`; there is one in {near}.")
EMPTY = N_(
    "PATH names {entry}, and `go` does not lie in it, so {where} cannot find it; there is one in {near}."
)
REPLACE = N_("Replace {entry} on PATH with {near}")
ADD = N_("Put {near} on PATH")


def _run(facts: Facts) -> Iterator[Finding]:
    for found in wrong_entries(facts):
        near = _nearest(facts, found[0][1].entry)
        if near is not None:
            yield _finding(facts, [session for session, _entry in found], found[0][1], near)


def _nearest(facts: Facts, entry: str) -> str | None:
    """Return the folder with a go whose path has most in common with what is written."""
    folders = [os.path.join(tool.root, "bin") for tool in facts.usable()]
    return max(folders, key=lambda folder: len(os.path.commonpath([folder, entry or "/"])), default=None)


def _finding(facts: Facts, sessions: list[Session], entry: PathEntry, near: str) -> Finding:
    values: Values = {"entry": entry.entry, "where": where(sessions), "near": near}
    environment = dict(sessions[0].environment) | {n: v.value for n, v in sessions[0].variables.items()}
    new = home_relative(near, facts.home)
    step = replace_line(
        facts, entry.origin.path or "", entry.origin.line or 0,
        lambda line: as_meant(line) or with_entry_replaced(line, entry.entry, new, environment),
    )  # fmt: skip
    workspace = any(entry.entry == os.path.join(path, "bin") for path in facts.gopath(sessions[0]))
    fixes = [
        Fix("add", Message(ADD, values), put_on_path(facts, near, kinds(sessions), first=False), safe=True)
    ]
    if step is not None:
        replaced = Fix("replace", Message(REPLACE, values), (step,), safe=not step.privileged)
        fixes.insert(len(fixes) if step.privileged or workspace else 0, replaced)
    return Finding(
        check="path-entry-missing-dir",
        subject=entry.entry,
        severity=Severity.ERROR,
        message=Message(EMPTY if facts.exists(entry.entry) else FOUND, values),
        why=Message(WHY),
        evidence=(seen(entry.origin, sessions[0]), told(near, file=near)),
        fixes=tuple(fixes),
        sessions=kinds(sessions),
        weight=30
        if workspace
        else 62,  # of GOPATH: it need not exist, and another fault may be why there is no go
    )


CHECK = Check(
    "path-entry-missing-dir",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"entry": "/usr/local/go/go/bin", "where": TERMINAL, "near": "/usr/local/go/bin"}),
    found=N_(
        "Every folder on PATH that has to do with Go is looked for. Where one does not exist, the nearest folder that does hold a go is proposed."
    ),
    cured=N_(
        "The fix corrects the folder in the line that names it, or puts the right one on PATH in your own start-up files."
    ),
    threads=("unknwon/the-way-to-go_ZH_CN#4",),
)
