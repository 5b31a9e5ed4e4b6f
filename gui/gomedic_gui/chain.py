"""The start-up of a session as a chain: the files in the order they are read, what each set, where reading ended."""

import os
from collections.abc import Iterable

from msgspec import Struct, structs

from gomedic.model import Origin, Session, SkippedFile


class Deed(Struct, frozen=True):
    """One thing that a line of a start-up file did."""

    line: int | None
    name: str  # of the variable
    value: str  # of PATH: the entry
    text: str | None = None  # of the line


class Link(Struct, frozen=True):
    """One start-up file, or what a session starts with, and what became of it."""

    file: str  # "" for what the session starts with
    state: str  # "start" "read" "left" "stopped" "unreadable" "suffix" "masked"
    line: int | None = None  # where it was left, or where start-up stopped
    text: str | None = None  # of that line
    deeds: tuple[Deed, ...] = ()
    other: str | None = None  # the file that is read in its place


def chain_of(session: Session) -> tuple[Link, ...]:
    """Return the links in the order they are read; those passed over stand where they would have been."""
    deeds = _deeds(session)
    start = Link("", "start", deeds=tuple(deed for place, deed in deeds if place is None))
    links = [start] if start.deeds or not session.files else []
    links += [_read(file, session, deeds) for file in _files(session, deeds)]
    known = {link.file for link in links}
    for skip in session.skipped_files:
        if skip.file not in known:
            links.insert(_position(links, skip), _skipped(skip))
    return tuple(links)


def _files(session: Session, deeds: Iterable[tuple[str | None, Deed]]) -> list[str]:
    """Return what was read, and what set something without the shell reading it: PAM does so before any shell."""
    read = list(session.files)
    before = [place for place, _deed in deeds if place is not None and place not in read]
    stopped = session.stopped_at.path if session.stopped_at else None
    return [*dict.fromkeys([*before, *read, *([stopped] if stopped else [])])]


def _deeds(session: Session) -> list[tuple[str | None, Deed]]:
    """Return what was set and by which file (None: by what the session starts with), PATH's entries first."""
    entries = [(e.origin, "PATH", e.entry) for e in session.path]
    others = [(v.origin, name, v.value) for name, v in session.variables.items()]
    return [
        (origin.path, Deed(origin.line, name, value, origin.text)) for origin, name, value in entries + others
    ]


def _read(file: str, session: Session, deeds: Iterable[tuple[str | None, Deed]]) -> Link:
    own = sorted((deed for place, deed in deeds if place == file), key=lambda deed: deed.line or 0)
    link = Link(file, "read", deeds=tuple(own))
    stopped = session.stopped_at
    if stopped is not None and stopped.path == file:
        return structs.replace(link, state="stopped", line=stopped.line, text=stopped.text)
    left = next((s for s in session.skipped_files if s.file == file and s.why == "returned early"), None)
    return structs.replace(link, state="left", line=left.line, text=left.text) if left else link


def _skipped(skip: SkippedFile) -> Link:
    if skip.why.startswith("masked by "):
        return Link(skip.file, "masked", other=skip.why.removeprefix("masked by "))
    state = skip.why if skip.why in ("unreadable", "suffix") else "left"
    return Link(skip.file, state, skip.line, skip.text)


def _position(links: list[Link], skip: SkippedFile) -> int:
    """Return where a file that was passed over belongs: after what was read instead, or what lies beside it."""
    other = skip.why.removeprefix("masked by ")
    beside = [at for at, link in enumerate(links, 1) if link.file == other]
    folder = os.path.dirname(skip.file)
    beside = beside or [at for at, link in enumerate(links, 1) if os.path.dirname(link.file) == folder]
    return beside[-1] if beside else len(links)


def places_of(session: Session) -> set[tuple[str, int]]:
    """Return the lines that a session's pictures name, each as file and number."""
    origins: list[Origin] = [entry.origin for entry in session.path]
    origins += [variable.origin for variable in session.variables.values()]
    named = {(o.path, o.line) for o in origins if o.path is not None and o.line is not None}
    named |= {(skip.file, skip.line) for skip in session.skipped_files if skip.line is not None}
    stopped = session.stopped_at
    return named | ({(stopped.file, stopped.line)} if stopped is not None and stopped.line else set())
