"""The what-if table, told: as JSON for programs, as a calm table for people."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from gomedic.overrides.values import ACCOUNT, IMAGE_AUTHOR, ROOT, Outcome, Overrides, Row
from gomedic.preview import shown
from gomedic.report import Catalogue, Json, Line, origin_json
from gomedic.texts import N_, Message, Values, in_language
from gomedic.versions import plain

TITLE = N_(
    "Which ways would make Go {version} in {root} the Go that runs here? Each was tried in a copy of your files."
)
STAND_IN = N_(
    "Which ways would make another Go the one that runs here? No other is on this machine, so a stand-in was tried in a copy of your files."
)
NOW = N_("now")
NO_GO = N_("no go")
WHO = {
    ACCOUNT: N_("What you can do yourself"),
    ROOT: N_("What only root can do"),
    IMAGE_AUTHOR: N_("What only whoever makes the image can do"),
}
LEGEND = N_("✓ works   = runs it already   ✗ does not   ? not tried")
BEST = N_("Best here: {way}.")
BEST_WHERE = N_("Best here, for {where}: {way}.")
NONE_HELPS = N_("None of the ways that need nobody else works here.")
_MARKS = {"works": "✓", "fails": "✗", "untried": "?"}


def overrides_json(found: Overrides, kind: str | None, catalogue: Catalogue) -> Json:
    """Return the document of `gomedic explain --overrides --json` (schema 1)."""
    target = found.target
    return {
        "schema": 1,
        "what": "overrides",
        "target": {
            "version": target.version or None, "root": target.root, "stand_in": target.stand_in,
        },
        "sessions": [
            {"kind": s.kind, "shell": s.shell, "state": s.state, "expected": s.kind in found.judged,
             "go": s.go and {"path": s.go.path, "version": s.go.version, "root": s.go.root}}
            for s in found.sessions if kind in (None, s.kind)
        ],
        "ways": [_row_json(row, kind, catalogue) for row in found.rows],
        "best": found.best, "notes": [in_language(note, catalogue) for note in found.notes],
    }  # fmt: skip


def _row_json(row: Row, kind: str | None, catalogue: Catalogue) -> Json:
    way = row.way
    document: Json = {
        "id": way.id, "by": way.by, "title": in_language(way.title, catalogue), "how": [in_language(line, catalogue) for line in way.how], "tried": row.tried,
        "outcomes": [_outcome_json(outcome, catalogue) for outcome in row.outcomes if kind in (None, outcome.kind)],
    }  # fmt: skip
    return document | ({"note": in_language(way.note, catalogue)} if way.note else {})


def _outcome_json(outcome: Outcome, catalogue: Catalogue) -> Json:
    go = {"path": outcome.path, "version": outcome.version} if outcome.path is not None else None
    document: Json = {"kind": outcome.kind, "state": outcome.state, "already": outcome.already, "go": go}
    if outcome.reason is not None:
        document["reason"] = in_language(outcome.reason, catalogue)
    return document | ({"origin": origin_json(outcome.place)} if outcome.place is not None else {})


# ------------------------------------------------------------------ text


def overrides_text(found: Overrides, kind: str | None, catalogue: Catalogue) -> list[Line]:
    """Return the same as lines for people: a table of marks, and below each way why it fails where it does."""
    kinds = [session.kind for session in found.sessions if kind in (None, session.kind)]
    titles = [in_language(row.way.title, catalogue) for row in found.rows]
    wide = max(map(cell_len, titles), default=0)
    lines = [(in_language(_title(found), catalogue), "bold"), ("", "")]
    lines += _head(found, kinds, wide, catalogue)
    for by, heading in WHO.items():
        rows = [row for row in found.rows if row.way.by == by]
        if rows:
            lines += [("", ""), (in_language(Message(heading), catalogue), "bold")]
            for row in rows:
                lines += _row(row, kinds, wide, catalogue)
    notes = [(in_language(note, catalogue), "yellow") for note in found.notes]
    return [
        *lines,
        ("", ""),
        (in_language(Message(LEGEND), catalogue), "dim"),
        *notes,
        _best(found, catalogue),
    ]


def _title(found: Overrides) -> Message:
    target = found.target
    return (
        Message(STAND_IN)
        if target.stand_in
        else Message(TITLE, {"version": plain(target.version), "root": target.root})
    )


def _columns(kinds: Sequence[str]) -> list[int]:
    return [max(len(kind), 8) for kind in kinds]


def _head(found: Overrides, kinds: Sequence[str], wide: int, catalogue: Catalogue) -> list[Line]:
    nothing = in_language(Message(NO_GO), catalogue)
    gos = {s.kind: plain(s.go.version) if s.go else nothing for s in found.sessions}
    now = in_language(Message(NOW), catalogue)
    return [
        (_cells("", kinds, kinds, wide), "dim"),
        (_cells(now, [gos[kind] for kind in kinds], kinds, wide), ""),
    ]


def _cells(first: str, cells: Iterable[str], kinds: Sequence[str], wide: int) -> str:
    padded = (_padded(cell, width) for cell, width in zip(cells, _columns(kinds), strict=True))
    return f"  {_padded(shown(first), wide)}  {'  '.join(padded)}".rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))


def _row(row: Row, kinds: Sequence[str], wide: int, catalogue: Catalogue) -> list[Line]:
    outcomes = {outcome.kind: outcome for outcome in row.outcomes}
    marks = ["=" if outcomes[kind].already else _MARKS[outcomes[kind].state] for kind in kinds]
    new = any(outcomes[kind].state == "works" and not outcomes[kind].already for kind in kinds)
    first = _cells(in_language(row.way.title, catalogue), marks, kinds, wide)
    lines: list[Line] = [(first, "green" if new else "")]
    if new or "untried" in {outcome.state for outcome in outcomes.values()}:
        lines += [(f"      {shown(in_language(line, catalogue))}", "cyan") for line in row.way.how]
    for reason, where in _reasons([outcomes[kind] for kind in kinds], catalogue).items():
        lines.append((f"      {', '.join(where)}: {shown(reason)}", "dim"))
    if row.way.note is not None:
        lines.append((f"      {in_language(row.way.note, catalogue)}", "dim"))
    return lines


def _reasons(outcomes: Iterable[Outcome], catalogue: Catalogue) -> dict[str, list[str]]:
    """Return each reason with the kinds of session that it is for."""
    found: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.reason is not None:
            found.setdefault(in_language(outcome.reason, catalogue), []).append(outcome.kind)
    return found


def _best(found: Overrides, catalogue: Catalogue) -> Line:
    row = next((row for row in found.rows if row.way.id == found.best), None)
    if row is None:
        return in_language(Message(NONE_HELPS), catalogue), "yellow"
    values: Values = {"way": row.way.title, "where": ", ".join(row.works)}
    everywhere = set(found.judged) <= set(row.works)
    return in_language(Message(BEST if everywhere else BEST_WHERE, values), catalogue), "bold green"
