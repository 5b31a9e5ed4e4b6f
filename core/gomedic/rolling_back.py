"""What was begun is put back, after a failure, a change of mind, a crash or a power cut."""

import contextlib
from collections.abc import Iterator

from gomedic import carrying, journal, privilege
from gomedic.carrying import ACCOUNT, StaleStepError
from gomedic.host import Host
from gomedic.model import Receipt, Step
from gomedic.problems import Left, RepairError, RollbackError
from gomedic.repair_units import Unit, own, path_of, scratch_name, units
from gomedic.texts import N_, Message

_LEFT = N_("{path} could not be put back; what it held before is in {saved}.")
_LEFT_BARE = N_("{path} could not be put back.")


def roll_back(
    host: Host, receipt: Receipt, reached: int, may_ask: bool, cause: BaseException | None = None
) -> None:
    """Put back what the steps before `reached` changed, and forget the receipt. Raises RollbackError.

    After a power cut (no `cause`) later steps may have outlived the note that they were done.
    """
    left: list[Left] = []
    done: list[Step] = []
    for unit in reversed(units(host, receipt)):
        noted = unit.first < reached
        if noted or (cause is None and unit.run is None):
            begun = noted or _has_begun(unit)
            paths = list(_back(host, receipt, unit, may_ask))  # if not begun: a new file beside the target
            left += [left_of(host, receipt, unit.steps[0], path) for path in paths if begun]
            done += unit.steps if begun else ()
    if left:
        with contextlib.suppress(OSError):
            journal.mark(host.state_folder, receipt.id, "left", reached)
        raise RollbackError(worded(left[0], _LEFT, _LEFT_BARE), tuple(left)) from cause
    with contextlib.suppress(OSError):
        carrying.settle(own(host, done), receipt.saved, ACCOUNT)
    journal.remove(host.state_folder, receipt.id)


def _has_begun(unit: Unit) -> bool:
    with contextlib.suppress(OSError):
        return carrying.has_begun(unit.steps[0], ACCOUNT)
    return False


def _back(host: Host, receipt: Receipt, unit: Unit, may_ask: bool) -> Iterator[str]:
    """Take back one unit; yield the path that could not be."""
    step = unit.steps[0]
    try:
        if unit.run is None:
            first = carrying.first_on_path(receipt.steps)[path_of(step)]
            carrying.take_back(step, first, ACCOUNT, scratch_name(receipt, unit.first))
        else:
            act = "undo" if unit.act == "apply" else "apply"
            steps = tuple(step.inverse() for step in reversed(unit.steps))
            privilege.carry_out(host, act, unit.run, steps, may_ask=may_ask)
    except StaleStepError as error:
        yield error.path
    except (OSError, RepairError):
        yield path_of(step)


def left_of(host: Host, receipt: Receipt, step: Step, path: str | None = None) -> Left:
    """Return `path` (None: the one of `step`) with where the receipt keeps what it held."""
    path = path or path_of(step)
    resolved = {ACCOUNT.resolve(path, follow) for follow in (True, False)}
    for record in receipt.saved:
        if record.path in resolved and record.content:
            return Left(path, journal.saved_file(host.state_folder, receipt.id, record))
    return Left(path, None)


def worded(left: Left, text: str, bare: str) -> Message:
    """Return `text` about what is left, `bare` where no content was saved."""
    return (
        Message(text, {"path": left.path, "saved": left.saved})
        if left.saved
        else Message(bare, {"path": left.path})
    )
