"""Go is installed, and no start-up file puts it on PATH."""

import os
from collections.abc import Iterator

from gomedic.checks._words import kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import Finding, Fix, Severity
from gomedic.probes.fish_variables import kept_path
from gomedic.texts import N_, Message

TITLE = N_("Some start-up file puts Go on PATH")
WHY = N_("What is exported in one terminal ends with it; only a start-up file makes it last.")
FOUND = N_(
    "Go {version} lies in {root}, but no start-up file puts {folder} on PATH, so {where} cannot find `go`."
)
ADD = N_("Put {folder} on PATH in your start-up files")


def _run(facts: Facts) -> Iterator[Finding]:
    tool = next((t for t in facts.usable() if t.kind in ("official", "gomedic", "distribution")), None)
    if tool is None or not facts.lacking or any(session.go for session in facts.judged_sessions):
        return
    folder = os.path.join(tool.root, "bin")
    if facts.mentions(folder) or _other_cause(facts, folder):
        return
    typed = [
        told(line.strip(), file=path, line=number)
        for path in (os.path.join(facts.home, name) for name in (".bash_history", ".zsh_history"))
        for number, line in enumerate((facts.read(path) or b"").decode("utf-8", "replace").split("\n"), 1)
        if "PATH=" in line and folder in line
    ]
    lacking = tuple(told("PATH=" + ":".join(e.entry for e in s.path), s) for s in facts.lacking)
    fix = Fix(
        "append",
        Message(ADD, {"folder": facts.short(folder)}),
        put_on_path(facts, folder, kinds(facts.lacking), first=False),
        safe=True,
    )
    yield Finding(
        check="path-not-persisted",
        subject=folder,
        severity=Severity.ERROR,
        message=Message(
            FOUND,
            {
                "version": tool.version.removeprefix("go"),
                "root": tool.root,
                "folder": folder,
                "where": where(facts.lacking),
            },
        ),
        why=Message(WHY),
        evidence=(told(tool.binary, file=tool.binary), *typed[-1:], *lacking),
        fixes=(fix,),
        sessions=kinds(facts.lacking),
        weight=60,
    )


def _other_cause(facts: Facts, folder: str) -> bool:
    """A start-up file that was passed over may be the one that names it, and fish keeps a PATH that nobody sees."""
    if facts.family == "fish" and folder in kept_path(facts.startup):
        return True
    return any(
        skip.why in ("unreadable", "suffix") for session in facts.lacking for skip in session.skipped_files
    )


CHECK = Check("path-not-persisted", TITLE, WHY, _run)
