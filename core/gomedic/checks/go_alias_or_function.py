"""`go` is an alias or a function of the shell."""

import re
from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import remove_lines, replace_line
from gomedic.fixes.path import add_lines
from gomedic.model import Evidence, Finding, Fix, Move, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("`go` is the go command")
WHY = N_("A shell runs an alias or a function of that name before it looks for a program on PATH.")
FOUND = N_("In {where}, `go` is not the go command: {alias}")
RENAME = N_("Rename the alias go to {new} in {file}")
REMOVE = N_("Remove the alias go from {file}")
FORGET = N_("Take `go` back in your own start-up files")
ASIDE = N_("Put {file} aside, so that fish no longer makes `go` a function")
_DEFINED = re.compile(r"^# Defined in (/.*) @ line (\d+)", re.MULTILINE)
_TAKE_BACK = {"fish": ["functions --erase go"]}
_OF_OTHERS = ["unalias go 2>/dev/null", "unset -f go 2>/dev/null"]
_SETS = re.compile(r"^\s*(?:alias\s+(?:--\s+)?go(?:=|\s)|(?:function\s+go\b|go\s*\(\)))")
_ALIAS = re.compile(r"^(\s*alias\s+)go(?==|\s)")


def _run(facts: Facts) -> Iterator[Finding]:
    hit: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        if session.alias is not None:
            hit.setdefault(session.alias, []).append(session)
    for alias, sessions in hit.items():
        yield _finding(facts, alias, sessions)


def _autoloaded(facts: Facts, alias: str) -> Evidence | None:
    """Return where fish says that it has a function from: a file of that name in a folder of functions."""
    found = _DEFINED.search(alias)
    return (
        told(alias.splitlines()[0], None, found[1], int(found[2]))
        if found and facts.exists(found[1])
        else None
    )


def _finding(facts: Facts, alias: str, sessions: list[Session]) -> Finding:
    place = _autoloaded(facts, alias) or _place(facts, sessions)
    values: Values = {"where": where(sessions), "alias": alias.splitlines()[0]}
    evidence = (told(place.text, None, place.file, place.line),) if place else ()
    return Finding(
        check="go-alias-or-function",
        subject=place.file or "go" if place else "go",
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(*evidence, told(alias.splitlines()[0], sessions[0])),
        fixes=_fixes(facts, place, sessions) if place else (),
        sessions=kinds(sessions),
        weight=65,
    )


def _place(facts: Facts, sessions: list[Session]) -> Evidence | None:
    """Return the last line that a session read which makes `go` something else."""
    found = None
    for path in sessions[0].files:
        file = facts.startup.get(path)
        for number, line in enumerate(file.lines if file else [], 1):
            if _SETS.match(line):
                found = told(line.strip(), None, path, number)
    return found


def _fixes(facts: Facts, place: Evidence, sessions: list[Session]) -> tuple[Fix, ...]:
    path, number = place.file or "", place.line or 0
    if not facts.writable(path):
        steps = add_lines(facts, kinds(sessions), lambda family: _TAKE_BACK.get(family, _OF_OTHERS))
        return (Fix("forget", Message(FORGET), steps, safe=True),)
    if path.endswith("/functions/go.fish"):
        aside = Move(source=path, target=f"{path}.off")
        return (Fix("aside", Message(ASIDE, {"file": facts.short(path)}), (aside,), safe=True),)
    if _ALIAS.match(place.text) is None:
        return ()
    new = "g" + (re.sub(r"\W", "", place.text.split()[-1])[:2] or "oo")
    new = "gco" if "checkout" in place.text else new
    renamed = replace_line(facts, path, number, lambda line: _ALIAS.sub(rf"\g<1>{new}", line))
    removed = remove_lines(facts, path, {number})
    safe = not removed.privileged
    return (
        *(
            (Fix("rename", Message(RENAME, {"new": new, "file": facts.short(path)}), (renamed,), safe=safe),)
            if renamed
            else ()
        ),
        Fix("remove", Message(REMOVE, {"file": facts.short(path)}), (removed,), safe=safe),
    )


CHECK = Check(
    "go-alias-or-function",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"where": TERMINAL, "alias": "go is an alias for git checkout"}),
    found=N_(
        "The shell itself is asked what `go` is, and the files that it read are searched for the line that makes it something else."
    ),
    cured=N_(
        "The fix gives the alias another name, or removes its line; where that file is not yours, your own start-up files take it back. A function of your own of that name is left to you: rename it, or say `command go` to get the real one."
    ),
    threads=("GitHowTo/githowto-content#55", "fish-shell/fish-shell#5983"),
)
