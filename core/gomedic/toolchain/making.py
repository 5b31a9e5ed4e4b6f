"""A verified archive made a folder that works: unpacked beside its place, tried, and on the disk."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from functools import partial

from msgspec import Struct, structs

from gomedic import privilege
from gomedic.administrator import commands_to_unpack
from gomedic.host import Host
from gomedic.model import Progress
from gomedic.problems import NeedsRootError
from gomedic.root_staging import Order
from gomedic.stages import TRY, UNPACK, WRITE, during
from gomedic.texts import N_, Message
from gomedic.toolchain import filelist, register
from gomedic.toolchain.background import beside
from gomedic.toolchain.errors import CannotWrite, DoesNotWork, ToolchainError, WrongContent
from gomedic.toolchain.filelist import FileList
from gomedic.toolchain.foreign import starts_here
from gomedic.toolchain.recorded import Verification, encoded
from gomedic.toolchain.releases import arch_here
from gomedic.toolchain.sandbox import Sandbox
from gomedic.toolchain.smoke import Tried, smoke_test, untried
from gomedic.toolchain.staging import STAGING, discard, existing, make, new_name, scratch_of, sync
from gomedic.toolchain.targets import Target
from gomedic.toolchain.tree import tree
from gomedic.toolchain.unpack import Plan, unpack

_WRITING = N_("Writing {version} to the disk")
_BY_ROOT = N_("Root verifies {version} again and unpacks it")
_NOT_WHOLE = N_("a tree without {missing}")
_OTHER_MACHINE = N_("programs for {arch}")
_ELSEWHERE = N_(
    "It was not tried: it is for another machine's architecture ({arch}; this machine is {machine})."
)


class Archive(Struct, frozen=True):
    """What was verified."""

    path: str
    file: str
    version: str
    sha256: str
    signature: bytes
    plan: Plan
    verification: Verification


class Wish(Struct, frozen=True):
    """What is to become of it."""

    to: Target
    path: str  # where it goes
    may_ask: bool  # for a password
    try_it: bool
    sandbox: Sandbox
    arch: str  # whose programs it must have, as in the archive's name


class NeedsRoot(ToolchainError):  # noqa: N818 - named for its reason
    """Root was not to be had; the archive is good and lies ready, and these commands unpack it."""

    TEXT = N_(
        "{path} belongs to root, and gomedic may not become root here; "
        "{file} is verified, and an administrator can run the commands shown."
    )

    def __init__(self, archive: Archive, target: str, staged: str) -> None:
        super().__init__(path=target, file=archive.path)
        self.target = target
        self.staged = staged
        self.commands = commands_to_unpack(archive.path, archive.sha256, staged)


def made(host: Host, archive: Archive, wish: Wish) -> Generator[Progress, None, tuple[str, Tried]]:
    """Unpack, try and bring to the disk; return the folder and what came of trying it.

    Raises CannotWrite, DiskFull, DoesNotWork, WrongContent, NeedsRoot, with nothing left of it.
    """
    base = existing(os.path.dirname(wish.path))
    if wish.to.shared and not host.is_root and not os.access(base, os.W_OK):
        return (yield from _made_by_root(host, archive, wish, base))
    return (
        yield from made_of(
            host, wish, archive.version, archive.verification, partial(_unpacked, archive, wish)
        )
    )


def _unpacked(archive: Archive, wish: Wish, folder: str) -> Generator[Progress, None, FileList]:
    sums = yield from unpack(archive.path, archive.plan, folder, archive.version)
    _judge_tree(archive, folder, wish.arch)
    return filelist.listed(archive.plan, sums)


def made_of(
    host: Host,
    wish: Wish,
    version: str,
    why: Verification,
    fill: Callable[[str], Generator[Progress, None, FileList]],
) -> Generator[Progress, None, tuple[str, Tried]]:
    """Make a folder, have `fill` put the files there that are verified (`why`), try it and bring it to the disk.

    `fill` returns what they are. Raises as `made`, and what `fill` raises.
    """
    base = existing(os.path.dirname(wish.path))
    folder = ""
    try:
        folder = make(base)
        files = yield from during(UNPACK, fill(folder))
        if not wish.to.shared:
            _write_list(version, files, folder + filelist.SUFFIX)
        os.chmod(folder, 0o755)  # noqa: S103 - a GOROOT is for all to read
        with _scratch(host, folder) as scratch:
            tried = yield from _tried(host, folder, version, scratch, wish)
        what = Message(_WRITING, {"version": version})
        yield from during(WRITE, beside(what, lambda _stop: sync(folder)))
        if wish.to.shared and not wish.to.image and host.is_root:
            register.enter("", folder, version, encoded(told(why, tried)), files)
    except OSError as error:
        discard(folder)
        raise CannotWrite(path=base, reason=os.strerror(error.errno or 0)) from None
    except BaseException:
        discard(folder)
        raise
    return folder, tried


def told(why: Verification, tried: Tried) -> Verification:
    """Return the record with why it was not tried, where it was not."""
    return structs.replace(why, not_tried=str(tried.why_not or ""))


def _made_by_root(
    host: Host, archive: Archive, wish: Wish, base: str
) -> Generator[Progress, None, tuple[str, Tried]]:
    """Have root's helper verify the archive itself and unpack it; try what results with the account's rights."""
    staged = os.path.join(base, new_name())
    if wish.to.image:  # root would follow whatever is in there
        raise NeedsRoot(archive, wish.path, staged)
    order = Order(1, "stage", staged, archive.path, archive.file, archive.version, archive.signature)
    try:
        privilege.order(host, Order(1, "ready", staged), may_ask=wish.may_ask)
        what = Message(_BY_ROOT, {"version": archive.version})
        work = beside(what, lambda _stop: privilege.order(host, order, may_ask=wish.may_ask))
        yield from during(UNPACK, work)
    except NeedsRootError:
        raise NeedsRoot(archive, wish.path, staged) from None
    try:
        with _scratch(host, "") as scratch:
            return staged, (yield from _tried(host, staged, archive.version, scratch, wish))
    except BaseException:
        discard_by_root(host, staged)
        raise


def discard_by_root(host: Host, staged: str) -> None:
    """Have root delete what was staged and is not wanted; what cannot be deleted now is swept later."""
    with contextlib.suppress(Exception):
        privilege.order(host, Order(1, "discard", staged), may_ask=False)


def _tried(
    host: Host, folder: str, version: str, scratch: str, wish: Wish
) -> Generator[Progress, None, Tried]:
    """Raises DoesNotWork where it does not do what every toolchain must."""
    if not wish.try_it:
        return Tried("", ())
    if wish.arch != arch_here() and not starts_here(os.path.join(folder, "bin/go")):
        return untried(Message(_ELSEWHERE, {"arch": wish.arch, "machine": arch_here()}))
    work = smoke_test(host, folder, version, scratch, wish.sandbox, for_here=not wish.to.image)
    tried = yield from during(TRY, work)
    if tried.failure is not None:
        raise DoesNotWork(version=version, reason=tried.failure.text.values["reason"])
    return tried


def _write_list(version: str, files: FileList, path: str) -> None:
    """Keep what the files are, beside the toolchain, to check it against later."""
    with open(path, "xb") as file:
        file.write(filelist.encoded(version, files))


@contextlib.contextmanager
def _scratch(host: Host, folder: str) -> Iterator[str]:
    """Give a folder to build in: beside the toolchain, else in the account's cache."""
    if folder:
        scratch = scratch_of(folder)
        os.mkdir(scratch, 0o700)
    else:
        scratch = tempfile.mkdtemp(prefix=f"{STAGING}try-", dir=existing(host.cache_folder))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _judge_tree(archive: Archive, folder: str, arch: str) -> None:
    found = tree(folder)
    if found.missing:
        what = Message(_NOT_WHOLE, {"missing": found.missing[0]})
        raise WrongContent(file=archive.file, version=archive.version, found=what)
    if found.arch != ("arm" if arch == "armv6l" else arch):
        what = Message(_OTHER_MACHINE, {"arch": found.arch or "?"})
        raise WrongContent(file=archive.file, version=archive.version, found=what)
