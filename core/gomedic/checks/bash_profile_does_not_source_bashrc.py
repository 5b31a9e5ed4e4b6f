"""~/.bash_profile keeps bash from the files that put Go on PATH."""

import os
from collections.abc import Iterator

from gomedic.checks._words import SSH, kinds, seen, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import MARK, insert
from gomedic.model import Finding, Fix, PathEntry, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Logins read the file that sets up Go")
WHY = N_(
    "A login bash reads only the first of ~/.bash_profile, ~/.bash_login and ~/.profile, and never ~/.bashrc by itself."
)
FOUND = N_("{mask} keeps a login from reading {file}, which puts {folder} on PATH: {where} cannot find `go`.")
ADD = N_("Let {mask} read {file} first")


def _run(facts: Facts) -> Iterator[Finding]:
    terminal = facts.session("terminal")
    entry = next((e for e in terminal.path if facts.holds_go(e.entry)), None) if terminal else None
    if facts.family != "bash" or entry is None or entry.origin.path is None:
        return
    for session in (facts.session("ssh"), facts.session("login")):
        mask = _mask(facts, session, entry) if session is not None else None
        if session is not None and mask is not None:
            yield _finding(facts, session, entry, mask)
            return


def _mask(facts: Facts, session: Session, entry: PathEntry) -> str | None:
    """Return the login file that a session read without coming to the file that sets up Go."""
    if not facts.lacks_go(session) or entry.origin.path in session.files:
        return None
    masks = (os.path.join(facts.home, name) for name in (".bash_profile", ".bash_login"))
    return next((path for path in masks if path in facts.startup), None)


def _finding(facts: Facts, session: Session, entry: PathEntry, mask: str) -> Finding:
    masked = os.path.join(facts.home, ".profile")
    wanted = (
        masked
        if any(s.file == masked for s in session.skipped_files)
        else os.path.join(facts.home, ".bashrc")
    )
    name = f"~/{os.path.basename(wanted)}"
    values: Values = {
        "mask": facts.short(mask),
        "file": name,
        "folder": entry.entry,
        "where": where([session]),
    }
    lines = [MARK, f"if [ -f {name} ]; then", f"    . {name}", "fi", ""]
    steps = (insert(facts, mask, 1, lines),)
    return Finding(
        check="bash-profile-does-not-source-bashrc",
        subject=mask,
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(
            told(facts.startup[mask].lines[0], session, mask, 1),
            seen(entry.origin, facts.session("terminal")),
        ),
        fixes=(Fix("source", Message(ADD, values), steps, safe=True),),
        sessions=kinds([session]),
        weight=55,
    )


CHECK = Check(
    "bash-profile-does-not-source-bashrc",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND, {"mask": "~/.bash_profile", "file": "~/.bashrc", "folder": "/usr/local/go/bin", "where": SSH}
    ),
    found=N_(
        "The start-up of a login bash is followed line by line: the file that puts Go on PATH is never read, and a ~/.bash_profile or ~/.bash_login stands in its way."
    ),
    cured=N_(
        "The fix puts a few lines at the top of ~/.bash_profile, or of ~/.bash_login, that read that file first. Everything else in it stays as it is."
    ),
    threads=("quii/learn-go-with-tests#413", "regen-network/testnets#377", "exaloop/codon#498"),
)
