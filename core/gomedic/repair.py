"""Apply fixes and take them back, all or nothing: the only module that changes the person's machine."""

import errno
import os
from collections.abc import Iterator, Sequence

import msgspec

from gomedic import carrying, journal, privilege
from gomedic.carrying import ACCOUNT, StaleStepError, View
from gomedic.host import Host
from gomedic.model import Fix, MakeFolder, Progress, Receipt, Step
from gomedic.preview import StepPreview, preview, shown
from gomedic.problems import BusyError, Left, NeedsRootError, RepairError, RollbackError, StaleError
from gomedic.repair_lock import alone, reason, unsaved
from gomedic.repair_units import do, own, path_of, privileged, root_id, units
from gomedic.rolling_back import left_of, roll_back, worded
from gomedic.texts import N_, Message

__all__ = [
    "BusyError",
    "Left",
    "NeedsRootError",
    "RepairError",
    "RollbackError",
    "StaleError",
    "StepPreview",
    "apply",
    "inverse",
    "preview",
    "roll_back_interrupted",
    "undo",
]

_UNDONE = N_("{path} could not be changed ({why}); everything is as it was.")
_FULL = N_("The disk that holds {path} is full; everything is as it was. Make some room and try again.")
_READ_ONLY = N_("The file system that holds {path} is read-only; everything is as it was.")
_STALE = N_("{path} has changed since it was examined, so nothing was done; examine again.")
_CONFLICT = N_(
    "{path} has changed since the fix, so nothing was taken back; what it held before is in {saved}."
)
_CONFLICT_BARE = N_("{path} has changed since the fix, so nothing was taken back.")
_UNKNOWN = N_("There is no fix {receipt} that could be taken back.")
_TAKEN_BACK = N_("The fix {receipt} has been taken back already.")
_GONE = N_("What the fix {receipt} moved aside was deleted since, so it cannot be taken back.")
_CHANGING = N_("Changing {path}")
_RESTORING = N_("Putting back {path}")
_RESUMING = N_("Taking back what an interrupted repair left")
_WHY = {errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EROFS: _READ_ONLY}


# ------------------------------------------------------------------ what others call


def apply(
    host: Host, finding_id: str, fix: Fix, steps: Sequence[Step], *, may_ask: bool = False
) -> Iterator[Progress | Receipt]:
    """Carry out all of `steps` or none; yield progress, last the receipt. Closing the generator takes all back.

    `may_ask` allows a question for a password. Raises StaleError, BusyError, NeedsRootError or another
    RepairError with the machine as it was, RollbackError where it could not be put back.
    """
    with alone(host):
        yield from _roll_back_interrupted(host, may_ask)
        wanted = _missing_only(steps)
        _check(wanted)
        privilege.check(host, privileged(host, wanted), may_ask=may_ask)
        receipt = Receipt(
            journal.new_id(host.state_folder), finding_id, fix.id, fix.title, journal.now(), wanted, 0, "begun",
            root_receipt=root_id(host, wanted),
        )  # fmt: skip
        receipt = _begin(host, receipt)
        yield from _carry_out(host, receipt, may_ask)
        journal.mark(host.state_folder, receipt.id, "done", len(wanted))
        yield msgspec.structs.replace(receipt, state="done", done=len(wanted))


def undo(host: Host, receipt: Receipt, *, may_ask: bool = False) -> Iterator[Progress | Receipt]:
    """Take back what `receipt` did; yield progress, last the receipt as it is then.

    What has changed since is never overwritten: StaleError names it, and nothing is done. Otherwise as `apply`.
    """
    with alone(host):
        yield from _roll_back_interrupted(host, may_ask)
        receipt = _current(host, receipt.id)
        steps = inverse(host, receipt, View(ACCOUNT))
        privilege.check(host, privileged(host, steps), may_ask=may_ask, act="undo")
        work = msgspec.structs.replace(receipt, id=f"{receipt.id}.undo", steps=steps, done=0, state="begun")
        work = _begin(host, work)
        yield from _carry_out(host, work, may_ask, receipt)
        journal.mark(host.state_folder, work.id, "done", len(steps))
        yield _finish_undo(host, receipt)


def roll_back_interrupted(host: Host, *, may_ask: bool = False) -> Iterator[Progress | Receipt]:
    """Take back what a crash or power cut left half done; yield each such receipt. RollbackError if that fails."""
    if journal.interrupted(host.state_folder):
        with alone(host):
            yield from _roll_back_interrupted(host, may_ask, tell=True)


# ------------------------------------------------------------------ before


def _missing_only(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Leave out folders that have come into being meanwhile: they are not ours to remove."""
    return tuple(s for s in steps if not (isinstance(s, MakeFolder) and s.exists and os.path.isdir(s.path)))


def _check(steps: Sequence[Step]) -> None:
    """Raise StaleError unless every step would find what it expects, were those before it done."""
    view = View(ACCOUNT)
    for step in steps:
        try:
            path = carrying.unfit(step, view)
        except PermissionError as error:
            if not step.privileged:
                raise _failed(step, error) from error
            continue  # root's helper looks for itself
        except OSError as error:
            raise _failed(step, error) from error
        if path is not None:
            raise StaleError(Message(_STALE, {"path": shown(path)}), (Left(path, None),))
        view.suppose(step)


def inverse(host: Host, receipt: Receipt, view: View) -> tuple[Step, ...]:
    """Return the steps that take `receipt` back, without what is back already, and suppose them in `view`.

    Raises StaleError.
    """
    steps, left = list[Step](), list[Left]()
    for step in reversed(receipt.steps):
        back = step.inverse()
        if step.privileged and not host.is_root:
            steps.append(back)
        elif carrying.unfit(back, view) is None:
            steps.append(back)
            view.suppose(back)
        elif not carrying.matches(step, view):
            left.append(left_of(host, receipt, step))
    if left:
        raise StaleError(worded(left[0], _CONFLICT, _CONFLICT_BARE), tuple(left))
    return tuple(steps)


def _current(host: Host, receipt_id: str) -> Receipt:
    try:
        receipt = journal.load(host.state_folder, receipt_id)
    except journal.BrokenReceiptError as error:
        raise RepairError(error.message) from error
    if receipt is None:
        raise RepairError(Message(_UNKNOWN, {"receipt": receipt_id}))
    if receipt.state == "taken back":
        raise RepairError(Message(_TAKEN_BACK, {"receipt": receipt_id}))
    if receipt.state == journal.FINAL:
        raise RepairError(Message(_GONE, {"receipt": receipt_id}))
    return receipt


def _begin(host: Host, receipt: Receipt) -> Receipt:
    """Save what the steps touch and write the receipt; return it complete."""
    try:
        saved, contents = carrying.save(receipt.steps, ACCOUNT)
        receipt = msgspec.structs.replace(receipt, saved=saved)
        journal.begin(host.state_folder, receipt, contents)
    except OSError as error:
        raise unsaved(host.state_folder, error) from error
    return receipt


# ------------------------------------------------------------------ doing


def _carry_out(
    host: Host, receipt: Receipt, may_ask: bool, undoing: Receipt | None = None
) -> Iterator[Progress | Receipt]:
    reached = 0  # steps before this one may have changed something
    step = receipt.steps[0] if receipt.steps else None
    try:
        for unit in units(host, receipt):
            step, end = unit.steps[0], unit.first + len(unit.steps)
            words = Message(_CHANGING if undoing is None else _RESTORING, {"path": shown(path_of(step))})
            yield Progress(words, unit.first / len(receipt.steps))
            if unit.run is not None:  # synced: else a power cut could hide that root's part was reached
                journal.mark(host.state_folder, receipt.id, "begun", unit.first)
            reached = end
            try:
                do(host, receipt, unit, may_ask, taking_back=undoing is not None)
            except (StaleStepError, RepairError):  # raised before anything is changed
                reached = unit.first
                raise
            journal.mark(host.state_folder, receipt.id, "begun", end, sync=unit.run is not None)
        if undoing is not None:
            carrying.settle(own(host, undoing.steps), undoing.saved, ACCOUNT)
    except BaseException as cause:
        roll_back(host, receipt, reached, may_ask, cause)
        raise _in_words(step, cause) from cause


def _in_words(step: Step | None, cause: BaseException) -> BaseException:
    if isinstance(cause, StaleStepError):
        return StaleError(Message(_STALE, {"path": shown(cause.path)}), (Left(cause.path, None),))
    if isinstance(cause, OSError) and step is not None:
        return _failed(step, cause)
    return cause


def _failed(step: Step, error: OSError) -> RepairError:
    values: dict[str, str | int | Message] = {
        "path": shown(carrying.paths_of(step)[-1][0]),
        "why": reason(error),
    }
    return RepairError(Message(_WHY.get(error.errno or 0, _UNDONE), values))


def _roll_back_interrupted(host: Host, may_ask: bool, *, tell: bool = False) -> Iterator[Progress | Receipt]:
    for receipt in journal.interrupted(host.state_folder):
        yield Progress(Message(_RESUMING))
        base = receipt.id.removesuffix(".undo")
        if receipt.state == "begun":
            roll_back(host, receipt, receipt.done + 1, may_ask)
        elif receipt.state == "done" and (original := journal.load(host.state_folder, base)):
            _finish_undo(host, original)
        if tell:
            yield receipt


def _finish_undo(host: Host, receipt: Receipt) -> Receipt:
    journal.mark(host.state_folder, receipt.id, "taken back", len(receipt.steps))
    journal.remove(host.state_folder, f"{receipt.id}.undo")
    return msgspec.structs.replace(receipt, state="taken back", done=len(receipt.steps))
