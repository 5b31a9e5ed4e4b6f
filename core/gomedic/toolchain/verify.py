"""Whether something that somebody already has is good: an archive with its sum and signature, or an installed tree."""

import contextlib
import os
from collections.abc import Generator, Iterator

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.settings import Settings
from gomedic.texts import N_, Message
from gomedic.toolchain import official
from gomedic.toolchain.background import beside
from gomedic.toolchain.bundle import is_bundle
from gomedic.toolchain.command import installed, shared
from gomedic.toolchain.compatibility import Row
from gomedic.toolchain.errors import (
    MissingSignature,
    NobodyVouches,
    NoNetwork,
    NoSuchPlace,
    NotInstalled,
    NotThere,
    ServerRefused,
    Stalled,
    ToolchainError,
    WebPageInstead,
    WrongFile,
)
from gomedic.toolchain.filelist import Differences
from gomedic.toolchain.install import judge_content, toolchains_folder
from gomedic.toolchain.intake import Intake, take_file
from gomedic.toolchain.offers import sum_beside, trusted_keys
from gomedic.toolchain.recorded import Verification
from gomedic.toolchain.sandbox import Sandbox
from gomedic.toolchain.signature import LARGEST, Question, Signature, check, require_gnupg
from gomedic.toolchain.sources import OFFICIAL
from gomedic.toolchain.verify_bundle import Judged, judged_bundle
from gomedic.toolchain.verify_tree import judged_tree
from gomedic.toolchain.web import Web
from gomedic.versions import is_official, version

_READING = N_("Reading {file}")
_SUM_GOOD = N_("The SHA-256 is the one that {authority} says.")
_NO_SUM = N_("No list at hand says which SHA-256 it must have; the signature alone vouches for it.")
_SIGNED = N_("Signed by {signer} on {made}.")
_MEMBERS = N_("All {count} members are safe to unpack, and hold {version}.")
_SOURCE = N_("This is source code; nothing of it was looked at but its sum and signature.")


class Verdict(Struct, frozen=True):
    """What is known of an archive or a tree."""

    target: str
    kind: str  # archive tree bundle
    good: bool
    version: str  # "" where it could not be learnt
    points: tuple[Message, ...]  # what was found good, or worth knowing, in order
    reason: Message | None = None  # why it is refused
    signature: Signature | None = None
    verification: Verification | None = None  # of a tree that we installed
    table: tuple[Row, ...] = ()  # what a tree can do on this machine
    differences: Differences | None = None  # of a tree's files from its release; None: not compared


def verify(
    host: Host,
    settings: Settings,
    target: str,
    *,
    archive: str | None = None,
    sandbox: Sandbox = Sandbox(),  # noqa: B008 - frozen
) -> Iterator[Progress | Verdict]:
    """Yield progress, and last the verdict on `target`: an archive, a bundle, a folder, or a version that we installed.

    Of an archive, the signature must be good (beside it as NAME.asc, for a release of Google's else from Google's
    own place), and so must every sum that is known (beside it as NAME.sha256 or NAME.sha256sum, and Google's list).
    A further key of the settings counts for the versions that its prefix allows, wherever the file lies. A tree is
    compared with its release, where a list of its files is at hand or `archive` names the archive, and tried in `sandbox`.
    """
    path = os.path.join(host.cwd, target)
    if os.path.isdir(path):
        yield from _verdict_on_tree(host, settings, path, archive, sandbox)
    elif is_bundle(path):
        yield from _verdict_on_bundle(host, settings, path)
    elif os.path.isfile(path):
        yield from _verdict_on_archive(host, settings, path)
    elif _looks_like_a_path(target):
        yield _refused(target, "archive", "", (), NoSuchPlace(path=path))
    else:
        yield from _verdict_on_version(host, settings, target, archive, sandbox)


def _looks_like_a_path(target: str) -> bool:
    return "/" in target or target.endswith((".tar.gz", ".zip", ".bundle"))


def _verdict_on_version(
    host: Host, settings: Settings, name: str, archive: str | None, sandbox: Sandbox
) -> Iterator[Progress | Verdict]:
    names = {name, f"go{name}"}
    every = (*installed(host), *shared())
    found = next((each.path for each in every if each.version in names), None)
    if found is not None:
        yield from _verdict_on_tree(host, settings, found, archive, sandbox)
    else:
        yield _refused(name, "tree", "", (), NotInstalled(version=name, path=toolchains_folder(host)))


def _refused(
    target: str, kind: str, name: str, points: tuple[Message, ...], error: ToolchainError
) -> Verdict:
    return Verdict(target, kind, False, name, points, error.message)


# ------------------------------------------------------------------ archives


def _verdict_on_bundle(host: Host, settings: Settings, path: str) -> Iterator[Progress | Verdict]:
    def judge(archive: str) -> Iterator[Progress | Judged]:
        for value in _verdict_on_archive(host, settings, archive):
            yield Judged(value.signature, value.reason) if isinstance(value, Verdict) else value

    versions, points, reason = yield from judged_bundle(host, settings, path, judge)
    yield Verdict(path, "bundle", reason is None, ", ".join(versions), points, reason)


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


def _verdict_on_tree(
    host: Host, settings: Settings, root: str, archive: str | None, sandbox: Sandbox
) -> Iterator[Progress | Verdict]:
    """Yield the verdict on a tree, compared with `archive` where one is named: that must itself be good."""
    if archive is not None:
        path = os.path.join(host.cwd, archive)
        judged: Verdict | None = None
        for value in _verdict_on_archive(host, settings, path):
            judged = value if isinstance(value, Verdict) else judged
            if isinstance(value, Progress):
                yield value
        if judged is None or not judged.good:
            yield Verdict(root, "tree", False, "", (), judged.reason if judged else None)
            return
        archive = path
    found = yield from judged_tree(host, root, archive, sandbox)
    yield Verdict(
        root, "tree", found.reason is None, found.version, found.points, found.reason, None,
        found.verification, found.table, found.differences,
    )  # fmt: skip
