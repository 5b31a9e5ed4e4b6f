"""Entries of PATH that are meant for Go and hold none."""

import os
import re
from collections.abc import Iterable

from gomedic.facts import Facts
from gomedic.fixes.shell_text import as_meant
from gomedic.model import PathEntry, Session


def wrong_entries(facts: Facts) -> Iterable[list[tuple[Session, PathEntry]]]:
    """Return such entries of the sessions that lack Go, each by the line that makes it, with all sessions it hits."""
    found: dict[tuple[str, str, int | None], list[tuple[Session, PathEntry]]] = {}
    for session in facts.lacking:
        for entry in session.path:
            if entry.origin.is_line and _leads_nowhere(facts, entry):
                found.setdefault(_key(entry), []).append((session, entry))
    return found.values()


def _key(entry: PathEntry) -> tuple[str, str, int | None]:
    """Tell entries apart; not what a slip in a line glued to whatever PATH held before."""
    glued = as_meant(entry.origin.text or "") is not None
    return "" if glued else entry.entry, entry.origin.file, entry.origin.line


def _leads_nowhere(facts: Facts, entry: PathEntry) -> bool:
    """Tell whether an entry meant for Go is no folder, or is the top of a Go tree, whose programs lie in `bin`."""
    return _is_meant_for_go(entry) if not entry.exists else facts.holds_go(os.path.join(entry.entry, "bin"))


def _is_meant_for_go(entry: PathEntry) -> bool:
    return bool(re.search(r"(^|/)\.?go[\w.-]*(/|$)", entry.entry, re.IGNORECASE)) or "GOROOT" in (
        entry.origin.text or ""
    )
