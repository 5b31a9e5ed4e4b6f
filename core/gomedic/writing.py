"""A file of the person's choosing, written whole or not at all, and never over another unasked."""

import contextlib
import errno
import os
import secrets
import stat

from gomedic.texts import N_, Message

_WORDS = {
    errno.ENOSPC: N_("{file} was not saved: there is no room left on that disk."),
    errno.EDQUOT: N_("{file} was not saved: your share of that disk is used up."),
    errno.EACCES: N_("{file} was not saved: your account may not write there."),
    errno.EPERM: N_("{file} was not saved: your account may not write there."),
    errno.EROFS: N_("{file} was not saved: that disk can only be read."),
    errno.ENOENT: N_("{file} was not saved: there is no such folder."),
    errno.ENOTDIR: N_("{file} was not saved: there is no such folder."),
    errno.EISDIR: N_("{file} was not saved: that is a folder."),
}
_OTHER = N_("{file} was not saved: {why}.")
_EXISTS = N_("{file} is there already.")


class NotSavedError(Exception):
    """A file could not be written; what was there before is as it was."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class ExistsError(NotSavedError):
    """There is a file of that name, and nobody said that it may go."""


def would_be_lost(path: str) -> bool:
    """Tell whether there is a file whose content saving to this name would replace."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def save(path: str, content: bytes, *, overwrite: bool = False, mode: int | None = None) -> None:
    """Write a file, with all of its content or none; what is no file, as /dev/stdout, is written into.

    `mode` are the permission bits it shall have, whatever the umask; else those it had, or a new file's.
    Raises ExistsError where it is there and may not be overwritten, else NotSavedError.
    """
    try:
        if overwrite or not would_be_lost(path):
            _write(path, content, overwrite=overwrite, mode=mode)
        else:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
    except FileExistsError:
        raise ExistsError(Message(_EXISTS, {"file": path})) from None
    except (OSError, ValueError) as error:  # ValueError: a name with a null byte
        number = getattr(error, "errno", None) or 0
        values: dict[str, str | int | Message] = {"file": path}
        if number not in _WORDS:
            values["why"] = getattr(error, "strerror", None) or str(error)
        raise NotSavedError(Message(_WORDS.get(number, _OTHER), values)) from error


def _write(path: str, content: bytes, *, overwrite: bool, mode: int | None) -> None:
    target = os.path.realpath(path)  # a link stays a link
    if os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
        _fill(os.open(target, os.O_WRONLY | os.O_CLOEXEC), content)
        return
    scratch = os.path.join(os.path.dirname(target), f".gomedic-{secrets.token_hex(8)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        if mode is not None:
            os.fchmod(descriptor, mode)
        elif os.path.exists(target):  # it stays as readable as it was
            os.fchmod(descriptor, stat.S_IMODE(os.stat(target).st_mode))
        _fill(descriptor, content)
        _place(scratch, target, overwrite=overwrite)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(scratch)


def _fill(descriptor: int, content: bytes) -> None:
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.fsync(descriptor)


def _place(scratch: str, target: str, *, overwrite: bool) -> None:
    if overwrite:
        os.replace(scratch, target)
        return
    try:
        os.link(scratch, target)  # refuses where there is a file by now (link(2))
    except PermissionError:  # no links on this file system, as on many a USB stick
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
        os.rename(scratch, target)
