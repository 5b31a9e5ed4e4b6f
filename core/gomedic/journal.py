"""Receipts on disk: written and synced before the first step, kept up to date, read back newest first."""

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from gomedic.model import Receipt, Saved
from gomedic.regular import regular
from gomedic.texts import N_, Message

ID = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{6}(-\d{1,3}|\.undo)?")
FINAL = "final"  # state of what cannot be taken back any more: what that needs was deleted
_TIME = "%Y%m%dT%H%M%S.%fZ"
_RECORD = "receipt.json"
_STATE = "state"
_WIDTH = 32  # bytes; the state is rewritten in place, so that a full disk cannot stop it
_BROKEN = N_("The receipt in {folder} cannot be read ({why}); the saved files in it are left as they are.")


class BrokenReceiptError(Exception):
    """A receipt that is there cannot be read."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class History(msgspec.Struct, frozen=True):
    """The receipts, newest first, and what is to be said of those that cannot be read."""

    receipts: tuple[Receipt, ...]
    broken: tuple[Message, ...] = ()


def new_id(state_folder: str | None = None) -> str:
    """Return an id that sorts by time, and after all that are in `state_folder`, whatever the clock says now."""
    moment = datetime.now(UTC)
    for name in _names(state_folder)[:1] if state_folder else ():
        latest = datetime.strptime(name.partition("-")[0], _TIME).replace(tzinfo=UTC)
        moment = max(moment, latest + timedelta(microseconds=1))
    return f"{moment:{_TIME}}-{os.urandom(3).hex()}"


def now() -> str:
    """Return the time, ISO 8601, UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def folder_of(state_folder: str, receipt_id: str) -> str:
    """Return the folder that holds a receipt and what it saved."""
    return os.path.join(state_folder, "receipts", receipt_id)


def saved_file(state_folder: str, receipt_id: str, saved: Saved) -> str | None:
    """Return where the saved content of a path lies, None if the step saves none."""
    return saved.content and os.path.join(folder_of(state_folder, receipt_id), saved.content)


# ------------------------------------------------------------------ writing


def begin(state_folder: str, receipt: Receipt, contents: Mapping[str, bytes]) -> None:
    """Write a receipt and the contents it saves, all synced, and only then visible. Raises OSError."""
    final = folder_of(state_folder, receipt.id)
    parent, new = os.path.dirname(final), os.path.join(os.path.dirname(final), f".{receipt.id}.new")
    _private_folders(parent)
    _sweep(parent)
    os.mkdir(new, 0o700)
    try:
        files = {_RECORD: encoded(receipt), _STATE: _state_line(receipt.state, receipt.done), **contents}
        for name, data in files.items():
            _write_synced(os.path.join(new, name), data)
        _sync(new)
        remove(state_folder, receipt.id)
        os.rename(new, final)
        _sync(parent)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def mark(state_folder: str, receipt_id: str, state: str, done: int, *, sync: bool = True) -> None:
    """Note how far a receipt has come. Raises OSError."""
    path = os.path.join(folder_of(state_folder, receipt_id), _STATE)
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        os.pwrite(descriptor, _state_line(state, done), 0)
        if sync:
            os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def remove(state_folder: str, receipt_id: str) -> None:
    """Forget a receipt and what it saved, at once; needs no space on the disk."""
    folder = folder_of(state_folder, receipt_id)
    gone = os.path.join(os.path.dirname(folder), f".{receipt_id}.gone")
    with contextlib.suppress(FileNotFoundError):
        os.rename(folder, gone)
        shutil.rmtree(gone, ignore_errors=True)


def _private_folders(path: str) -> None:
    """Make the folders down to `path`, for the account alone where they are new (XDG base directories)."""
    if not os.path.isdir(path):
        _private_folders(os.path.dirname(path))
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, 0o700)


def _sweep(folder: str) -> None:
    """Remove receipts whose writing or removal was cut short: nothing was done under them, or all is undone."""
    for name in os.listdir(folder):
        if name.startswith(".") and name.endswith((".new", ".gone")):
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)


def _write_synced(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _state_line(state: str, done: int) -> bytes:
    return f"{done} {state}".ljust(_WIDTH - 1).encode() + b"\n"


def encoded(value: msgspec.Struct) -> bytes:
    r"""Return JSON in ASCII: a name that is not UTF-8 is a lone surrogate, which only \\u can write."""
    return json.dumps(msgspec.to_builtins(value)).encode("ascii")


# ------------------------------------------------------------------ reading


def load(state_folder: str, receipt_id: str) -> Receipt | None:
    """Return a receipt, None if there is none of that id. Raises BrokenReceiptError."""
    if not ID.fullmatch(receipt_id):
        return None
    folder = folder_of(state_folder, receipt_id)
    try:
        with open(os.path.join(folder, _RECORD), "rb", opener=regular) as file:
            receipt = msgspec.convert(json.loads(file.read()), Receipt)
        with open(os.path.join(folder, _STATE), "rb", opener=regular) as file:
            done, state = file.read(_WIDTH).decode("ascii").split(maxsplit=1)
        return msgspec.structs.replace(receipt, id=receipt_id, done=int(done), state=state.strip())
    except (OSError, ValueError, RecursionError) as error:
        if not os.path.lexists(folder):
            return None
        why = getattr(error, "strerror", None) or str(error)
        raise BrokenReceiptError(Message(_BROKEN, {"folder": folder, "why": why})) from error


def history(state_folder: str) -> History:
    """Return all receipts of fixes; one that cannot be read is named, not raised."""
    receipts: list[Receipt] = []
    broken: list[Message] = []
    for name in _names(state_folder):
        try:
            receipt = load(state_folder, name)
        except BrokenReceiptError as error:
            broken.append(error.message)
            continue
        if receipt and not name.endswith(".undo"):
            receipts.append(receipt)
    return History(tuple(receipts), tuple(broken))


def interrupted(state_folder: str) -> tuple[Receipt, ...]:
    """Return the fixes, and takings back (id ID.undo), that a crash or power cut left half done, newest first."""
    found: list[Receipt] = []
    for name in _names(state_folder):
        with contextlib.suppress(BrokenReceiptError):
            receipt = load(state_folder, name)
            if receipt and (receipt.state == "begun" or name.endswith(".undo")):
                found.append(receipt)
    return tuple(found)


def _names(state_folder: str) -> list[str]:
    with contextlib.suppress(OSError):
        return sorted(filter(ID.fullmatch, os.listdir(os.path.join(state_folder, "receipts"))), reverse=True)
    return []
