"""Several fixes taken back, the newest first: what that would do, and doing it."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gomedic import repair
from gomedic.carrying import ACCOUNT, View
from gomedic.doctor import take_back
from gomedic.ending import ending
from gomedic.host import Host
from gomedic.model import Progress, Receipt, Step
from gomedic.problems import BusyError, Left, NeedsRootError, RepairError, RollbackError
from gomedic.texts import Message


class Prospect(Struct, frozen=True):
    """What taking one fix back would do, once those after it are taken back."""

    receipt: Receipt
    steps: tuple[Step, ...] = ()  # none where there is nothing to do, or it cannot be done
    why_not: Message | None = None
    left: tuple[Left, ...] = ()  # what has changed since


class Kept(Struct, frozen=True):
    """A fix that could not be taken back: it is as it was, and so is what it saved."""

    receipt: Receipt
    why: Message
    left: tuple[Left, ...] = ()
    commands: tuple[str, ...] = ()  # what an administrator would type


class Return(Struct, frozen=True):
    """How far a taking back has come."""

    wanted: tuple[Receipt, ...]  # the newest first
    at: int = 0  # number of the one that is under way, from 0
    restored: tuple[Receipt, ...] = ()
    paths: tuple[str, ...] = ()  # which were put back
    kept: tuple[Kept, ...] = ()
    over: bool = False


def open_fixes(receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return those that can still be taken back, the newest first."""
    return tuple(sorted((r for r in receipts if not r.over), key=lambda r: r.id, reverse=True))


def prospects(host: Host, receipts: Sequence[Receipt]) -> tuple[Prospect, ...]:
    """Return what taking them back would do, the newest first; nothing is changed."""
    view = View(ACCOUNT)
    return tuple(_prospect(host, receipt, view) for receipt in open_fixes(receipts))


def _prospect(host: Host, receipt: Receipt, view: View) -> Prospect:
    before = dict(view.would_be)
    try:
        return Prospect(receipt, repair.inverse(host, receipt, view))
    except RepairError as error:
        view.would_be = before
        return Prospect(receipt, (), error.message, error.left)
    except OSError:  # what the account cannot look at: the helper does
        return Prospect(receipt, tuple(step.inverse() for step in reversed(receipt.steps)))


def take_back_all(
    host: Host, receipts: Sequence[Receipt], *, may_ask: bool = False
) -> Iterator[Progress | Return]:
    """Take fixes back, the newest first; yield progress, and how far it has come whenever that changes.

    Each is taken back whole or not at all. One that cannot be, since something has changed after it, stays, and is
    told; older ones are taken back all the same where nothing that they touch has changed since. Closing the
    generator leaves those taken back that are. Raises BusyError, and RollbackError where something could not be put back.
    """
    course = Return(open_fixes(receipts))
    for number, receipt in enumerate(course.wanted):
        course = replace(course, at=number)
        yield course
        try:
            with ending(take_back(host, receipt.id, may_ask=may_ask)) as work:
                for value in work:
                    if not isinstance(value, Progress):
                        paths = dict.fromkeys((*course.paths, *value.restored))
                        course = replace(course, restored=(*course.restored, receipt), paths=tuple(paths))
                    yield value if isinstance(value, Progress) else course
        except (BusyError, RollbackError):
            raise
        except RepairError as error:
            course = replace(course, kept=(*course.kept, _kept(receipt, error)))
    yield replace(course, over=True)


def _kept(receipt: Receipt, error: RepairError) -> Kept:
    commands = error.commands if isinstance(error, NeedsRootError) else ()
    return Kept(receipt, error.message, error.left, commands)
