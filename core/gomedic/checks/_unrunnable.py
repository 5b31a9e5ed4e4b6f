"""What the checks of a `go` that cannot be started share."""

import os
from collections.abc import Iterator

from gomedic.checks._words import kinds, seen, told, where
from gomedic.facts import Facts
from gomedic.fixes.install import install_go, use_other
from gomedic.go_tree import Program
from gomedic.model import Finding, Session, Severity
from gomedic.texts import Message, Values


def first_commands(facts: Facts) -> Iterator[tuple[str, Program, list[Session]]]:
    """Yield each `go` that judged sessions run, with what its head says and those sessions."""
    hit: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        if session.go is not None:
            hit.setdefault(session.go.path, []).append(session)
    for path, sessions in hit.items():
        head = facts.program(path)
        if head is not None:
            yield path, head, sessions


def values(facts: Facts, path: str, sessions: list[Session]) -> Values:
    """Return what the messages of these checks name; the command by its real path, links resolved."""
    return {"where": where(sessions), "path": facts.real(path), "native": facts.native_arch}


def finding(
    facts: Facts, check: str, path: str, sessions: list[Session], message: Message, why: str, text: str
) -> Finding:
    """Return the finding of one of these checks; another Go that runs here is the cure, else a fresh one."""
    session = sessions[0]
    entry = next(e for e in session.path if session.go and os.path.join(e.entry, "go") == session.go.path)
    root = session.go.root if session.go else None
    return Finding(
        check=check,
        subject=path,
        severity=Severity.ERROR,
        message=message,
        why=Message(why),
        evidence=(seen(entry.origin, session), told(text, session, path)),
        fixes=(*use_other(facts, root or path, kinds(sessions)), install_go(facts, "latest")),
        sessions=kinds(sessions),
        weight=68,
    )
