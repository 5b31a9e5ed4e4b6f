"""Lines that put Go on PATH, in files that a session read, and that came to nothing there."""

import re
from collections.abc import Iterator

from msgspec import Struct

from gomedic.facts import Facts
from gomedic.fixes.shell_text import as_meant
from gomedic.model import Origin, Session
from gomedic.probes.mentions import Mention
from gomedic.sessions.startup_files import family_of

_KINDS = ("terminal", "ssh")  # interactive; others leave ~/.bashrc at its guard, which is no fault


_SETS_PATH = re.compile(r"PATH\W|\bpath\b|fish_add_path")


class LostLine(Struct, frozen=True):
    """A line for Go, and the sessions for which it does nothing."""

    mention: Mention
    sessions: tuple[Session, ...]
    reset: Origin | None = None  # the later line that builds PATH anew
    ran: bool = False  # the sessions come to the line, and it does not put the folder on PATH


def lost_lines(facts: Facts, folder: str) -> Iterator[LostLine]:
    """Yield each line that would put `folder` on PATH, had its file been run to the end or nothing reset PATH later."""
    for mention in facts.mentions(folder):
        # a start-up that left for another shell is the matter of that shell's files
        there = (s for s in facts.lacking if s.kind in _KINDS and s.state != "execed")
        read = [s for s in there if mention.file in s.files and folder not in {e.entry for e in s.path}]
        resets = {s.kind: _reset(facts, s, mention) for s in read if _came_to(s, mention)}
        left = [s for s in read if s.kind not in resets or not _ends_in_return(facts, mention)]
        idle = tuple(s for s in left if resets.get(s.kind, s) is None and _is_sure(s, mention))
        unreached = tuple(s for s in left if resets.get(s.kind) is None and s not in idle)
        if unreached:
            yield LostLine(mention, unreached)
        first = next((origin for origin in resets.values() if origin is not None), None)
        if first is not None:
            same = tuple(
                s for s in read if (o := resets.get(s.kind)) is not None and _place(o) == _place(first)
            )
            yield LostLine(mention, same, reset=first)
        if idle and _SETS_PATH.search(mention.text):
            yield LostLine(mention, idle, ran=True)


def _came_to(session: Session, mention: Mention) -> bool:
    return mention.line in session.reached.get(mention.file, ())


def _ends_in_return(facts: Facts, mention: Mention) -> bool:
    """Tell whether a line ends in a carriage return, which is why it does nothing: rc-crlf tells of that."""
    return facts.startup[mention.file].lines[mention.line - 1].endswith("\r")


def _is_sure(session: Session, mention: Mention) -> bool:
    """Tell whether the shell itself came so far: dash's steps were replayed in bash, which may have gone further."""
    return family_of(session.shell) != "sh" or as_meant(mention.text) is not None


def _reset(facts: Facts, session: Session, mention: Mention) -> Origin | None:
    """Return the one line that all of PATH comes from, if it is another than the line for Go, and run after it."""
    origins = {_place(entry.origin): entry.origin for entry in session.path}
    only = next(iter(origins.values()), None) if len(origins) == 1 else None
    elsewhere = only is not None and only.is_line and _place(only) != (mention.file, mention.line)
    return only if elsewhere and only and _runs_later(facts, session, only, mention) else None


def _runs_later(facts: Facts, session: Session, origin: Origin, mention: Mention) -> bool:
    """Tell whether a session runs a line after another: further down, in a later file, or back in one that reads its file."""
    line, files = origin.line or 0, session.files
    if origin.path == mention.file:
        return line > mention.line
    if origin.path in files and files.index(origin.path) > files.index(mention.file):
        return f"{mention.file}:{mention.line}" not in origin.chain
    calls = [m.line for m in facts.mentions(mention.file) if m.file == origin.path]
    return any(at < line for at in calls)


def _place(origin: Origin) -> tuple[str, int | None]:
    return origin.path or origin.file, origin.line
