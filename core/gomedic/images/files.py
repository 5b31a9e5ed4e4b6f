"""The files of an image as an account in it would find them; the door that `Host` goes through."""

import errno
import fnmatch
import os
import stat

from gomedic.images.tree import Node
from gomedic.images.view import View
from gomedic.model import Account

_KINDS = {
    "f": stat.S_IFREG, "d": stat.S_IFDIR, "l": stat.S_IFLNK, "c": stat.S_IFCHR, "b": stat.S_IFBLK, "p": stat.S_IFIFO,
}  # fmt: skip
_LARGEST_PROGRAM = 16 << 20  # bytes to search for a mark; what lies behind is not found
_HEAD = 16 << 10
_MOST_FOUND = 5000


class ImageFiles:
    """What the account may see, read and change in an image (path_resolution(7), access(2))."""

    def __init__(self, view: View, account: Account, groups: frozenset[int]) -> None:
        self._view = view
        self._uid = account.uid
        self._gids = groups | {account.gid}

    def stat(self, path: str) -> os.stat_result:
        found = self._reached(path)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        node = found[1]
        mode = _KINDS[node.kind] | node.mode
        return os.stat_result((mode, 0, 0, 1, node.uid, node.gid, node.size, 0, 0, 0))

    def real(self, path: str) -> str:
        return self._view.real(path)

    def is_file(self, path: str) -> bool:
        found = self._reached(path)
        return found is not None and found[1].kind == "f"

    def is_folder(self, path: str) -> bool:
        found = self._reached(path)
        return found is not None and found[1].kind == "d"

    def exists(self, path: str) -> bool:
        return self._reached(path) is not None

    def is_there(self, path: str) -> bool:
        return self._view.node(path) is not None

    def may(self, path: str, how: int) -> bool:
        found = self._reached(path)
        return found is not None and all(
            self._allows(found[1], bit) for bit in (os.R_OK, os.W_OK, os.X_OK) if how & bit
        )

    def names(self, folder: str) -> list[str]:
        found = self._reached(folder)
        names = self._view.names(folder) if found is not None and self._allows(found[1], os.R_OK) else None
        if names is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), folder)
        return names

    def glob(self, pattern: str) -> list[str]:
        found = ["/"]
        for part in (p for p in pattern.split("/") if p):
            if len(found) > _MOST_FOUND:
                break
            found = [path for folder in found for path in self._matching(folder, part)]
        return found if pattern.startswith("/") else []

    def _matching(self, folder: str, part: str) -> list[str]:
        if not any(c in part for c in "*?["):
            path = os.path.join(folder, part)
            return [path] if self.is_there(path) else []
        try:
            names = self.names(folder)
        except OSError:
            return []
        shown = (name for name in names if not name.startswith(".") or part.startswith("."))
        return [os.path.join(folder, name) for name in shown if fnmatch.fnmatchcase(name, part)]

    def part(self, path: str, start: int, size: int) -> bytes | None:
        if not self.is_file(path) or not self.may(path, os.R_OK):
            return None
        data = (
            self._view.head(path, start + size)
            if start + size <= _HEAD
            else self._view.read(path, start + size)
        )
        return None if data is None else data[start : start + size]

    def after(self, path: str, mark: bytes, size: int) -> bytes:
        data = self._view.read(path, _LARGEST_PROGRAM) if self.may(path, os.R_OK) else None
        at = data.find(mark) if data else -1
        return data[at : at + size] if data and at >= 0 else b""

    def has_access_list(self, path: str) -> bool:
        return False

    # ---------------------------------------------------------- rights

    def rights(self, node: Node) -> int:
        """Return what the account may do with a node that it has reached: os.R_OK, os.W_OK and os.X_OK together."""
        return sum(bit for bit in (os.R_OK, os.W_OK, os.X_OK) if self._allows(node, bit))

    def _reached(self, path: str) -> tuple[str, Node] | None:
        """Return what a path leads to, if the account may search every folder on the way."""
        if not path.startswith("/"):
            return None
        found = self._view.resolve(path)
        if found is None or self._uid == 0:
            return found
        folder = os.path.dirname(found[0])
        while True:
            above = self._view.resolve(folder)
            if above is None or not self._allows(above[1], os.X_OK):
                return None
            if folder == "/":
                return found
            folder = os.path.dirname(folder)

    def _allows(self, node: Node, bit: int) -> bool:
        if self._uid == 0:
            return bit != os.X_OK or node.kind == "d" or bool(node.mode & 0o111)
        if node.uid == self._uid:
            return bool(node.mode >> 6 & bit)
        return bool((node.mode >> 3 if node.gid in self._gids else node.mode) & bit)
