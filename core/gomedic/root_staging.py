"""A toolchain that root is to place: copied from the account, verified anew, and unpacked beside its place.

What results lies in root's own ground, under a name that says that it is whole, and is then moved by ordinary
steps of the closed list. Nothing of the account's is used but bytes, which count only if they are rightly signed.
"""

import contextlib
import hashlib
import json
import os
import shutil
import stat
import time
from collections.abc import Collection, Generator, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import msgspec
from msgspec import Struct

from gomedic.closed_list import STAGED, Caller, RefusedError
from gomedic.host import Host
from gomedic.model import Account, Move, Receipt
from gomedic.root_way import RootsWay
from gomedic.saving import Place, through
from gomedic.settings import SYSTEM_FILE, SettingsError, read_settings

if TYPE_CHECKING:
    from gomedic.toolchain.signature import TrustedKey

PLACES = ("/usr/local", "/opt")
LONGEST = 600  # seconds; a Go has 250 MB
_ACTS = ("ready", "stage", "discard")
_LARGEST_ARCHIVE = 1 << 30  # bytes
_UNFINISHED = ".new"
_SETTLED = 3600  # seconds after which nobody will move what was staged
_PIECE = 1 << 18
_Result = TypeVar("_Result")


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """What the helper is asked to make ready, or to delete."""

    schema: int
    act: str  # "ready": only say whether root is to be had; "stage"; "discard"
    path: str  # of the folder that results: /usr/local/.gomedic-staging-0123456789abcdef
    archive: str = ""  # the account's copy
    file: str = ""  # its name, go1.22.5.linux-amd64.tar.gz
    version: str = ""
    signature: bytes = b""


def order_in(data: bytes) -> Order | None:
    """Return the order that `data` is, to the letter; None where it is something else. Raises RefusedError."""
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict) or given.get("act") not in _ACTS:
        return None
    try:
        order = msgspec.convert(given, Order, strict=True)
    except msgspec.ValidationError as error:
        raise RefusedError(f"no order: {error}") from error
    if order.schema != 1 or not STAGED.fullmatch(order.path) or msgspec.to_builtins(order) != given:
        raise RefusedError("no order that this helper knows")
    return order


class Stager:
    """Root at work beside the places for toolchains; `tree` and `state_folder` as in `root_helper.Helper`."""

    def __init__(self, roots: RootsWay, caller: Caller, tree: str, state_folder: str) -> None:
        self._roots = roots
        self._caller = caller
        self._tree = tree.rstrip("/")
        self._state_folder = state_folder
        self._host = Host({"HOME": "/root", "XDG_CONFIG_HOME": "/nonexistent"}, "/", _root())

    def carry_out(self, order: Order, receipts: Collection[Receipt]) -> None:
        """Stage or discard. Raises RefusedError, OSError; nothing is left of a staging that failed."""
        self.sweep(receipts)
        if order.act == "stage":
            self._stage(order)
        elif order.act == "discard" and order.path not in _needed(receipts):
            self.remove(order.path)

    def remove(self, path: str) -> None:
        """Delete a folder that was staged, and what the register says of it."""
        from gomedic.toolchain import register

        with contextlib.suppress(FileNotFoundError), self._roots.enter(path) as place:
            shutil.rmtree(place.name, dir_fd=place.folder)
        register.sweep(self._tree)

    def sweep(self, receipts: Collection[Receipt]) -> None:
        """Delete what was staged and is in no receipt that could still need it: whole ones after an hour."""
        needed = _needed(receipts)
        for folder in PLACES:
            with contextlib.suppress(OSError, RefusedError), self._roots.enter(f"{folder}/x") as place:
                for name in os.listdir(through(place.folder)):
                    path = f"{folder}/{name}"
                    if path not in needed and _is_left(place.folder, path):
                        self.remove(path)

    # ---------------------------------------------------------- staging

    def _stage(self, order: Order) -> None:
        from gomedic.toolchain.errors import ToolchainError

        copy = os.path.join(self._state_folder, f"incoming-{os.path.basename(order.path)}")
        with self._roots.enter(order.path) as place, contextlib.ExitStack() as stack:
            stack.callback(_remove_quietly, copy)
            stack.callback(shutil.rmtree, place.name + _UNFINISHED, dir_fd=place.folder, ignore_errors=True)
            try:
                self._unpack(order, copy, place)
            except (ToolchainError, SettingsError) as error:
                raise RefusedError(str(error.message)) from error

    def _unpack(self, order: Order, copy: str, place: Place) -> None:
        """Copy and verify, unpack under another name, bring it to the disk; its own name says that all is well."""
        from gomedic.toolchain import filelist, register
        from gomedic.toolchain.install import judge_content
        from gomedic.toolchain.recorded import Verification, encoded
        from gomedic.toolchain.signature import Question, check
        from gomedic.toolchain.staging import sync
        from gomedic.toolchain.tree import tree
        from gomedic.toolchain.unpack import Judge, unpack

        judge, digest, size = Judge(order.file), hashlib.sha256(), 0
        for piece in self._copied(order.archive, copy):
            judge.feed(piece)
            digest.update(piece)
            size += len(piece)
        signature = check(
            self._host, Question(copy, order.file, order.signature, order.archive, self._keys(order))
        )
        plan = judge.finish()
        judge_content(order.file, order.version, plan)
        name = place.name + _UNFINISHED
        os.mkdir(name, 0o700, dir_fd=place.folder)
        folder = f"{through(place.folder)}/{name}"
        os.chown(folder, os.geteuid(), os.getegid())
        os.chmod(folder, 0o700)  # without the set-group-id bit that Debian's /usr/local hands down
        sums = _to_its_end(unpack(copy, plan, folder, order.version))
        if missing := tree(folder).missing:
            raise RefusedError(f"{order.file} has no {missing[0]}")
        os.chmod(folder, 0o755)  # noqa: S103 - a GOROOT is for all to read
        sync(folder)
        total, kept = digest.hexdigest(), filelist.listed(plan, sums)
        why = Verification(order.file, total, size, "", order.archive, signature, f"{order.archive}.asc")
        register.enter(self._tree, folder, order.version, encoded(why), kept)
        os.rename(name, place.name, src_dir_fd=place.folder, dst_dir_fd=place.folder)

    def _keys(self, order: Order) -> "tuple[TrustedKey, ...]":
        """Return the keys that may vouch for a version: Google's, or one that root named in the machine's settings."""
        from gomedic.toolchain.signature import google_key, key_in
        from gomedic.versions import is_official

        if is_official(order.version):
            return (google_key(),)
        settings = read_settings(self._host, self._tree + SYSTEM_FILE)
        named = [key.file for key in settings.keys if order.version.startswith(key.prefix)]
        own = [path for path in named if self._roots.is_roots(path, stat.S_IFREG)]
        if not own:
            raise RefusedError(f"no key in {SYSTEM_FILE} may vouch for {order.version}")
        return tuple(key_in(self._host, self._tree + path) for path in own)

    def _copied(self, source: str, copy: str) -> Iterator[bytes]:
        """Copy the account's file into root's own ground, and yield its pieces."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with self._opened(source) as file, os.fdopen(os.open(copy, flags, 0o600), "wb") as out:
            size = 0
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > _LARGEST_ARCHIVE:
                    raise RefusedError(f"{source} is larger than any Go")
                out.write(piece)
                yield piece

    def _opened(self, path: str) -> BinaryIO:
        """Open the account's file with the account's rights: root must not read for it what it may not."""
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        with _as(self._caller):
            descriptor = os.open(path, flags)
        file = os.fdopen(descriptor, "rb")
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            file.close()
            raise RefusedError(f"{path} is no file")
        return file


def _to_its_end(work: Generator[Any, None, _Result]) -> _Result:
    """Return what a generator returns."""
    try:
        while True:
            next(work)
    except StopIteration as end:
        result: _Result = end.value
        return result


@contextlib.contextmanager
def _as(caller: Caller) -> Iterator[None]:
    """Give up root's rights for a moment, where there are any."""
    if os.geteuid() != 0 or caller.uid == 0:
        yield
        return
    groups, gid = os.getgroups(), os.getegid()
    os.setgroups([])
    os.setegid(caller.gid if caller.gid >= 0 else caller.uid)
    os.seteuid(caller.uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(gid)
        os.setgroups(groups)


def _root() -> Account:
    return Account("root", os.geteuid(), os.getegid(), "/root", "/bin/sh", "/root")


def _needed(receipts: Collection[Receipt]) -> set[str]:
    return {
        step.source
        for receipt in receipts
        if receipt.state != "taken back"
        for step in receipt.steps
        if isinstance(step, Move)
    }


def _is_left(folder: int, path: str) -> bool:
    """Whether nobody will come for what was staged; the helper is alone, so an unfinished one is left at once."""
    if path.endswith(_UNFINISHED) and STAGED.fullmatch(path.removesuffix(_UNFINISHED)):
        return True
    if not STAGED.fullmatch(path):
        return False
    age = time.time() - os.stat(os.path.basename(path), dir_fd=folder, follow_symlinks=False).st_ctime
    return not 0 <= age <= _SETTLED


def _remove_quietly(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def staged_by(receipt: Receipt) -> Iterator[str]:
    """Yield the folders that were staged for a receipt."""
    for step in receipt.steps:
        if isinstance(step, Move) and STAGED.fullmatch(step.source):
            yield step.source
