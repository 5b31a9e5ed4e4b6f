"""The PATH of a session as a ladder: what is tried in which order, and which rung has the `go` that runs."""

import os
from collections.abc import Callable, Sequence

from msgspec import Struct

from gomedic.model import Origin, Session, Toolchain


class Rung(Struct, frozen=True):
    """One entry of PATH and what it means for `go`."""

    entry: str
    state: str  # "runs" "shadowed" "missing" "repeated" "other"
    origin: Origin
    version: str | None = None  # of the go there; "" when not known
    danger: str = ""  # "relative": depends on the current folder; "open": others can put programs there


def ladder_of(
    session: Session,
    toolchains: Sequence[Toolchain],
    go_in: Callable[[str], str | None],
    is_open: Callable[[str], bool] = lambda _folder: False,
) -> tuple[Rung, ...]:
    """Return the rungs in the order they are tried.

    `go_in` gives the real path of the go in a folder; `is_open` tells whether others can put programs into it.
    """
    winner = os.path.dirname(session.go.path) if session.go else None
    seen: set[str] = set()
    rungs = []
    for entry in session.path:
        first = entry.entry not in seen
        seen.add(entry.entry)
        found = go_in(entry.entry) if entry.exists and first else None
        state = _state(entry.entry, entry.exists, first, winner, found)
        version = session.go.version if state == "runs" and session.go else _version(found, toolchains)
        danger = _danger(entry.entry, is_open) if first else ""
        rungs.append(Rung(entry.entry, state, entry.origin, version, danger))
    return tuple(rungs)


def _danger(entry: str, is_open: Callable[[str], bool]) -> str:
    if not entry.startswith("/"):
        return "relative"
    return "open" if is_open(entry) else ""


def _state(entry: str, exists: bool, first: bool, winner: str | None, found: str | None) -> str:
    if not first:
        return "repeated"
    if winner is not None and os.path.normpath(entry) == winner:
        return "runs"
    if not exists:
        return "missing"
    return "shadowed" if found is not None else "other"


def _version(found: str | None, toolchains: Sequence[Toolchain]) -> str | None:
    if found is None:
        return None
    same = (
        chain.version for chain in toolchains if found in (chain.binary, os.path.join(chain.root, "bin/go"))
    )
    return next(same, "")
