"""The files of a machine: this one's, or another's that can only be read, such as an image's."""

import mmap
import os
from glob import glob
from typing import Protocol

from gomedic.regular import regular


class Files(Protocol):
    """What can be asked of a machine's files, as the account that is examined finds them."""

    def stat(self, path: str) -> os.stat_result:
        """Return what a path leads to; raises OSError."""
        ...

    def real(self, path: str) -> str:
        """Return a path with its links resolved, as far as there is something."""
        ...

    def is_file(self, path: str) -> bool: ...
    def is_folder(self, path: str) -> bool: ...
    def exists(self, path: str) -> bool: ...
    def is_there(self, path: str) -> bool:
        """Tell whether there is anything, be it a link that leads nowhere."""
        ...

    def may(self, path: str, how: int) -> bool:
        """Tell whether the account may read, write or execute (os.R_OK, os.W_OK, os.X_OK)."""
        ...

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder; raises OSError."""
        ...

    def glob(self, pattern: str) -> list[str]: ...
    def part(self, path: str, start: int, size: int) -> bytes | None:
        """Return a part of a plain file; None where it cannot be read."""
        ...

    def after(self, path: str, mark: bytes, size: int) -> bytes:
        """Return what a file has from a mark on, b"" where it has no such mark or cannot be read."""
        ...

    def has_access_list(self, path: str) -> bool:
        """Tell whether an access control list says more than the mode does (acl(5)); then the group bits are its mask."""
        ...


class Here:
    """The files of this machine, asked as the account that the doctor runs as."""

    def stat(self, path: str) -> os.stat_result:
        return os.stat(path)

    def real(self, path: str) -> str:
        return os.path.realpath(path)

    def is_file(self, path: str) -> bool:
        return os.path.isfile(path)

    def is_folder(self, path: str) -> bool:
        return os.path.isdir(path)

    def exists(self, path: str) -> bool:
        return os.path.exists(path)

    def is_there(self, path: str) -> bool:
        return os.path.lexists(path)

    def may(self, path: str, how: int) -> bool:
        return os.access(path, how)

    def names(self, folder: str) -> list[str]:
        return os.listdir(folder)

    def glob(self, pattern: str) -> list[str]:
        return glob(pattern)

    def part(self, path: str, start: int, size: int) -> bytes | None:
        try:
            with open(path, "rb", opener=regular) as file:
                file.seek(start)
                return file.read(size)
        except (OSError, ValueError):
            return None

    def after(self, path: str, mark: bytes, size: int) -> bytes:
        try:
            with (
                open(path, "rb", opener=regular) as file,
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
            ):
                at = data.find(mark)
                return data[at : at + size] if at >= 0 else b""
        except (OSError, ValueError):
            return b""

    def has_access_list(self, path: str) -> bool:
        try:
            return "system.posix_acl_access" in os.listxattr(path)
        except OSError:
            return False


HERE = Here()
