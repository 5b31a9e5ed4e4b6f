"""All that the window shows of several fixes done or taken back as one, gathered off the GUI thread."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from gomedic.ending import ending
from gomedic.model import Progress, Receipt
from gomedic.together import Chosen, Course
from gomedic_gui.case import Case, case_of, examining
from gomedic_gui.doctor import Doctor

if TYPE_CHECKING:  # imported where it is asked for: an examination must be quick
    from gomedic.taking_back import Return


class TreatedMany(Struct, frozen=True):
    """How far a plan has come, and the case as it is now."""

    course: Course
    case: Case


class TakenBackMany(Struct, frozen=True):
    """How far a taking back has come, and last the case as it is now."""

    course: "Return"
    case: Case | None = None  # None: not examined again yet


def treating_many(doctor: Doctor, case: Case, chosen: Sequence[Chosen]) -> Iterator[Progress | TreatedMany]:
    """Carry out fixes one after the other; yield progress, and how far it has come whenever that changes."""
    shown = None
    with ending(doctor.many.treat(case.examination, chosen)) as work:
        for value in work:
            if isinstance(value, Progress):
                yield value
                continue
            if value.treatment is not None and value.treatment is not shown:
                shown = value.treatment
                case = case_of(doctor, shown.examination)
            yield TreatedMany(value, case)


def taking_back_many(doctor: Doctor, receipts: Sequence[Receipt]) -> Iterator[Progress | TakenBackMany]:
    """Take fixes back, the newest first, and examine again; yield progress, and how far it has come."""
    course: Return | None = None
    with ending(doctor.many.take_back(receipts)) as work:
        for value in work:
            if isinstance(value, Progress):
                yield value
            else:
                course = value
                yield TakenBackMany(course)
    for seen in examining(doctor):
        if isinstance(seen, Progress):
            yield seen
        elif seen.settled and course is not None:
            yield TakenBackMany(course, seen)
