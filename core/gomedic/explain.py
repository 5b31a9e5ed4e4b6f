"""Where a value comes from, told for people: the ladder of PATH with the winner marked, or a variable's line."""

import os
from collections.abc import Iterable
from typing import Any

from gomedic.model import Examination, Origin, Session
from gomedic.preview import shown
from gomedic.report import Catalogue, Line, entry_json, session_json, variable_json
from gomedic.terms import source_of
from gomedic.texts import N_, Message, in_language

NOT_SET = N_("not set")
NOT_EXPORTED = N_("set in the shell, but not exported")
MISSING = N_("does not exist")
EMPTY = N_("(empty: the current folder)")
RUNS = N_("this one runs: {version}")
HIDDEN = N_("a go that is never reached: {version}")
ALIAS = N_("`go` is not a program here: {alias}")
CALLED = N_("called from {chain}")


def explain_json(examination: Examination, what: str, kind: str | None) -> dict[str, Any]:
    """Return the document of `gomedic explain WHAT --json`: for each session the value and its origins."""
    found = []
    for session in _sessions(examination, kind):
        row: dict[str, Any] = {"kind": session.kind, "shell": session.shell, "state": session.state}
        if what in ("go", "PATH"):
            row |= {"go": session_json(session)["go"], "path": [entry_json(entry) for entry in session.path]}
        else:
            variable = session.variables.get(what)
            row["variable"] = variable_json(variable) if variable is not None else None
        found.append(row)
    return {"schema": 1, "what": what, "sessions": found}


def explain_text(examination: Examination, what: str, kind: str | None, catalogue: Catalogue) -> list[Line]:
    """Return the same as lines for people."""
    lines: list[Line] = []
    versions = {os.path.realpath(tool.binary): tool.version for tool in examination.toolchains}
    for session in _sessions(examination, kind):
        lines.append((f"{session.kind}  ({session.shell})", "bold"))
        if what in ("go", "PATH"):
            lines += _ladder(session, versions, catalogue, only_go=what == "go")
        else:
            lines += _variable(session, what, catalogue)
        lines.append(("", ""))
    return lines


def _sessions(examination: Examination, kind: str | None) -> Iterable[Session]:
    return [session for session in examination.sessions if kind in (None, session.kind)]


def _ladder(session: Session, versions: dict[str, str], catalogue: Catalogue, *, only_go: bool) -> list[Line]:
    """Return the entries of PATH in order; `only_go` those that have a go, all where none has."""
    lines: list[Line] = []
    if session.alias:
        lines.append(("  " + in_language(Message(ALIAS, {"alias": session.alias}), catalogue), "yellow"))
    rows = []
    reached = False
    for number, entry in enumerate(session.path, 1):
        binary = os.path.join(entry.entry, "go")
        has_go = entry.entry.startswith("/") and os.access(binary, os.X_OK) and os.path.isfile(binary)
        note, style = "", "dim" if not entry.exists else ""
        if has_go:
            version = versions.get(os.path.realpath(binary)) or "?"
            note = in_language(Message(HIDDEN if reached else RUNS, {"version": version}), catalogue)
            style = "dim" if reached else "bold green"
            reached = True
        elif not entry.exists:
            note = in_language(Message(MISSING), catalogue)
        rows.append((number, entry, has_go, note, style))
    shown_rows = [row for row in rows if row[2]] if only_go and reached else rows
    for number, entry, has_go, note, style in shown_rows:
        mark = "▶" if has_go and style.startswith("bold") else "○" if has_go else " "
        text = f"  {mark} {number:>2}  {shown(entry.entry) or in_language(Message(EMPTY), catalogue)}"
        lines.append((f"{text}   {note}" if note else text, style))
        lines.append((f"         {_origin(entry.origin, catalogue)}", "dim"))
    return lines


def _variable(session: Session, name: str, catalogue: Catalogue) -> list[Line]:
    variable = session.variables.get(name)
    if variable is None and name in session.environment:
        return [(f"    {name}={shown(session.environment[name])}", "")]
    if variable is None:
        return [(f"    {in_language(Message(NOT_SET), catalogue)}", "dim")]
    lines: list[Line] = [(f"    {name}={shown(variable.value)}", "bold" if variable.exported else "yellow")]
    if not variable.exported:
        lines.append((f"    {in_language(Message(NOT_EXPORTED), catalogue)}", "yellow"))
    return [*lines, (f"    {_origin(variable.origin, catalogue)}", "dim")]


def _origin(origin: Origin, catalogue: Catalogue) -> str:
    source = source_of(origin)
    if source is not None:
        return in_language(source, catalogue)
    place = f"{origin.file}:{origin.line}" if origin.line else origin.file
    text = f"{place}  {shown(origin.text)}" if origin.text and origin.line else place
    if origin.chain:
        text += "  " + in_language(Message(CALLED, {"chain": " ← ".join(origin.chain)}), catalogue)
    return text
