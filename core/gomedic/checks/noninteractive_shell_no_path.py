"""Go is set up below the line that sends shells away that are not interactive."""

from collections.abc import Iterator

from gomedic.checks._words import kinds, seen, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import Evidence, Finding, Fix, PathEntry, Session, Severity
from gomedic.texts import N_, Message

TITLE = N_("Commands over ssh and scheduled jobs have Go")
WHY = N_(
    "Such shells are not interactive: they leave ~/.bashrc at its guard, or read no start-up file at all."
)
GUARD = N_(
    "`ssh host command` has no `go`: {file} puts it on PATH below line {line}, where a shell that is not interactive stops reading."
)
NONE = N_("Terminals have `go` from {file}, but {where} cannot find it.")
CRON = N_(
    "Scheduled jobs cannot find `go`, which terminals have from {file}; the line PATH={path} at the top of {crontab} lets them."
)
ADD = N_("Put {folder} on PATH for commands over ssh too")


def _run(facts: Facts) -> Iterator[Finding]:
    terminal = facts.session("terminal")
    entry = (
        next((e for e in terminal.path if facts.holds_go(e.entry)), None)
        if terminal and terminal.go
        else None
    )
    if terminal is None or entry is None or entry.origin.path is None:
        return
    for kind in ("command", "cron"):
        session = facts.session(kind)
        if session is not None and session.go is None and session.alias is None:
            yield _finding(facts, session, entry)


def _finding(facts: Facts, session: Session, entry: PathEntry) -> Finding:
    file = entry.origin.path or ""
    guard = next((s for s in session.skipped_files if s.file == file and s.why == "returned early"), None)
    used = facts.usage.get(session.kind)
    shown: list[Evidence] = [seen(entry.origin)]
    if guard is not None:
        shown.append(told(guard.text or "return", session, guard.file, guard.line))
        message = Message(GUARD, {"file": facts.short(file), "line": guard.line or 0})
    elif session.kind == "cron":
        path = ":".join([entry.entry, *(e.entry for e in session.path)])
        message = Message(CRON, {"file": facts.short(file), "path": path, "crontab": _crontab(used)})
    else:
        message = Message(NONE, {"where": where([session]), "file": facts.short(file)})
    if used:
        shown.append(told(used, session, used if used.startswith("/") else None))
    steps = put_on_path(facts, entry.entry, ("command",), first=True) if session.kind == "command" else ()
    fix = Fix("above-guard", Message(ADD, {"folder": facts.short(entry.entry)}), steps, safe=True)
    return Finding(
        check="noninteractive-shell-no-path",
        subject=session.kind,
        severity=Severity.ERROR if used else Severity.HINT,
        message=message,
        why=Message(WHY),
        evidence=tuple(shown),
        fixes=(fix,) if steps else (),
        sessions=kinds([session]),
        weight=20,
    )


def _crontab(used: str | None) -> str:
    """Return the crontab that calls go; the account's own is changed by a command (crontab(1))."""
    return used if used and used.startswith("/etc/") else "`crontab -e`"


CHECK = Check(
    "noninteractive-shell-no-path",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.HINT),
    example=Message(GUARD, {"file": "~/.bashrc", "line": 8}),
    found=N_(
        "A command over ssh and a scheduled job are started just as they would be, and their PATH is compared with that of a terminal. It is an error only where something shows that they are used here."
    ),
    cured=N_(
        "For commands over ssh, the fix puts the folder on PATH above the line where ~/.bashrc stops. In a crontab, write the full path, such as /usr/local/go/bin/go, or a line PATH=… at its top."
    ),
    threads=("appleboy/ssh-action#173", "appleboy/ssh-action#31", "fabric/fabric#1816", "rclone/rclone#562"),
)
