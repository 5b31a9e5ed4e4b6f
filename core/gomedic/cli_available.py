"""`gomedic toolchain available`: what could be installed, calmly: the supported lines and the newest of each older one."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gomedic.console import Console
from gomedic.settings import read_settings
from gomedic.texts import N_, Message, in_language

if TYPE_CHECKING:
    from gomedic.toolchain.availability import Available

OK, COULD_NOT = 0, 3
AS_OF = N_("The list is of {date}.")
MORE = N_("{count} more with --all.")
STATES = {
    "stable": N_("stable"),
    "unstable": N_("unstable"),
    "archived": N_("archived"),
    "own": N_("not Google's"),
}
CANNOT_RUN = N_("cannot run here: {reason}")


def run_available(arguments: argparse.Namespace, console: Console) -> int:
    """Tell what could be installed; return the exit code."""
    from gomedic.toolchain.availability import available

    found = console.follow(available(console.host, read_settings(console.host)))
    problems = [in_language(problem, console.catalogue) for problem in found.problems]
    if console.as_json:
        rows = [_as_json(row, console) for row in found.releases]
        console.document({"schema": 1, "releases": rows, "problems": problems, "date": found.date})
    else:
        shown = [row for row in found.releases if row.shown or arguments.all]
        console.lines([_line(row, console) for row in shown])
        console.lines([(text, "dim") for text in _below(found.releases, shown, found.date, console)])
        console.lines([(problem, "yellow") for problem in problems])
    return OK if found.releases else COULD_NOT


def _as_json(found: "Available", console: Console) -> dict[str, Any]:
    row = found.row
    return {
        "version": found.version,
        "stable": found.stable,
        "source": found.source,
        "installed": found.installed,
        "state": row.state,
        "supported": row.supported,
        "runs": row.runs,
        "later": row.later or None,
        "notes": _notes(found, console),
    }


def _notes(found: "Available", console: Console) -> list[str]:
    notes = list(found.row.notes)
    if found.row.why_not is not None:
        notes.insert(0, Message(CANNOT_RUN, {"reason": found.row.why_not}))
    return [in_language(note, console.catalogue) for note in notes]


def _line(found: "Available", console: Console) -> tuple[str, str]:
    state = in_language(Message(STATES[found.row.state]), console.catalogue)
    notes = "; ".join(_notes(found, console))
    mark = "*" if found.installed else " "
    text = f"{mark} {found.version:<16} {state:<10} {found.source:<12} {notes}".rstrip()
    return text, "" if found.row.state in ("stable", "own") else "dim"


def _below(
    every: Sequence["Available"], shown: Sequence["Available"], date: str, console: Console
) -> list[str]:
    said = [Message(AS_OF, {"date": date})] if date else []
    if len(every) > len(shown):
        said.append(Message(MORE, {"count": len(every) - len(shown)}))
    return [in_language(message, console.catalogue) for message in said]
