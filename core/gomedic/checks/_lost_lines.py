"""Lines that put Go on PATH, in files that a session read, and that came to nothing there."""

from collections.abc import Iterator

from msgspec import Struct

from gomedic.facts import Facts
from gomedic.model import Origin, Session
from gomedic.probes.mentions import Mention

_KINDS = ("terminal", "ssh")  # interactive; others leave ~/.bashrc at its guard, which is no fault


class LostLine(Struct, frozen=True):
    """A line for Go, and the sessions for which it does nothing."""

    mention: Mention
    reset: Origin | None  # the later line that builds PATH anew; None: the sessions never come to the line
    sessions: tuple[Session, ...]


def lost_lines(facts: Facts, folder: str) -> Iterator[LostLine]:
    """Yield each line that would put `folder` on PATH, had its file been run to the end or nothing reset PATH later."""
    for mention in facts.mentions(folder):
        # a start-up that left for another shell is the matter of that shell's files
        there = (s for s in facts.lacking if s.kind in _KINDS and s.state != "execed")
        read = [s for s in there if mention.file in s.files]
        unreached = tuple(s for s in read if mention.line not in s.reached.get(mention.file, ()))
        if unreached:
            yield LostLine(mention, None, unreached)
        resets = {s.kind: _reset(s, mention) for s in read if s not in unreached}
        first = next((origin for origin in resets.values() if origin is not None), None)
        if first is not None:
            same = tuple(
                s for s in read if (o := resets.get(s.kind)) is not None and _place(o) == _place(first)
            )
            yield LostLine(mention, first, same)


def _reset(session: Session, mention: Mention) -> Origin | None:
    """Return the one line that all of PATH comes from, if it is another than the line for Go."""
    origins = {_place(entry.origin): entry.origin for entry in session.path}
    only = next(iter(origins.values()), None) if len(origins) == 1 else None
    elsewhere = only is not None and only.is_line and _place(only) != (mention.file, mention.line)
    return only if elsewhere else None


def _place(origin: Origin) -> tuple[str, int | None]:
    return origin.path or origin.file, origin.line
