"""What the what-if table shows: which ways to override the machine's Go were tried, and the lines that defeat them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from gomedic.ending import ending
from gomedic.model import Progress, Session
from gomedic.versions import plain
from gomedic_gui.case import Excerpt, excerpts_of
from gomedic_gui.text import enumerated, tr
from gomedic_gui.wording import kind_in_words

if TYPE_CHECKING:  # imported where they are asked for: a window must open quickly
    from gomedic.overrides.values import Outcome, Overrides, Row
    from gomedic_gui.doctor import Doctor

ALREADY = "already"  # a state of the table's own: it works, and did before


class Tried(Struct, frozen=True):
    """The table of a machine, and the lines of its files that it names."""

    found: "Overrides"
    excerpts: Mapping[tuple[str, int], Excerpt]

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The ways of starting work, one for each column."""
        return tuple(each for each in self.found.sessions if not each.is_process)


def trying(doctor: "Doctor") -> Iterator[Progress | Tried]:
    """Try every way; yield progress, and last the table."""
    with ending(doctor.overrides()) as work:
        for value in work:
            if isinstance(value, Progress):
                yield value
            else:
                yield _tried(doctor, value)


def _tried(doctor: "Doctor", found: "Overrides") -> Tried:
    places = {place for row in found.rows for outcome in row.outcomes if (place := place_of(outcome))}
    return Tried(found, excerpts_of(doctor, places))


def question_of(found: "Overrides") -> str:
    """Return what the table answers."""
    from gomedic.overrides.told import STAND_IN, TITLE

    target = found.target
    if target.stand_in:
        return tr(STAND_IN)
    return tr(TITLE, version=plain(target.version), root=target.root)


def answer_of(found: "Overrides") -> str:
    """Return the way that serves most, in a sentence."""
    from gomedic.overrides.told import BEST, BEST_WHERE, NONE_HELPS

    row = next((row for row in found.rows if row.way.id == found.best), None)
    if row is None:
        return tr(NONE_HELPS)
    where = enumerated(kind_in_words(kind) for kind in row.works)
    return tr(BEST if set(found.judged) <= set(row.works) else BEST_WHERE, way=row.way.title, where=where)


def place_of(outcome: "Outcome") -> tuple[str, int] | None:
    """Return the line that defeats a way, as file and number."""
    place = outcome.place
    return (place.path, place.line) if place is not None and place.path and place.line else None


def outcome_of(row: "Row", kind: str) -> "Outcome | None":
    """Return what a way would give a kind of session."""
    return next((outcome for outcome in row.outcomes if outcome.kind == kind), None)


def state_of(outcome: "Outcome") -> str:
    """Return "works", "already", "fails" or "untried"."""
    return ALREADY if outcome.already and outcome.state == "works" else outcome.state


def is_way_out(row: "Row") -> bool:
    """Tell whether a way brings the Go that is wanted somewhere where it does not run yet."""
    return any(state_of(outcome) == "works" for outcome in row.outcomes)
