"""Folders where anybody on the machine can put a program that the account then runs."""

import os
import stat


def others_can_write(folder: str, uid: int) -> bool:
    """Tell whether somebody other than root and the account `uid` can put files into a folder, or put another in its place.

    A group's right does not count: who is in it is the administrator's choice. In a sticky folder nobody can replace
    what is another's (unlink(2)), but anybody can add.
    """
    real = os.path.realpath(folder)
    above = [real[:end] for end in range(len(real)) if real[end : end + 1] == "/"]
    return _adds(real, uid) or any(_replaces(path or "/", uid) for path in above)


def _adds(folder: str, uid: int) -> bool:
    try:
        status = os.stat(folder)
    except OSError:
        return False
    return bool(status.st_mode & stat.S_IWOTH) or status.st_uid not in (0, uid)


def _replaces(folder: str, uid: int) -> bool:
    try:
        status = os.stat(folder)
    except OSError:
        return False
    open_to_all = status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX
    return bool(open_to_all) or status.st_uid not in (0, uid)
