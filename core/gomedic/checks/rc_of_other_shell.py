"""The Go lines stand in a start-up file of a shell that the session does not use."""

import os
from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, seen, stopped, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import Evidence, Finding, Fix, Session, Severity
from gomedic.probes.mentions import Mention
from gomedic.sessions.startup_files import family_of
from gomedic.texts import N_, Message, Values

TITLE = N_("The Go lines stand in files that the shell reads")
WHY = N_(
    "Each kind of shell reads its own start-up files: zsh and fish know nothing of ~/.bashrc and ~/.profile."
)
FOUND = N_("{file} puts {folder} on PATH, but {shell} does not read that file, so {where} cannot find `go`.")
ADD = N_("Put {folder} on PATH in the files of {shell}")
_READS = {"bash": ("bash", "sh", ""), "sh": ("sh", ""), "zsh": ("zsh", ""), "fish": ("fish", "")}


def _run(facts: Facts) -> Iterator[Finding]:
    told_of: set[str] = set()
    for session in facts.lacking:
        mention = _elsewhere(facts, session)
        if mention is None or mention.file in told_of:
            continue
        told_of.add(mention.file)
        same = [s for s in facts.lacking if _elsewhere(facts, s) == mention]
        yield _finding(facts, session, same, mention)


def _elsewhere(facts: Facts, session: Session) -> Mention | None:
    """Return the first line in another shell's file that names a folder with a go in it."""
    own = _READS.get(family_of(session.shell), ())
    others = (
        file.path
        for file in facts.startup.values()
        if (file.family not in own and file.family != "pam") or facts.is_left_behind(file.path)
    )
    named = (mention for path in others for mention in facts.mentions_in(path))
    return next((mention for mention in named if facts.holds_go(mention.folder)), None)


def _finding(facts: Facts, session: Session, same: list[Session], mention: Mention) -> Finding:
    shell = os.path.basename(session.shell)
    values: Values = {
        "file": facts.short(mention.file),
        "folder": facts.short(mention.folder),
        "shell": shell,
        "where": where(same),
    }
    steps = put_on_path(facts, mention.folder, kinds(facts.lacking), first=False)
    return Finding(
        check="rc-of-other-shell",
        subject=mention.file,
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(
            told(mention.text, None, mention.file, mention.line),
            told(session.shell, session),
            *_moved(facts, session, mention),
            *stopped(same),
        ),
        fixes=(Fix("own-files", Message(ADD, values), steps, safe=True),),
        sessions=kinds(same),
        weight=55,
    )


def _moved(facts: Facts, session: Session, mention: Mention) -> tuple[Evidence, ...]:
    """Show what moved the start-up files of zsh away from the home."""
    moved = session.variables.get("ZDOTDIR") if facts.is_left_behind(mention.file) else None
    return (seen(moved.origin, session, f"ZDOTDIR={moved.value}"),) if moved is not None else ()


CHECK = Check(
    "rc-of-other-shell",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND, {"file": "~/.bashrc", "folder": "/usr/local/go/bin", "shell": "zsh", "where": TERMINAL}
    ),
    found=N_(
        "The start-up files of every kind of shell are searched for the folder of Go, and compared with the files that your shell really reads."
    ),
    cured=N_(
        "The fix puts the folder on PATH in the files of the shell that you use. The other file stays as it is."
    ),
    threads=("esimov/triangle#3", "moovweb/gvm#291", "fish-shell/fish-shell#4192"),
)
