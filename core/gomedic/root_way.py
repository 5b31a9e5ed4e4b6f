"""Root's way to a path: one component at a time, following no link, trusting what only root can change."""

import contextlib
import grp
import os
import pwd
import stat
from collections.abc import Iterator

from gomedic.carrying import StaleStepError, Way
from gomedic.closed_list import Caller, RefusedError
from gomedic.model import SetMode, SetOwner, Step
from gomedic.saving import Place, through

_OPEN = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
ACCESS_LIST = "system.posix_acl_access"


class RootsWay:
    """Paths of one tree, as root reaches them on behalf of `caller`; `uid` is root's."""

    def __init__(self, caller: Caller, tree: str, uid: int) -> None:
        self.uid = uid
        self.way = Way(lambda path, _follow: path, self.enter, self.allow)
        self.given: dict[str, tuple[int, int]] = {}  # of paths in the home: which inode was given away
        self._caller = caller
        self._tree = tree
        self._mount = -1  # that the home is on

    @contextlib.contextmanager
    def enter(self, path: str) -> Iterator[Place]:
        """Open the folder of `path` component by component, following no link, trusting only root's folders.

        Below the caller's home folders may be the caller's too; then only the owner of what is found is
        changed, and only through `allow`.
        """
        *folders, name = path.split("/")[1:]
        home = self._caller.home.split("/")[1:]
        with contextlib.ExitStack() as stack:
            descriptor = _opened(stack, self._tree, None)
            for depth, folder in enumerate(folders, 1):
                descriptor = _opened(stack, folder, descriptor)
                below = folders[: len(home)] == home and depth >= len(home)
                self._trust_folder(descriptor, "/" + "/".join(folders[:depth]), below=below)
                if depth == len(home):
                    self._mount = _mount_of(descriptor)
                if below and _mount_of(descriptor) != self._mount:
                    raise RefusedError(f"{path} is on another file system than the home")
            yield Place(descriptor, name, path)

    def _trust_folder(self, descriptor: int, path: str, *, below: bool) -> None:
        status = os.fstat(descriptor)
        if not stat.S_ISDIR(status.st_mode):
            raise RefusedError(f"{path} is no folder")
        owners = {self.uid, self._caller.uid} if below else {self.uid}
        if status.st_uid not in owners or (not below and _others_may_write(descriptor)):
            raise RefusedError(f"{path} can be changed by others than root")

    def allow(self, step: Step, descriptor: int) -> None:
        """Judge what is open, not what bears the name: it is this inode that gets the mode or the owner."""
        status = os.fstat(descriptor)
        identity = (status.st_dev, status.st_ino)
        single = stat.S_ISDIR(status.st_mode) or status.st_nlink == 1
        if not single or (status.st_mode & 0o6000 and not stat.S_ISLNK(status.st_mode)):
            raise RefusedError("a set-user-id or hard-linked file")
        if isinstance(step, SetOwner) and self.given.get(step.path) != identity:
            raise StaleStepError(step.path)
        if isinstance(step, SetOwner) and _mount_of(descriptor) != self._mount:
            raise RefusedError(f"{step.path} is on another file system than the home")
        if isinstance(step, SetMode) and (status.st_uid != self.uid or stat.S_ISLNK(status.st_mode)):
            raise RefusedError(f"{step.path} is not root's")

    def is_roots(self, path: str, kind: int = 0) -> bool:
        """Whether only root can change `path` or, where there is no such thing, make it; links are followed."""
        with contextlib.ExitStack() as stack:
            try:
                return self._is_roots(stack, path.split("/")[1:], kind)
            except OSError:
                return False

    def _is_roots(self, stack: contextlib.ExitStack, parts: list[str], kind: int) -> bool:
        top = _opened(stack, self._tree, None)
        here, opened = [top], top
        for _ in range(200):  # links and components together
            while parts and parts[0] in ("", "."):
                parts = parts[1:]
            if not parts:
                return not kind or stat.S_IFMT(os.fstat(here[-1]).st_mode) == kind
            name, *parts = parts
            if name == "..":
                here = here[:-1] or [top]
                continue
            try:
                opened = os.open(name, _OPEN, dir_fd=here[-1])
            except FileNotFoundError:
                return not kind
            stack.callback(os.close, opened)
            status = os.fstat(opened)
            if status.st_uid != self.uid:
                return False
            if stat.S_ISLNK(status.st_mode):
                target = os.readlink("", dir_fd=opened)
                here = [top] if target.startswith("/") else here
                parts = [*target.split("/"), *parts]
            elif _others_may_write(opened):
                return False
            else:
                here.append(opened)
        return False


def _opened(stack: contextlib.ExitStack, name: str, folder: int | None) -> int:
    try:
        descriptor = os.open(name, _OPEN | os.O_DIRECTORY, dir_fd=folder)
    except NotADirectoryError as error:  # a link, too
        raise RefusedError(f"{name} is no folder") from error
    stack.callback(os.close, descriptor)
    return descriptor


def _mount_of(descriptor: int) -> int:
    """Return which mount an open file is on; a bind mount has a number of its own (proc(5), fdinfo)."""
    with open(f"/proc/self/fdinfo/{descriptor}", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("mnt_id:"))


def _others_may_write(descriptor: int) -> bool:
    status = os.fstat(descriptor)
    if status.st_mode & 0o002:
        return True
    return bool(status.st_mode & 0o020) and (not only_root_in(status.st_gid) or _has_list(descriptor))


def _has_list(descriptor: int) -> bool:
    """Whether an access control list names others; the bits of the group are then its mask (acl(5))."""
    with contextlib.suppress(OSError):
        return ACCESS_LIST in os.listxattr(through(descriptor))
    return False


def only_root_in(gid: int) -> bool:
    """Whether a group is root's or has no members: Debian's /usr/local belongs to the empty group staff."""
    if gid == 0:
        return True
    try:
        members = set(grp.getgrgid(gid).gr_mem) - {"root"}
    except KeyError:
        return False
    return not members and all(entry.pw_gid != gid for entry in pwd.getpwall())
