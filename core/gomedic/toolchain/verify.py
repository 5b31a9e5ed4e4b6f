"""Whether something that somebody already has is good: an archive with its sum and signature, or an installed tree."""

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Generator, Iterator

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.settings import Settings
from gomedic.texts import N_, Message
from gomedic.toolchain import official
from gomedic.toolchain.background import beside
from gomedic.toolchain.errors import (
    MissingSignature,
    NobodyVouches,
    NoNetwork,
    NotInstalled,
    NotThere,
    ServerRefused,
    Stalled,
    ToolchainError,
    WebPageInstead,
    WrongFile,
)
from gomedic.toolchain.install import Verification, existing, judge_content, record, toolchains_folder
from gomedic.toolchain.intake import Intake, take_file
from gomedic.toolchain.offers import sum_beside, trusted_keys
from gomedic.toolchain.releases import platform
from gomedic.toolchain.signature import LARGEST, Question, Signature, check, require_gnupg
from gomedic.toolchain.smoke import smoke_test
from gomedic.toolchain.sources import OFFICIAL
from gomedic.toolchain.tree import Tree, tree
from gomedic.toolchain.web import Web
from gomedic.versions import is_official, version

_READING = N_("Reading {file}")
_SUM_GOOD = N_("The SHA-256 is the one that {authority} says.")
_NO_SUM = N_("No list at hand says which SHA-256 it must have; the signature alone vouches for it.")
_SIGNED = N_("Signed by {signer} on {made}.")
_MEMBERS = N_("All {count} members are safe to unpack, and hold {version}.")
_SOURCE = N_("This is source code; nothing of it was looked at but its sum and signature.")
_WHOLE = N_("The commands, tools and sources of {version} are there.")
_MISSING = N_("{missing} is missing in {root}, so this is no whole Go installation; install it again.")
_NO_VERSION = N_(
    "{root}/VERSION does not name a Go version, so this is no whole Go installation; install it again."
)
_OTHER_MACHINE = N_(
    "The programs in {root} are for {arch}, but this machine is {machine}; install the archive for it."
)
_FOREIGN = N_("Somebody other than you or root can change {path}, so nothing of this tree was started.")
_STARTS = N_("It starts, builds and runs a program: {said}.")
_RECORDED = N_("It was installed from {file}, signed by {signer}.")
_NOT_RECORDED = N_("Where it came from is not recorded, so its files are not checked against a release.")


class Verdict(Struct, frozen=True):
    """What is known of an archive or a tree."""

    target: str
    kind: str  # archive tree
    good: bool
    version: str  # "" where it could not be learnt
    points: tuple[Message, ...]  # what was found good, or worth knowing, in order
    reason: Message | None = None  # why it is refused
    signature: Signature | None = None
    verification: Verification | None = None  # of a tree that we installed


def verify(host: Host, settings: Settings, target: str) -> Iterator[Progress | Verdict]:
    """Yield progress, and last the verdict on `target`: an archive, a folder, or a version that we installed.

    Of an archive, the signature must be good (beside it as NAME.asc, for a release of Google's else from Google's
    own place), and so must every sum that is known (beside it as NAME.sha256 or NAME.sha256sum, and Google's list).
    A further key of the settings counts for the versions that its prefix allows, wherever the file lies.
    """
    path = os.path.join(host.cwd, target)
    if os.path.isdir(path):
        yield from _verdict_on_tree(host, path)
    elif os.path.isfile(path):
        yield from _verdict_on_archive(host, settings, path)
    else:
        yield from _verdict_on_version(host, target)


def _verdict_on_version(host: Host, name: str) -> Iterator[Progress | Verdict]:
    folder = toolchains_folder(host)
    for candidate in (name, f"go{name}"):
        if version(candidate) is not None and os.path.isdir(os.path.join(folder, candidate)):
            yield from _verdict_on_tree(host, os.path.join(folder, candidate))
            return
    yield _refused(name, "tree", "", (), NotInstalled(version=name, path=folder))


def _refused(
    target: str, kind: str, name: str, points: tuple[Message, ...], error: ToolchainError
) -> Verdict:
    return Verdict(target, kind, False, name, points, error.message)


# ------------------------------------------------------------------ archives


def _verdict_on_archive(host: Host, settings: Settings, path: str) -> Iterator[Progress | Verdict]:
    points: list[Message] = []
    file = os.path.basename(path)
    name = _version_of(file)
    try:
        with Web(host, settings.proxy) as web:
            signature = yield from _judged_archive(host, settings, web, path, name, points)
    except ToolchainError as error:
        yield _refused(path, "archive", name, tuple(points), error)
    else:
        yield Verdict(path, "archive", True, name, tuple(points), None, signature)


def _judged_archive(
    host: Host, settings: Settings, web: Web, path: str, name: str, points: list[Message]
) -> Generator[Progress, None, Signature]:
    file = os.path.basename(path)
    keys = trusted_keys(host, settings, name, None)
    if not keys:
        raise NobodyVouches(version=name or file, source=os.path.dirname(path), file="config.toml")
    require_gnupg(host, file)
    with contextlib.closing(Intake(path, file)) as intake:
        yield from take_file(intake, Message(_READING, {"file": file}), os.path.getsize(path))
        points += _judge_sums(host, web, path, name, intake.sha256)
        signed, address = _signature(web, path, official_name=is_official(name))
        question = Question(path, file, signed, address, keys)
        what = Message(_READING, {"file": file})
        signature = yield from beside(what, lambda _stop: check(host, question))
        points.append(Message(_SIGNED, {"signer": signature.signer, "made": signature.made}))
        points.append(_judge_members(intake, file, name))
    return signature


def _judge_members(intake: Intake, file: str, name: str) -> Message:
    if file.endswith(".src.tar.gz"):
        intake.plan()
        return Message(_SOURCE)
    plan = intake.plan()
    judge_content(file, name, plan)
    return Message(_MEMBERS, {"count": len(plan.members), "version": name})


def _version_of(file: str) -> str:
    """Return the version in a file's name, go1.22.5 of go1.22.5.linux-amd64.tar.gz; "" where there is none."""
    for mark in (".linux-", ".src."):
        name, found, _ = file.partition(mark)
        if found and version(name) is not None:
            return name
    return ""


def _judge_sums(host: Host, web: Web, path: str, name: str, found: str) -> Iterator[Message]:
    """Compare with every sum at hand, without asking the network. Raises WrongFile."""
    file = os.path.basename(path)
    listed = {
        entry.filename: entry.sha256
        for release in official.known(host).releases
        if release.version == name
        for entry in release.files
    }
    beside, where = sum_beside(web, path)
    said = (("go.dev/dl", listed.get(file, "")), (os.path.basename(where), beside))
    for authority, expected in said:
        if expected and expected != found:
            values = {"found": found, "authority": authority, "expected": expected}
            raise WrongFile(file=file, source=os.path.dirname(path), **values)
        if expected:
            yield Message(_SUM_GOOD, {"authority": authority})
    if not any(expected for _, expected in said):
        yield Message(_NO_SUM)


def _signature(web: Web, path: str, *, official_name: bool) -> tuple[bytes, str]:
    """Return the signature and where it lies: beside the archive, else at Google's own places."""
    file = os.path.basename(path)
    addresses = [f"{path}.asc"]
    addresses += [place.file(f"{file}.asc") for place in OFFICIAL if official_name]
    for address in addresses:
        with contextlib.suppress(NotThere, NoNetwork, ServerRefused, WebPageInstead, Stalled):
            return web.small(address, LARGEST), address
    raise MissingSignature(file=file, url=addresses[0])


# ------------------------------------------------------------------ trees


def _verdict_on_tree(host: Host, root: str) -> Iterator[Progress | Verdict]:
    found = tree(root)
    kept = record(root)
    points = [_told(kept)]
    reason = _not_whole(found)
    if reason is None:
        points.append(Message(_WHOLE, {"version": found.version}))
        foreign = _changeable_by_others(host, root)
        if foreign is not None:
            points.append(Message(_FOREIGN, {"path": foreign}))
        else:
            reason = yield from _tried(host, found, points)
    yield Verdict(root, "tree", reason is None, found.version, tuple(points), reason, None, kept)


def _told(kept: Verification | None) -> Message:
    if kept is None or kept.signature is None:
        return Message(_NOT_RECORDED)
    return Message(_RECORDED, {"file": kept.file, "signer": kept.signature.signer})


def _not_whole(found: Tree) -> Message | None:
    if found.missing:
        return Message(_MISSING, {"missing": found.missing[0], "root": found.root})
    if not found.version:
        return Message(_NO_VERSION, {"root": found.root})
    machine = platform(os.uname().machine).replace("armv6l", "arm")
    if found.arch != machine:
        return Message(_OTHER_MACHINE, {"root": found.root, "arch": found.arch or "?", "machine": machine})
    return None


def _tried(host: Host, found: Tree, points: list[Message]) -> Generator[Progress, None, Message | None]:
    scratch = tempfile.mkdtemp(prefix=".gomedic-verify-", dir=existing(host.cache_folder))
    try:
        said = yield from smoke_test(host, found.root, found.version, scratch)
    except ToolchainError as error:
        return error.message
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    points.append(Message(_STARTS, {"said": said}))
    return None


def _changeable_by_others(host: Host, root: str) -> str | None:
    """Return the first of the programs, their folders and the folders above that others can change."""
    real = os.path.realpath(root)
    paths = [os.path.join(real, name) for name in ("bin/go", "bin", "pkg/tool", "src")]
    while real != "/":
        paths.append(real)
        real = os.path.dirname(real)
    return next((path for path in paths if _is_changeable(host, path)), None)


def _is_changeable(host: Host, path: str) -> bool:
    status = os.lstat(path)
    if status.st_uid not in (0, host.account.uid):
        return True
    if stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX:
        return False  # like /tmp: others can add, but not replace what is there
    own_group = status.st_gid in (0, host.account.gid)
    return bool(status.st_mode & stat.S_IWOTH) or bool(status.st_mode & stat.S_IWGRP and not own_group)
