"""What the doctor can do, whole: examine, treat, take back. The command line and the window call this and nothing else."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Examination, Finding, Fix, Progress, Receipt
from gomedic.texts import Message


class Treatment(Struct, frozen=True):
    """What came of a fix."""

    receipt: Receipt | None
    before: tuple[str, ...]  # finding ids
    after: tuple[str, ...]
    taken_back: bool
    examination: Examination  # of the machine as it is now
    reason: Message | None = None  # why it was taken back or not done


class Restored(Struct, frozen=True):
    """What came of taking a fix back."""

    receipt: str
    restored: tuple[str, ...]  # paths
    conflicts: tuple[
        str, ...
    ]  # paths that changed since and were left alone, with where the saved content is
    examination: Examination | None = None


def examine(
    host: Host, *, project: str | None = None, only: Sequence[str] = (), deep: bool = False
) -> Iterator[Progress | Examination]:
    """Yield progress, and last the examination. Changes nothing, anywhere."""
    raise NotImplementedError


def treat(host: Host, examination: Examination, finding: Finding, fix: Fix) -> Iterator[Progress | Treatment]:
    """Carry out `fix`, examine again, take it back if it did not help; yield progress, last the treatment.

    Closing the generator between two values cancels: the machine is then as it was.
    """
    raise NotImplementedError


def take_back(host: Host, receipt: str | None = None) -> Iterator[Progress | Restored]:
    """Take back a fix (None: the newest not yet taken back); yield progress, last what was restored."""
    raise NotImplementedError


def history(host: Host) -> tuple[Receipt, ...]:
    """Return the receipts, newest first."""
    raise NotImplementedError
