"""A running shell or editor still has the environment of before a start-up file was changed."""

import os
from collections.abc import Iterator, Mapping, Sequence

from gomedic.checks._words import kinds, seen, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Session, Severity
from gomedic.probes.running import Running
from gomedic.texts import N_, Message, Values

TITLE = N_("Running shells and editors have today's environment")
WHY = N_(
    "A process keeps the environment it was started with; a change in a start-up file reaches new ones only."
)
SHELL = N_("The shell with process number {pid} still has {old}; a new terminal has {new}.")
EDITOR = N_(
    "{label} (process {pid}) was started before {file} was changed: it has {old}, a new terminal {new}."
)
NOTHING = N_("no go")


def _ahead(facts: Facts) -> None:
    facts.ask_running()


def _run(facts: Facts) -> Iterator[Finding]:
    fresh = facts.session("terminal")
    if fresh is None:
        return
    stale = {running.pid: running for running in facts.running if _is_stale(facts, running, fresh)}
    families: dict[int, list[Running]] = {}
    for running in stale.values():
        families.setdefault(_starter(running, stale).pid, []).append(running)
    for pid, family in families.items():
        yield _finding(facts, stale[pid], fresh, family)


def _is_stale(facts: Facts, running: Running, fresh: Session) -> bool:
    return facts.changed_since(running.started, fresh) is not None and _differs(running.session, fresh)


def _starter(running: Running, stale: Mapping[int, Running]) -> Running:
    """Return the editor that a process of an editor belongs to: who starts that one anew has all of them anew."""
    while running.is_editor and (parent := stale.get(running.parent)) is not None and parent.is_editor:
        running = parent
    return running


def _differs(old: Session, fresh: Session) -> bool:
    """Only what Go goes by counts: which go runs, and where it looks for its parts."""
    paths = (old.go.real_path if old.go else None, fresh.go.real_path if fresh.go else None)
    return paths[0] != paths[1]


def _finding(facts: Facts, running: Running, fresh: Session, family: Sequence[Running]) -> Finding:
    session = running.session
    file = facts.changed_since(running.started, fresh) or ""
    old = session.go.path if session.go else Message(NOTHING)
    new = fresh.go.path if fresh.go else Message(NOTHING)
    label = os.path.basename((session.label or "").split(" ")[0])
    values: Values = {"pid": running.pid, "old": old, "new": new, "label": label, "file": facts.short(file)}
    return Finding(
        check="stale-session-env",
        subject=session.kind,
        severity=Severity.HINT if facts.changed_by_us(file) else Severity.WARNING,
        message=Message(EDITOR if running.is_editor else SHELL, values),
        why=Message(WHY),
        evidence=(told(session.label or "", session), *_winners(session, fresh)),
        sessions=kinds(each.session for each in (running, *family)),
        weight=10,
    )


def _winners(session: Session, fresh: Session) -> Iterator[Evidence]:
    yield told(session.go.path if session.go else "PATH=" + ":".join(e.entry for e in session.path), session)
    if fresh.go is not None:
        entry = next(e for e in fresh.path if os.path.join(e.entry, "go") == fresh.go.path)
        yield seen(entry.origin, fresh)
        yield told(fresh.go.path, fresh)


CHECK = Check(
    "stale-session-env",
    TITLE,
    WHY,
    _run,
    ahead=_ahead,
    severities=(Severity.WARNING, Severity.HINT),
    example=Message(SHELL, {"pid": 2040, "old": "/usr/bin/go", "new": "/usr/local/go/bin/go"}),
    found=N_(
        "Shells and editors that run since before a start-up file was changed are looked at, and which go they find is compared with what a new terminal finds."
    ),
    cured=N_(
        "No file has to be changed. Open a new terminal, or type `exec $SHELL` in the old one. Restart the editor; where it works over ssh, its server too."
    ),
    threads=("golang/vscode-go#1887", "ankitcharolia/goenv#19", "udhos/update-golang#23"),
)
