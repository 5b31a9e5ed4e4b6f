"""Staging folders: made and held, on the disk before they count, swept when whoever made them is gone."""

import contextlib
import ctypes
import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator

from gomedic import journal
from gomedic.host import Host
from gomedic.model import Move, Receipt
from gomedic.problems import RepairError
from gomedic.repair_lock import alone

STAGING = ".gomedic-staging-"
_SCRATCH = "-scratch"
LIST = ".files"  # the end of the name of a toolchain's list of files
_MADE_HERE = re.compile(
    rf"{re.escape(STAGING)}[0-9a-f]{{16}}({_SCRATCH}|{re.escape(LIST)})?"
)  # not what was moved aside to come back
_ASIDE = re.compile(rf"{re.escape(STAGING)}(broken|removed)-.+")
_COME_BACK = 2  # of what was moved aside
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_libc = ctypes.CDLL(None, use_errno=True)
_held: dict[str, int] = {}  # descriptors whose locks (flock(2)) the system lets go when this process ends


def new_name() -> str:
    """Return the name of a staging folder."""
    return f"{STAGING}{secrets.token_hex(8)}"


def make(base: str, prefix: str = STAGING) -> str:
    """Return a new folder in `base`, held until it is discarded or this process ends. Raises OSError."""
    while True:
        path = os.path.join(base, f"{prefix}{secrets.token_hex(8)}")
        os.mkdir(path, 0o700)
        with contextlib.suppress(FileNotFoundError):  # swept before it was held
            os.chown(path, -1, os.getegid())  # Debian's /usr/local hands its group down, and that it does so
            os.chmod(path, 0o700)
            descriptor = os.open(path, _FOLDER)
            with contextlib.suppress(OSError):  # a file system that locks no folders: nothing is swept there
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.path.isdir(path):
                _held[path] = descriptor
                return path
            os.close(descriptor)


def existing(path: str) -> str:
    """Return the nearest folder that exists: staging there makes no folder that would have to be taken back."""
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def scratch_of(path: str) -> str:
    """Return the name of the folder in which the toolchain at `path` is tried."""
    return f"{path}{_SCRATCH}"


def discard(path: str) -> None:
    """Delete a staged toolchain that is not wanted any more. Nothing that is not one of ours is touched."""
    descriptor = _held.pop(path, None)
    if os.path.basename(path).startswith(STAGING):
        if _is_folder(path):
            shutil.rmtree(path, ignore_errors=True)
        for file in (path + LIST, path):
            with contextlib.suppress(OSError):
                os.unlink(file)
    if descriptor is not None:
        os.close(descriptor)


@contextlib.contextmanager
def passing(base: str, prefix: str) -> Iterator[str]:
    """Give a folder of the account's alone in `base`, which goes away; what was left of killed ones goes first."""
    for name in os.listdir(base):
        if re.fullmatch(rf"{re.escape(prefix)}[0-9a-f]{{16}}", name):
            _sweep(os.path.join(base, name))
    path = make(base, prefix)
    try:
        yield path
    finally:
        descriptor = _held.pop(path)
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)


def _is_folder(path: str) -> bool:
    with contextlib.suppress(OSError):
        return stat.S_ISDIR(os.lstat(path).st_mode)
    return False


def sync(path: str) -> None:
    """Bring the file system of `path` to the disk (syncfs(2)), the contents of new files included. Raises OSError."""
    descriptor = os.open(path, _FOLDER)
    try:
        if _libc.syncfs(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
    finally:
        os.close(descriptor)


# ------------------------------------------------------------------ what a kill left, and what nobody needs any more


def sweep(host: Host, folder: str) -> None:
    """Delete what killed installations left where toolchains for `folder` are staged: there, or in a folder above.

    What a process holds stays, and so does what a receipt names: taking that fix back needs it. Of what was moved
    aside in `folder`, the last two that a fix could bring back stay; they are counted, because clocks err.
    """
    left = list(_left_in(folder))  # before the receipts are read: what comes later is in use
    history = journal.history(host.state_folder)
    if history.broken:  # what they name is not known
        return
    named = {step.source for receipt in history.receipts if not receipt.over for step in _moves(receipt)}
    for path in left:
        if path.removesuffix(_SCRATCH).removesuffix(LIST) not in named:
            _sweep(path)
    if any(_aside_in(folder)):
        with contextlib.suppress(RepairError), alone(host):  # nobody takes anything back meanwhile
            _forget_old(host, folder)


def _forget_old(host: Host, folder: str) -> None:
    """Delete what was moved aside for fixes that are not to come back, or for none."""
    history = journal.history(host.state_folder)
    if history.broken or journal.interrupted(host.state_folder):
        return
    aside = sorted(_aside_in(folder))
    receipts = [receipt for receipt in history.receipts if not receipt.over]
    needed = [receipt for receipt in receipts if any(step.target in aside for step in _moves(receipt))]
    old = [receipt for receipt in needed if receipt.state == "done"][_COME_BACK:]
    for receipt in old:
        with contextlib.suppress(OSError):
            journal.mark(host.state_folder, receipt.id, journal.FINAL, receipt.done)
    kept = {step.target for receipt in needed if receipt not in old for step in _moves(receipt)}
    for path in aside:
        if path not in kept:
            _sweep(path)


def forget(host: Host, receipt: Receipt) -> None:
    """Delete what `receipt` moved aside, for good: it cannot be taken back any more. Raises OSError."""
    journal.mark(host.state_folder, receipt.id, journal.FINAL, receipt.done)
    for step in _moves(receipt):
        if _ASIDE.fullmatch(os.path.basename(step.target)):
            _sweep(step.target)


def _moves(receipt: Receipt) -> Iterator[Move]:
    return (step for step in receipt.steps if isinstance(step, Move))


def _aside_in(folder: str) -> Iterator[str]:
    with contextlib.suppress(OSError):
        yield from (os.path.join(folder, name) for name in os.listdir(folder) if _ASIDE.fullmatch(name))


def _left_in(folder: str) -> Iterator[str]:
    """Yield staging folders, one before its scratch folder; above what is not the account's nothing was staged."""
    while folder != os.path.dirname(folder):
        with contextlib.suppress(OSError):
            if os.stat(folder).st_uid != os.geteuid():
                return
            names = sorted(filter(_MADE_HERE.fullmatch, os.listdir(folder)))
            yield from (os.path.join(folder, name) for name in names)
        folder = os.path.dirname(folder)


def _sweep(path: str) -> None:
    for end in (_SCRATCH, LIST):
        if path.endswith(end) and os.path.lexists(path.removesuffix(end)):
            return
    if path.endswith(LIST) and os.path.isfile(path):
        with contextlib.suppress(OSError):
            os.unlink(path)
        return
    with contextlib.suppress(OSError):  # somebody holds it, or nobody can tell
        descriptor = os.open(path, _FOLDER)
        try:
            if os.fstat(descriptor).st_uid == os.geteuid():
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(descriptor)
