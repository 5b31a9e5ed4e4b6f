"""The process that takes a laid-out image away once the doctor is gone, however it went."""

import os
import shutil
import stat

from gomedic.images.holder import READY


def clear_after(folder: str) -> int:
    """Wait until standard input ends, and remove the copy."""
    os.write(1, READY)
    while os.read(0, 4096):
        pass
    remove(folder)
    return 0


def remove(folder: str) -> None:
    """Remove the copy; folders that are closed to the account are opened for that."""
    for parent, folders, _names in os.walk(folder):
        for name in folders:
            path = os.path.join(parent, name)
            if not stat.S_ISLNK(os.lstat(path).st_mode):
                os.chmod(path, 0o700)
    shutil.rmtree(folder, ignore_errors=True)
