"""Words and evidence that many checks share."""

from collections.abc import Iterable, Sequence
from functools import reduce

from gomedic.model import Evidence, Origin, Session
from gomedic.texts import N_, Message

KINDS = {
    "terminal": N_("a new terminal"),
    "ssh": N_("a login over ssh"),
    "login": N_("a login with su -"),
    "command": N_("a command over ssh"),
    "exec": N_("a docker exec session"),
    "cron": N_("a scheduled job"),
    "sudo": N_("a command with sudo"),
    "editor": N_("an editor"),
}
TERMINAL, SSH = Message(KINDS["terminal"]), Message(KINDS["ssh"])  # for examples
COMMA = N_("{some}, {more}")
AND = N_("{some} and {last}")


def kinds(sessions: Iterable[Session]) -> tuple[str, ...]:
    """Return the kinds of some sessions, each once."""
    return tuple(dict.fromkeys(session.kind for session in sessions))


def where(sessions: Iterable[Session]) -> Message:
    """Return the kinds of some sessions in words: "a new terminal, a login over ssh and a scheduled job"."""
    *first, last = (Message(KINDS.get(kind, kind)) for kind in kinds(sessions))
    if not first:
        return last
    joined = reduce(lambda some, more: Message(COMMA, {"some": some, "more": more}), first)
    return Message(AND, {"some": joined, "last": last})


def seen(origin: Origin, session: Session | None = None, text: str | None = None) -> Evidence:
    """Return an origin as evidence: its file, line and text."""
    kind = session.kind if session else None
    return Evidence(text or origin.text or origin.file, origin.path or origin.file, origin.line, kind)


def told(
    text: str, session: Session | None = None, file: str | None = None, line: int | None = None
) -> Evidence:
    """Return what a probe saw as evidence."""
    return Evidence(text, file, line, session.kind if session else None)


def stopped(sessions: Sequence[Session]) -> tuple[Evidence, ...]:
    """Return where start-ups did not come to their end."""
    return tuple(
        seen(session.stopped_at, session)
        for session in sessions
        if session.stopped_at is not None and session.state != "ok"
    )
