"""What install-self put where, written down before it is put there, so that every trace can be found again."""

import hashlib
import os
import stat

import msgspec
from msgspec import Struct

from gomedic.self_install.places import Places
from gomedic.texts import N_, Message

UNREADABLE = N_("{file} does not tell what was installed ({why}); delete it, and what it may name, by hand.")
_LARGEST = 16 << 20  # bytes
_STAGED = ".gomedic-new"  # the end of a name that becomes another


class Placed(Struct, frozen=True):
    """One thing that was put, or is about to be put, at a path."""

    path: str
    kind: str  # file link folder
    digest: str = ""  # of a file the SHA-256, of a link the target


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """All that one installation consists of."""

    schema: int
    version: str
    state: str  # placing done removing
    owner: str
    placed: tuple[Placed, ...]  # parents first; a path may stand there twice while one replaces the other
    unpacked: tuple[str, ...] = ()  # where executables lay unpacked that it was installed from


class RecordError(Exception):
    """The record is there and cannot be understood."""

    def __init__(self, file: str, why: str) -> None:
        self.message = Message(UNREADABLE, {"file": file, "why": why})
        super().__init__(str(self.message))


def load(places: Places) -> Record | None:
    """Return the record, None where nothing is installed. Raises RecordError."""
    path = places.real(places.record)
    try:
        with open(path, "rb") as file:
            return msgspec.json.decode(file.read(_LARGEST), type=Record)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise RecordError(path, str(error)) from error


def save(places: Places, record: Record) -> None:
    """Write the record so that after a power cut it is there, as it was or as it is."""
    write(places.real(places.record), msgspec.json.encode(record), 0o644)


def staged_name(path: str) -> str:
    """Return the name under which something is made ready beside its place."""
    return os.path.join(os.path.dirname(path), "." + os.path.basename(path) + _STAGED)


def write(path: str, content: bytes, mode: int) -> None:
    """Write a file beside its place, and rename it there when it is whole and on the disk."""
    scratch = staged_name(path)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        os.fchmod(descriptor, mode)
        file.flush()
        os.fsync(descriptor)
    os.replace(scratch, path)
    sync(os.path.dirname(path))


def sync(folder: str) -> None:
    """Make new and gone names in a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def found(path: str) -> Placed | None:
    """Return what is at a path, None where nothing is; what can be nothing of ours has kind "other"."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISDIR(status.st_mode):
        return Placed(path, "folder")
    if stat.S_ISLNK(status.st_mode):
        return Placed(path, "link", os.readlink(path))
    if not stat.S_ISREG(status.st_mode):
        return Placed(path, "other")
    try:
        with open(path, "rb") as file:
            return Placed(path, "file", hashlib.file_digest(file, "sha256").hexdigest())
    except PermissionError:
        return Placed(path, "other")
