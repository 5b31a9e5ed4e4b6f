"""One repair at a time, by an account that has a folder of its own to keep the saved files in."""

import contextlib
import os
import pwd
from collections.abc import Iterator

import filelock

from gomedic.host import Host
from gomedic.problems import BusyError, RepairError
from gomedic.texts import N_, Message

_BUSY = N_("Another gomedic is repairing this account's files at this moment; wait until it is done.")
_HOMELESS = N_("There is no folder to keep the saved files in: set HOME to the account's home folder.")
_FOREIGN_HOME = N_(
    "HOME is {home}, which belongs to another account; start gomedic as that account or set HOME."
)
_UNSAVED = N_("The files could not be saved in {path} first ({why}), so nothing was changed.")


@contextlib.contextmanager
def alone(host: Host) -> Iterator[None]:
    """Keep every other repair of the account waiting outside. Raises BusyError, RepairError."""
    folder = _state_folder(host)
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        lock = filelock.FileLock(os.path.join(folder, "lock"), timeout=0, thread_local=False)
        lock.acquire()
    except filelock.Timeout as error:
        raise BusyError(Message(_BUSY)) from error
    except (OSError, NotImplementedError) as error:
        raise unsaved(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _state_folder(host: Host) -> str:
    if not host.state_folder.startswith("/"):
        raise RepairError(Message(_HOMELESS))
    if is_of_another_account(host.home):
        raise RepairError(Message(_FOREIGN_HOME, {"home": host.home}))
    return host.state_folder


def is_of_another_account(home: str) -> bool:
    """Whether root was started with another account's HOME: nothing of root's must be left there."""
    try:
        owner = os.stat(home).st_uid
        return os.geteuid() == 0 != owner and os.path.samefile(pwd.getpwuid(owner).pw_dir, home)
    except (OSError, KeyError):
        return False


def unsaved(folder: str, error: Exception) -> RepairError:
    """Return what to raise where nothing can be saved in `folder`, and so nothing is done."""
    return RepairError(Message(_UNSAVED, {"path": folder, "why": reason(error)}))


def reason(error: Exception) -> str:
    """Return what the system calls the error, without number and path."""
    return getattr(error, "strerror", None) or str(error)
