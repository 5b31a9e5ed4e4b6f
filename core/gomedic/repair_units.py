"""What a repair does at a time: one step of the account's own, or a whole run of privileged ones."""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from gomedic import carrying, privilege
from gomedic.carrying import ACCOUNT
from gomedic.host import Host
from gomedic.model import Receipt, Step


class Unit(Struct, frozen=True):
    """Steps that are done together: one of the account's own, or a run of privileged ones."""

    steps: tuple[Step, ...]
    first: int  # index of the first step in the receipt
    run: str | None = None  # id of a privileged run in root's own journal
    act: str = "apply"  # what the helper is asked to do with that run


def privileged(host: Host, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps that are left to root's helper; none where the account is root."""
    return () if host.is_root else tuple(step for step in steps if step.privileged)


def own(host: Host, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps that the account takes by itself."""
    return tuple(step for step in steps if host.is_root or not step.privileged)


def root_id(host: Host, steps: Sequence[Step]) -> str | None:
    """Return what a receipt says of root's part: "" where there is one."""
    return "" if privileged(host, steps) else None


def units(host: Host, receipt: Receipt) -> tuple[Unit, ...]:
    """Return what is done at a time: single steps, and whole runs of privileged ones."""
    runs: list[list[int]] = []
    for index, step in enumerate(receipt.steps):
        joins = step.privileged and not host.is_root and index and receipt.steps[index - 1].privileged
        if joins:
            runs[-1].append(index)
        else:
            runs.append([index])
    units = [Unit(tuple(receipt.steps[i] for i in run), run[0]) for run in runs]
    return tuple(_numbered(host, receipt.id, units))


def _numbered(host: Host, receipt_id: str, units: Sequence[Unit]) -> Iterator[Unit]:
    """Name the privileged runs as root's own journal does: taking back meets them in the opposite order."""
    base, undoing = receipt_id.removesuffix(".undo"), receipt_id.endswith(".undo")
    runs = [unit for unit in units if unit.steps[0].privileged and not host.is_root]
    for unit in units:
        if unit not in runs:
            yield unit
            continue
        number = runs.index(unit)
        number = len(runs) - 1 - number if undoing else number
        yield msgspec.structs.replace(unit, run=f"{base}-{number}", act="undo" if undoing else "apply")


def do(host: Host, receipt: Receipt, unit: Unit, may_ask: bool, *, taking_back: bool) -> None:
    """Carry out one unit. Raises StaleStepError or a RepairError with nothing of it done, OSError otherwise."""
    if unit.run is not None:
        privilege.carry_out(host, unit.act, unit.run, unit.steps, may_ask=may_ask)
        return
    scratch = scratch_name(receipt, unit.first)
    carrying.perform(unit.steps[0], ACCOUNT, scratch, taking_back=taking_back)


def scratch_name(receipt: Receipt, index: int) -> str:
    """Return the name that a step's new file has until it takes its place."""
    return f".gomedic-{receipt.id}-{index}"


def path_of(step: Step) -> str:
    """Return the path that a step is told by."""
    return carrying.paths_of(step)[0][0]
