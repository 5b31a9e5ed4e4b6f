"""A universal variable of fish that does not do what it was set for."""

import os
from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import replace_line
from gomedic.fixes.path import put_on_path
from gomedic.model import Finding, Fix, Session, Severity
from gomedic.probes.fish_variables import Universal, read
from gomedic.sessions.startup_files import family_of
from gomedic.texts import N_, Message, Values

TITLE = N_("fish's universal variables reach Go")
WHY = N_(
    "fish keeps universal variables in a file of its own; those without --export stay in fish, and PATH is hidden by the one that every session inherits."
)
PATH = N_(
    "fish keeps a PATH with {folder} in {file}, but the PATH that each session inherits hides it, so {where} cannot find `go`."
)
ALONE = N_("fish keeps {name} = {value} in {file} without exporting it, so go takes no notice of it.")
ADD = N_("Put {folder} on PATH in the files of fish")
EXPORT = N_("Export {name} where fish keeps it")


def _run(facts: Facts) -> Iterator[Finding]:
    sessions = [s for s in facts.judged_sessions if family_of(s.shell) == "fish"]
    kept = [file for path, file in facts.startup.items() if os.path.basename(path) == "fish_variables"]
    for universal in (variable for file in kept for variable in read(file)):
        if universal.name == "PATH":
            yield from _hidden(facts, universal, [s for s in sessions if facts.lacks_go(s)])
        elif universal.name.startswith("GO") and not universal.exported:
            unheard = [
                s
                for s in sessions
                if s.go and facts.setting(s, universal.name).value != ":".join(universal.values)
            ]
            yield from _unexported(facts, universal, unheard)


def _hidden(facts: Facts, universal: Universal, sessions: list[Session]) -> Iterator[Finding]:
    folders = [entry for value in universal.values for entry in value.split(":") if facts.holds_go(entry)]
    if not folders or not sessions:
        return
    values: Values = {
        "folder": facts.short(folders[0]), "file": facts.short(universal.file), "where": where(sessions),
    }  # fmt: skip
    steps = put_on_path(facts, folders[0], kinds(sessions), first=False)
    fix = Fix("own-files", Message(ADD, values), steps, safe=True)
    yield _finding(universal, sessions, Severity.ERROR, Message(PATH, values), fix, weight=58)


def _unexported(facts: Facts, universal: Universal, sessions: list[Session]) -> Iterator[Finding]:
    if not sessions:
        return
    values: Values = {
        "name": universal.name, "value": " ".join(universal.values), "file": facts.short(universal.file),
    }  # fmt: skip
    step = replace_line(facts, universal.file, universal.line, _exported)
    fix = Fix("export", Message(EXPORT, values), (step,) if step else (), safe=True)
    yield _finding(universal, sessions, Severity.WARNING, Message(ALONE, values), fix, weight=20)


def _exported(line: str) -> str:
    return line.replace("SETUVAR ", "SETUVAR --export ", 1)


def _finding(
    universal: Universal, sessions: list[Session], severity: Severity, message: Message, fix: Fix, weight: int
) -> Finding:
    return Finding(
        check="fish-universal-variable",
        subject=universal.name,
        severity=severity,
        message=message,
        why=Message(WHY),
        evidence=(told(universal.text, sessions[0], universal.file, universal.line),),
        fixes=(fix,),
        sessions=kinds(sessions),
        weight=weight,
    )


CHECK = Check(
    "fish-universal-variable",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(
        PATH, {"folder": "/usr/local/go/bin", "file": "~/.config/fish/fish_variables", "where": TERMINAL}
    ),
    found=N_(
        "The file in which fish keeps its universal variables is read, and compared with what fish really has on PATH and in Go's variables."
    ),
    cured=N_(
        "For PATH, the fix puts the folder into the start-up files of fish, where it counts. Another variable is marked as exported, as `set -Ux` does."
    ),
    threads=("fish-shell/fish-shell#7539", "fish-shell/fish-shell#8551", "stefanmaric/g#5"),
)
