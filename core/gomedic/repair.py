"""Apply fixes and take them back, all or nothing: the only module that changes the person's machine."""

import contextlib
import errno
import os
import pwd
from collections.abc import Iterator, Sequence

import filelock
import msgspec
from msgspec import Struct

from gomedic import carrying, journal, privilege
from gomedic.carrying import ACCOUNT, StaleStepError, View
from gomedic.host import Host
from gomedic.model import Fix, MakeFolder, Progress, Receipt, Step
from gomedic.preview import StepPreview, preview, shown
from gomedic.problems import BusyError, Left, NeedsRootError, RepairError, RollbackError, StaleError
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
    "preview",
    "roll_back_interrupted",
    "undo",
]

_BUSY = N_("Another gomedic is repairing this account's files at this moment; wait until it is done.")
_HOMELESS = N_("There is no folder to keep the saved files in: set HOME to the account's home folder.")
_FOREIGN_HOME = N_(
    "HOME is {home}, which belongs to another account; start gomedic as that account or set HOME."
)
_UNDONE = N_("{path} could not be changed ({why}); everything is as it was.")
_FULL = N_("The disk that holds {path} is full; everything is as it was. Make some room and try again.")
_READ_ONLY = N_("The file system that holds {path} is read-only; everything is as it was.")
_UNSAVED = N_("The files could not be saved in {path} first ({why}), so nothing was changed.")
_STALE = N_("{path} has changed since it was examined, so nothing was done; examine again.")
_CONFLICT = N_(
    "{path} has changed since the fix, so nothing was taken back; what it held before is in {saved}."
)
_CONFLICT_BARE = N_("{path} has changed since the fix, so nothing was taken back.")
_LEFT = N_("{path} could not be put back; what it held before is in {saved}.")
_LEFT_BARE = N_("{path} could not be put back.")
_UNKNOWN = N_("There is no fix {receipt} that could be taken back.")
_TAKEN_BACK = N_("The fix {receipt} has been taken back already.")
_CHANGING = N_("Changing {path}")
_RESTORING = N_("Putting back {path}")
_RESUMING = N_("Taking back what an interrupted repair left")
_WHY = {errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EROFS: _READ_ONLY}


class _Unit(Struct, frozen=True):
    """Steps that are done together: one of the account's own, or a run of privileged ones."""

    steps: tuple[Step, ...]
    first: int  # index of the first step in the receipt
    run: str | None = None  # id of a privileged run in root's own journal
    act: str = "apply"  # what the helper is asked to do with that run


# ------------------------------------------------------------------ what others call


def apply(
    host: Host, finding_id: str, fix: Fix, steps: Sequence[Step], *, may_ask: bool = False
) -> Iterator[Progress | Receipt]:
    """Carry out all of `steps` or none; yield progress, last the receipt. Closing the generator takes all back.

    `may_ask` allows a question for a password. Raises StaleError, BusyError, NeedsRootError or another
    RepairError with the machine as it was, RollbackError where it could not be put back.
    """
    with _alone(host):
        yield from _roll_back_interrupted(host, may_ask)
        wanted = _missing_only(steps)
        _check(wanted)
        privilege.check(host, _privileged(host, wanted), may_ask=may_ask)
        receipt = Receipt(
            journal.new_id(), finding_id, fix.id, fix.title, journal.now(), wanted, 0, "begun",
            root_receipt=_root_id(host, wanted),
        )  # fmt: skip
        receipt = _begin(host, receipt)
        yield from _carry_out(host, receipt, may_ask)
        journal.mark(host.state_folder, receipt.id, "done", len(wanted))
        yield msgspec.structs.replace(receipt, state="done", done=len(wanted))


def undo(host: Host, receipt: Receipt, *, may_ask: bool = False) -> Iterator[Progress | Receipt]:
    """Take back what `receipt` did; yield progress, last the receipt as it is then.

    What has changed since is never overwritten: StaleError names it, and nothing is done. Otherwise as `apply`.
    """
    with _alone(host):
        yield from _roll_back_interrupted(host, may_ask)
        receipt = _current(host, receipt.id)
        steps = _inverse(host, receipt)
        privilege.check(host, _privileged(host, steps), may_ask=may_ask, act="undo")
        work = msgspec.structs.replace(receipt, id=f"{receipt.id}.undo", steps=steps, done=0, state="begun")
        work = _begin(host, work)
        yield from _carry_out(host, work, may_ask, receipt)
        journal.mark(host.state_folder, work.id, "done", len(steps))
        yield _finish_undo(host, receipt)


def roll_back_interrupted(host: Host, *, may_ask: bool = False) -> Iterator[Progress | Receipt]:
    """Take back what a crash or power cut left half done; yield each such receipt. RollbackError if that fails."""
    if journal.interrupted(host.state_folder):
        with _alone(host):
            yield from _roll_back_interrupted(host, may_ask, tell=True)


# ------------------------------------------------------------------ one at a time


@contextlib.contextmanager
def _alone(host: Host) -> Iterator[None]:
    folder = _state_folder(host)
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        lock = filelock.FileLock(os.path.join(folder, "lock"), timeout=0, thread_local=False)
        lock.acquire()
    except filelock.Timeout as error:
        raise BusyError(Message(_BUSY)) from error
    except (OSError, NotImplementedError) as error:
        raise _unsaved(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _state_folder(host: Host) -> str:
    if not host.state_folder.startswith("/"):
        raise RepairError(Message(_HOMELESS))
    if _is_of_another_account(host.home):
        raise RepairError(Message(_FOREIGN_HOME, {"home": host.home}))
    return host.state_folder


def _is_of_another_account(home: str) -> bool:
    """Whether root was started with another account's HOME: nothing of root's must be left there."""
    try:
        owner = os.stat(home).st_uid
        return os.geteuid() == 0 != owner and os.path.samefile(pwd.getpwuid(owner).pw_dir, home)
    except (OSError, KeyError):
        return False


def _unsaved(folder: str, error: Exception) -> RepairError:
    return RepairError(Message(_UNSAVED, {"path": folder, "why": _reason(error)}))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


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
            if not step.privileged:  # root's helper looks for itself
                raise _failed(step, error) from error
            path = None
        except OSError as error:
            raise _failed(step, error) from error
        if path is not None:
            raise StaleError(Message(_STALE, {"path": shown(path)}), (Left(path, None),))
        view.suppose(step)


def _inverse(host: Host, receipt: Receipt) -> tuple[Step, ...]:
    """Return the steps that take `receipt` back, without what is back already. Raises StaleError."""
    view, steps, left = View(ACCOUNT), list[Step](), list[Left]()
    for step in reversed(receipt.steps):
        inverse = step.inverse()
        if step.privileged and not host.is_root:
            steps.append(inverse)
        elif carrying.unfit(inverse, view) is None:
            steps.append(inverse)
            view.suppose(inverse)
        elif not carrying.matches(step, view):
            left.append(_left(host, receipt, step))
    if left:
        raise StaleError(_worded(left[0], _CONFLICT, _CONFLICT_BARE), tuple(left))
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
    return receipt


def _begin(host: Host, receipt: Receipt) -> Receipt:
    """Save what the steps touch and write the receipt; return it complete."""
    try:
        saved, contents = carrying.save(receipt.steps, ACCOUNT)
        receipt = msgspec.structs.replace(receipt, saved=saved)
        journal.begin(host.state_folder, receipt, contents)
    except OSError as error:
        raise _unsaved(host.state_folder, error) from error
    return receipt


# ------------------------------------------------------------------ doing


def _privileged(host: Host, steps: Sequence[Step]) -> tuple[Step, ...]:
    return () if host.is_root else tuple(step for step in steps if step.privileged)


def _own(host: Host, steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if host.is_root or not step.privileged)


def _root_id(host: Host, steps: Sequence[Step]) -> str | None:
    return "" if _privileged(host, steps) else None


def _units(host: Host, receipt: Receipt) -> tuple[_Unit, ...]:
    """Return what is done at a time: single steps, and whole runs of privileged ones."""
    runs: list[list[int]] = []
    for index, step in enumerate(receipt.steps):
        joins = step.privileged and not host.is_root and index and receipt.steps[index - 1].privileged
        if joins:
            runs[-1].append(index)
        else:
            runs.append([index])
    units = [_Unit(tuple(receipt.steps[i] for i in run), run[0]) for run in runs]
    return tuple(_numbered(host, receipt.id, units))


def _numbered(host: Host, receipt_id: str, units: Sequence[_Unit]) -> Iterator[_Unit]:
    """Name the privileged runs as root's own journal does: taking back meets them in the opposite order."""
    base, undoing = receipt_id.removesuffix(".undo"), receipt_id.endswith(".undo")
    privileged = [unit for unit in units if unit.steps[0].privileged and not host.is_root]
    for unit in units:
        if unit not in privileged:
            yield unit
            continue
        number = privileged.index(unit)
        number = len(privileged) - 1 - number if undoing else number
        yield msgspec.structs.replace(unit, run=f"{base}-{number}", act="undo" if undoing else "apply")


def _carry_out(
    host: Host, receipt: Receipt, may_ask: bool, undoing: Receipt | None = None
) -> Iterator[Progress | Receipt]:
    reached = 0  # steps before this one may have changed something
    step = receipt.steps[0] if receipt.steps else None
    try:
        for unit in _units(host, receipt):
            step, end = unit.steps[0], unit.first + len(unit.steps)
            words = Message(_CHANGING if undoing is None else _RESTORING, {"path": shown(_path(step))})
            yield Progress(words, unit.first / len(receipt.steps))
            reached = end
            try:
                _do(host, receipt, unit, may_ask, taking_back=undoing is not None)
            except (StaleStepError, RepairError):  # raised before anything is changed
                reached = unit.first
                raise
            journal.mark(host.state_folder, receipt.id, "begun", end, sync=unit.run is not None)
        if undoing is not None:
            carrying.settle(_own(host, undoing.steps), undoing.saved, ACCOUNT)
    except BaseException as cause:
        _roll_back(host, receipt, reached, may_ask, cause)
        raise _in_words(step, cause) from cause


def _do(host: Host, receipt: Receipt, unit: _Unit, may_ask: bool, *, taking_back: bool) -> None:
    if unit.run is not None:
        privilege.carry_out(host, unit.act, unit.run, unit.steps, may_ask=may_ask)
        return
    scratch = _scratch(receipt, unit.first)
    carrying.perform(unit.steps[0], ACCOUNT, scratch, taking_back=taking_back)


def _scratch(receipt: Receipt, index: int) -> str:
    return f".gomedic-{receipt.id}-{index}"


def _in_words(step: Step | None, cause: BaseException) -> BaseException:
    if isinstance(cause, StaleStepError):
        return StaleError(Message(_STALE, {"path": shown(cause.path)}), (Left(cause.path, None),))
    if isinstance(cause, OSError) and step is not None:
        return _failed(step, cause)
    return cause


def _failed(step: Step, error: OSError) -> RepairError:
    values: dict[str, str | int | Message] = {
        "path": shown(carrying.paths_of(step)[-1][0]),
        "why": _reason(error),
    }
    return RepairError(Message(_WHY.get(error.errno or 0, _UNDONE), values))


# ------------------------------------------------------------------ taking back


def _roll_back(
    host: Host, receipt: Receipt, reached: int, may_ask: bool, cause: BaseException | None = None
) -> None:
    """Put back what the steps before `reached` changed, and forget the receipt. Raises RollbackError.

    After a power cut (no `cause`) later steps may have outlived the note that they were done.
    """
    left: list[Left] = []
    for unit in reversed(_units(host, receipt)):
        if unit.first < reached:
            left += [
                _left(host, receipt, unit.steps[0], path) for path in _back(host, receipt, unit, may_ask)
            ]
        elif cause is None and unit.run is None:
            list(_back(host, receipt, unit, may_ask))
    if left:
        with contextlib.suppress(OSError):
            journal.mark(host.state_folder, receipt.id, "left", reached)
        raise RollbackError(_worded(left[0], _LEFT, _LEFT_BARE), tuple(left)) from cause
    with contextlib.suppress(OSError):
        carrying.settle(_own(host, receipt.steps[:reached]), receipt.saved, ACCOUNT)
    journal.remove(host.state_folder, receipt.id)


def _back(host: Host, receipt: Receipt, unit: _Unit, may_ask: bool) -> Iterator[str]:
    """Take back one unit; yield the path that could not be."""
    step = unit.steps[0]
    try:
        if unit.run is None:
            first = carrying.first_on_path(receipt.steps)[_path(step)]
            carrying.take_back(step, first, ACCOUNT, _scratch(receipt, unit.first))
        else:
            act = "undo" if unit.act == "apply" else "apply"
            steps = tuple(step.inverse() for step in reversed(unit.steps))
            privilege.carry_out(host, act, unit.run, steps, may_ask=may_ask)
    except StaleStepError as error:
        yield error.path
    except (OSError, RepairError):
        yield _path(step)


def _path(step: Step) -> str:
    return carrying.paths_of(step)[0][0]


def _left(host: Host, receipt: Receipt, step: Step, path: str | None = None) -> Left:
    path = path or _path(step)
    resolved = {ACCOUNT.resolve(path, follow) for follow in (True, False)}
    for record in receipt.saved:
        if record.path in resolved and record.content:
            return Left(path, journal.saved_file(host.state_folder, receipt.id, record))
    return Left(path, None)


def _worded(left: Left, text: str, bare: str) -> Message:
    return (
        Message(text, {"path": left.path, "saved": left.saved})
        if left.saved
        else Message(bare, {"path": left.path})
    )


def _roll_back_interrupted(host: Host, may_ask: bool, *, tell: bool = False) -> Iterator[Progress | Receipt]:
    for receipt in journal.interrupted(host.state_folder):
        yield Progress(Message(_RESUMING))
        base = receipt.id.removesuffix(".undo")
        if receipt.state == "begun":
            _roll_back(host, receipt, receipt.done + 1, may_ask)
        elif receipt.state == "done" and (original := journal.load(host.state_folder, base)):
            _finish_undo(host, original)
        if tell:
            yield receipt


def _finish_undo(host: Host, receipt: Receipt) -> Receipt:
    journal.mark(host.state_folder, receipt.id, "taken back", len(receipt.steps))
    journal.remove(host.state_folder, f"{receipt.id}.undo")
    return msgspec.structs.replace(receipt, state="taken back", done=len(receipt.steps))
