"""What the doctor can do, whole: examine, treat, take back. The command line and the window call this and nothing else."""

import os
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from gomedic import journal, plans
from gomedic.building import LIMIT_AFTER_FIX, concerned, tried_by_building
from gomedic.examining import STARTING, examine
from gomedic.host import Host
from gomedic.model import (
    Examination,
    Finding,
    Fix,
    InstallToolchain,
    Move,
    Progress,
    Receipt,
    Step,
)  # fmt: skip
from gomedic.proving import Offer, Trial, best_fix, prove, try_fix, verdict
from gomedic.stages import BUILD, EXAMINE, PLACE
from gomedic.texts import N_, Message

__all__ = [
    "NoReceiptError",
    "Offer",
    "Restored",
    "Treatment",
    "Trial",
    "best_fix",
    "examine",
    "history",
    "install_toolchain",
    "prove",
    "remove_as_planned",
    "remove_toolchain",
    "take_back",
    "treat",
    "try_fix",
    "use_toolchain",
    "verdict",
]

# What only a repair needs (requests, gnupg, filelock) is imported there: an examination must be quick.
if TYPE_CHECKING:
    from gomedic.toolchain.compatibility import Row
    from gomedic.toolchain.install import Staged

EXAMINING_AGAIN = N_("Examining again")
TAKING_BACK = N_("Taking the fix back")
UNKNOWN_RECEIPT = N_("There is no fix {receipt} in the history.")
NOTHING_TO_TAKE_BACK = N_("There is no fix to take back.")


class Treatment(Struct, frozen=True):
    """What came of a fix."""

    receipt: Receipt | None
    before: tuple[str, ...]  # finding ids
    after: tuple[str, ...]
    taken_back: bool
    examination: Examination  # of the machine as it is now
    reason: Message | None = None  # why it was taken back
    settled: bool = True  # False: a build still follows
    notes: tuple[Message, ...] = ()  # what the person should know of a toolchain that was installed
    table: "tuple[Row, ...]" = ()  # what that can do here: toolchain.compatibility


class Restored(Struct, frozen=True):
    """What came of taking a fix back."""

    receipt: str
    restored: tuple[str, ...]  # paths


class NoReceiptError(Exception):
    """There is no such fix to take back."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


# ------------------------------------------------------------------ treat


def treat(
    host: Host,
    examination: Examination,
    finding: Finding,
    fix: Fix,
    *,
    may_ask: bool = False,
    cache: str | None = None,
) -> Iterator[Progress | Treatment]:
    """Carry out `fix`, examine again, take it back if it did not help; yield progress, last the treatment.

    Where the fix seems to help, the treatment is yielded as it stands, not `settled`; then a small program is built
    in the sessions that it concerned, with `cache` as the folder for what such builds share. Closing the generator
    between two values cancels: before the first treatment the machine is then as it was, after it only the build
    is given up. `may_ask` allows a question for a password. Raises RepairError, ToolchainError or SettingsError with the machine as it was;
    RollbackError where it could not be put back.
    """
    steps = fix.steps
    staged: Staged | None = None
    try:
        if fix.install is not None:
            staged = yield from _staged(host, fix.install, examination, may_ask=may_ask)
            steps = (*_placing(host, examination, staged), *fix.steps)
        work = _carried_out(host, examination, finding, fix, steps, may_ask=may_ask, cache=cache)
        yield from work if staged is None else _told_of(staged, work)
    finally:
        if staged is not None:
            _let_go(host, staged)


def install_toolchain(
    host: Host,
    version: str,
    source: str | None = None,
    *,
    may_ask: bool = False,
    to: str | None = None,
    image: str | None = None,
    without_signature: bool = False,
) -> Iterator[Progress | Treatment]:
    """Fetch, verify, unpack and try a Go release, and make it the account's own; as `treat`.

    `to` another place (`toolchain.targets`), for all accounts; `image` the folder of an image's file system;
    `without_signature` where the sum that Google's list says will do if the signature cannot be checked.
    """
    examination = yield from _again(host, None)
    wanted = InstallToolchain(version, source, to, image, without_signature)
    fix = Fix("install", plans.title(plans.INSTALL, version), install=wanted)
    yield from treat(host, examination, plans.wish(fix), fix, may_ask=may_ask)


def use_toolchain(
    host: Host, version: str, *, to: str | None = None, may_ask: bool = False
) -> Iterator[Progress | Treatment]:
    """Make an installed toolchain of ours the account's Go in all sessions; as `treat`. Raises NotInstalled.

    With `to` "/opt" it is /opt/go, for all accounts, that changes over.
    """
    examination = yield from _again(host, None)
    fix = plans.to_use(host, examination, version, to)
    yield from treat(host, examination, plans.wish(fix), fix, may_ask=may_ask)


def remove_toolchain(host: Host, version: str, *, purge: bool = False) -> Iterator[Progress | Treatment]:
    """Take a toolchain of ours away, with the link and start-up lines that lead to it; as `treat`.

    It can be taken back, until two later removals need the room; with `purge` it is deleted at once, for good.
    Raises NotInstalled.
    """
    examination = yield from _again(host, None)
    yield from remove_as_planned(host, examination, plans.to_remove(host, examination, version), purge=purge)


def remove_as_planned(
    host: Host, examination: Examination, fix: Fix, *, purge: bool = False
) -> Iterator[Progress | Treatment]:
    """Carry out what `plans.to_remove` made of an examination, as `remove_toolchain`."""
    from gomedic.toolchain.install import toolchains_folder
    from gomedic.toolchain.staging import forget, sweep

    work = _carried_out(host, examination, plans.wish(fix), fix, fix.steps, may_ask=False, keep=True)
    for value in work:
        if isinstance(value, Treatment) and value.receipt is not None and purge:
            forget(host, value.receipt)
        yield value
    sweep(host, toolchains_folder(host))


def _staged(
    host: Host, wanted: InstallToolchain, examination: Examination, *, may_ask: bool
) -> "Generator[Progress, None, Staged]":
    from gomedic import placing

    return (yield from placing.staged(host, wanted, plans.starting(examination), may_ask=may_ask))


def _told_of(
    staged: "Staged", work: Iterator[Progress | Treatment]
) -> Generator[Progress | Treatment, None, None]:
    """Yield what `work` yields, the treatments with what trying the toolchain brought to light."""
    notes, table = (*staged.notes, *staged.tried.notes), staged.tried.rows
    for value in work:
        if isinstance(value, Treatment):
            yield structs.replace(value, notes=notes, table=table)
        else:
            yield value


def _placing(host: Host, examination: Examination, staged: "Staged") -> tuple[Step, ...]:
    from gomedic import placing

    return placing.steps(host, staged, plans.starting(examination))


def _let_go(host: Host, staged: "Staged") -> None:
    from gomedic import placing

    placing.let_go(host, staged)


def _discard_staged(path: str) -> None:
    from gomedic.toolchain.staging import STAGING, discard

    if os.path.basename(path).startswith(STAGING):
        discard(path)


def _carried_out(
    host: Host,
    examination: Examination,
    finding: Finding,
    fix: Fix,
    steps: Sequence[Step],
    *,
    may_ask: bool,
    keep: bool = False,
    cache: str | None = None,
) -> Iterator[Progress | Treatment]:
    from gomedic import repair

    receipt: Receipt | None = None
    for value in repair.apply(host, finding.id, fix, steps, may_ask=may_ask):
        if isinstance(value, Receipt):
            receipt = value
        else:
            yield structs.replace(value, step=PLACE)
    assert receipt is not None  # noqa: S101 - apply's last value is the receipt
    try:
        after = yield from _again(host, examination)
    except (GeneratorExit, KeyboardInterrupt):  # cancelled: the machine is to be as it was
        _put_back(host, receipt, may_ask=may_ask)
        raise
    reason = None if keep else verdict(examination, after, finding)
    if reason is not None:
        after = yield from _undone(host, examination, receipt, may_ask=may_ask)
    treatment = Treatment(receipt, _ids(examination), _ids(after), reason is not None, after, reason)
    if keep or treatment.taken_back:
        yield treatment
    else:
        yield from _settled(host, examination, finding, treatment, cache, may_ask=may_ask)


def _settled(
    host: Host,
    before: Examination,
    finding: Finding,
    treatment: Treatment,
    cache: str | None,
    *,
    may_ask: bool,
) -> Iterator[Progress | Treatment]:
    """Build a small program in the sessions that the fix concerned, after the treatment is told as it stands."""
    after: Examination | None = None
    kinds = concerned(before, treatment.examination, finding)
    builds = tried_by_building(
        host, treatment.examination, _folder(before), kinds=kinds, limit=LIMIT_AFTER_FIX, cache=cache
    )
    for number, value in enumerate(builds):
        if isinstance(value, Examination):
            after = value
            continue
        if number == 0:
            yield structs.replace(treatment, settled=False)
        yield structs.replace(value, step=BUILD)
    if after is None:
        yield treatment
        return
    reason = verdict(before, after, finding)
    if reason is not None:
        after = yield from _undone(host, before, treatment.receipt, may_ask=may_ask)
    yield Treatment(treatment.receipt, treatment.before, _ids(after), reason is not None, after, reason)


def _undone(
    host: Host, before: Examination, receipt: Receipt | None, *, may_ask: bool
) -> Generator[Progress, None, Examination]:
    """Take a fix back that did not help, and examine again."""
    assert receipt is not None  # noqa: S101 - there is one for what was done
    yield Progress(Message(TAKING_BACK))
    _put_back(host, receipt, may_ask=may_ask)
    return (yield from _again(host, before))


def _put_back(host: Host, receipt: Receipt, *, may_ask: bool) -> None:
    from gomedic import repair

    for _value in repair.undo(host, receipt, may_ask=may_ask):
        pass


def _folder(examination: Examination | None) -> str | None:
    return os.path.dirname(examination.project) if examination and examination.project else None


def _again(host: Host, examination: Examination | None) -> Generator[Progress, None, Examination]:
    yield Progress(Message(EXAMINING_AGAIN if examination else STARTING), step=EXAMINE if examination else "")
    last: Examination | None = None
    for value in examine(host, project=_folder(examination)):
        if isinstance(value, Examination):
            last = value
    assert last is not None  # noqa: S101 - examine's last value is the examination
    return last


def _ids(examination: Examination) -> tuple[str, ...]:
    return tuple(finding.id for finding in examination.findings)


# ------------------------------------------------------------------ take back


def take_back(
    host: Host, receipt: str | None = None, *, may_ask: bool = False
) -> Iterator[Progress | Restored]:
    """Take back a fix (None: the newest not yet taken back); yield progress, last what was restored.

    Raises NoReceiptError where there is none, and as `repair.undo`.
    """
    from gomedic import repair

    for interrupted in repair.roll_back_interrupted(host):
        if isinstance(interrupted, Progress):
            yield interrupted
    wanted = _wanted(host, receipt)
    for value in repair.undo(host, wanted, may_ask=may_ask):
        if isinstance(value, Progress):
            yield value
    for step in wanted.steps:  # a toolchain went back to where it was unpacked: nobody needs it there
        if isinstance(step, Move):
            _discard_staged(step.source)
    yield Restored(wanted.id, tuple(dict.fromkeys(path for step in wanted.steps for path in _paths(step))))


def _wanted(host: Host, receipt: str | None) -> Receipt:
    receipts = history(host)
    if receipt is None:
        found = next((r for r in receipts if r.state == "done"), None)
        if found is None:
            raise NoReceiptError(Message(NOTHING_TO_TAKE_BACK))
        return found
    found = next((r for r in receipts if r.id == receipt), None)
    if found is None:
        raise NoReceiptError(Message(UNKNOWN_RECEIPT, {"receipt": receipt}))
    return found


def _paths(step: Step) -> tuple[str, ...]:
    return tuple(getattr(step, name) for name in ("path", "source", "target") if hasattr(step, name))


def history(host: Host) -> tuple[Receipt, ...]:
    """Return the receipts, newest first."""
    return journal.history(host.state_folder).receipts
