"""Paths and places, shortened to what a person recognises."""

from gomedic.model import Origin
from gomedic.terms import source_of
from gomedic.texts import N_
from gomedic_gui.text import tr


def tilde(path: str, home: str) -> str:
    """Return `path` with the account's home written ~."""
    if home in ("", "/"):
        return path
    return "~" + path[len(home) :] if path == home or path.startswith(home + "/") else path


def place(file: str, line: int | None, home: str) -> str:
    """Return "~/.bashrc, line 119" in the person's language."""
    if line is None:
        return tilde(file, home)
    return tr(N_("{file}, line {line}"), file=tilde(file, home), line=line)


def origin_in_words(origin: Origin, home: str) -> str:
    """Return who set something: a place in a file, or the source in words."""
    source = source_of(origin)
    if source is not None:
        return tr(source)
    return place(origin.file, origin.line, home)


def origin_in_short(origin: Origin, home: str) -> str:
    """Return who set something as FILE:LINE, or the source in words."""
    source = source_of(origin)
    if source is not None:
        return tr(source)
    file = tilde(origin.file, home)
    return file if origin.line is None else f"{file}:{origin.line}"
