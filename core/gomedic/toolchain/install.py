"""A Go release made ready to be put into its place: fetched, verified, unpacked, tried; nothing changed yet."""

import contextlib
import os
import secrets
from collections.abc import Generator, Iterator
from functools import partial

import msgspec
from msgspec import Struct

from gomedic.host import Host
from gomedic.model import EditFile, MakeFolder, Move, Progress, Step
from gomedic.settings import Settings
from gomedic.stages import FETCH, LOOK, SIGNATURE, SUM, during
from gomedic.texts import N_, Message
from gomedic.toolchain.background import beside, waiting
from gomedic.toolchain.download import Wanted, download
from gomedic.toolchain.errors import (
    AlreadyInstalled,
    MissingSignature,
    NoGnuPG,
    NoNetwork,
    NotAnArchive,
    NotASignature,
    NotThere,
    Offline,
    OtherSigner,
    ServerRefused,
    SeveralSignatures,
    SignatureExpired,
    SignatureNeeded,
    SignedOutsideValidity,
    SignerRevoked,
    Stalled,
    ToolchainError,
    UnsafeMember,
    WeakSignature,
    WebPageInstead,
    WrongContent,
    WrongSignature,
)
from gomedic.toolchain.intake import Intake
from gomedic.toolchain.making import Archive, Wish, made
from gomedic.toolchain.offers import Offer, offer
from gomedic.toolchain.signature import LARGEST, Question, Signature, check, check_form, require_gnupg
from gomedic.toolchain.staging import LIST, STAGING, discard, existing, sweep
from gomedic.toolchain.targets import LOCAL, Target, judge_image
from gomedic.toolchain.tree import tree, version_in
from gomedic.toolchain.unpack import Plan
from gomedic.toolchain.web import Web
from gomedic.versions import is_official

__all__ = [
    "STAGING", "Staged", "Verification", "discard", "existing", "install", "judge_content", "missing_folders", "record",
    "record_file", "steps_to_place", "toolchains_folder",
]  # fmt: skip

_LOOKING = N_("Looking for Go {version}")
_ASKING_SIGNATURE = N_("Fetching the signature of {file}")
_VERIFYING = N_("Verifying the signature of {file}")
_SUM_GOOD = N_("The SHA-256 is the one that {authority} says.")
_SIGNED = N_("Signed by {signer} on {made}.")
_NO_VERSION = N_("something that does not name its version")
_WORTHLESS = (  # what was fetched is not what it should be, and is not kept to go on from
    NotAnArchive, NotASignature, OtherSigner, SeveralSignatures, SignatureExpired, SignedOutsideValidity,
    SignerRevoked, UnsafeMember, WeakSignature, WrongContent, WrongSignature,
)  # fmt: skip


class Verification(Struct, frozen=True):
    """Why the toolchain may be trusted; kept beside it for as long as it lives."""

    file: str
    sha256: str
    size: int
    sum_from: str  # who says so
    source: str  # where the bytes came from
    signature: Signature | None  # None: not signature-checked
    signature_from: str
    index_signed: bool = False


class Staged(Struct, frozen=True):
    """A toolchain that was verified and works, on the file system of its place. The caller's, from now on."""

    version: str
    staged_path: str  # the GOROOT to be
    target_path: str
    verification: Verification
    says: str  # what `go version` said; "" where it was not tried
    to: Target = Target()


def toolchains_folder(host: Host) -> str:
    """Return the folder of the account's own toolchains."""
    return os.path.join(host.data_folder, "toolchains")


def install(
    host: Host,
    settings: Settings,
    version: str,
    source: str | None = None,
    *,
    try_it: bool = True,
    to: Target = Target(),  # noqa: B008 - frozen
    may_ask: bool = False,
    without_signature: bool = False,
) -> Iterator[Progress | Staged]:
    """Yield progress, and last the toolchain, staged beside where it is to go (`to`; `may_ask` for a password there).

    `version` is a name, a series or `latest`; `source` an address, a folder or the name of a source (None: all).
    `without_signature` lets the sum that Google's list says do where the signature is missing or cannot be checked.
    Closing the generator, like every refusal (ToolchainError), leaves nothing but what was fetched so far. From
    the moment it is yielded, the staged folder is the caller's: to be moved by `steps_to_place`, or `discard`ed.
    """
    yield Progress(Message(_LOOKING, {"version": version}), step=LOOK)
    if to.image:
        judge_image(to.image)
    with _downloads(host) as downloads, Web(host, settings.proxy) as web:
        looking = Message(_LOOKING, {"version": version})
        wish = yield from waiting(looking, partial(offer, host, settings, web, version, source))
        target = to.path(host, wish.version)
        sweep(host, os.path.dirname(target))
        found = tree(target)
        if found.whole and (found.version == wish.version or to.place != LOCAL):
            raise AlreadyInstalled(version=wish.version, path=target)
        may_lack = without_signature
        asking = Message(_ASKING_SIGNATURE, {"file": wish.file})
        question = yield from waiting(asking, partial(_question, host, web, wish, to, may_lack=may_lack))
        intake = yield from _fetched(web, downloads, wish, settings.shared_cache or "")
        with contextlib.closing(intake):
            yield Progress(Message(_SUM_GOOD, {"authority": wish.sum_from}), step=SUM)
            yield from _verified(host, wish, question, intake, Wish(to, target, may_ask, try_it))


@contextlib.contextmanager
def _downloads(host: Host) -> Iterator[str]:
    """Give the folder for downloads; take back at the end what of it was made for nothing."""
    folder = os.path.join(host.cache_folder, "downloads")
    made = missing_folders(folder)
    try:
        yield folder
    finally:
        with contextlib.suppress(OSError):
            for path in reversed(made):
                os.rmdir(path)


def _fetched(web: Web, folder: str, wish: Offer, shared: str) -> Generator[Progress, None, Intake]:
    wanted = Wanted(wish.file, wish.sha256, wish.size, wish.sum_from, wish.addresses, shared)
    with contextlib.closing(download(web, folder, wanted)) as fetching:
        for item in fetching:
            if isinstance(item, Intake):
                return item
            yield msgspec.structs.replace(item, step=FETCH)
    raise AssertionError("download() ends with an intake or a refusal")


def _question(host: Host, web: Web, wish: Offer, to: Target, *, may_lack: bool) -> Question | None:
    """Fetch the signature, before the archive, because it may be missing; None where it may (`may_lack`) and is.

    Raises NoGnuPG, MissingSignature, SignatureNeeded.
    """
    try:
        require_gnupg(host, wish.file)
        return _signature(web, wish)
    except (NoGnuPG, MissingSignature, NoNetwork, Offline, Stalled, ServerRefused, WebPageInstead) as error:
        if not may_lack:
            raise
        if not wish.official or to.shared:
            raise SignatureNeeded(file=wish.file, reason=error.message) from None
        return None


def _signature(web: Web, wish: Offer) -> Question:
    refusal: ToolchainError | None = None
    for address in wish.signatures:
        try:
            signature = web.small(address, LARGEST)
        except NotThere:
            continue
        except ToolchainError as error:
            refusal = refusal or error
            continue
        question = Question("", wish.file, signature, address, wish.keys)
        check_form(question)
        return question
    raise refusal or MissingSignature(file=wish.file, url=wish.signatures[0])


def _verified(
    host: Host, offered: Offer, question: Question | None, intake: Intake, wish: Wish
) -> Iterator[Progress | Staged]:
    try:
        signature = None if question is None else (yield from _checked(host, question, intake))
        plan = intake.plan()
        judge_content(offered.file, offered.version, plan)
        archive = Archive(
            intake.path,
            offered.file,
            offered.version,
            offered.sha256,
            question.signature if question else b"",
            plan,
        )
        path, says = yield from made(host, archive, wish)
    except _WORTHLESS:
        os.unlink(intake.path)
        raise
    verification = Verification(
        offered.file, offered.sha256, intake.size, offered.sum_from, intake.source,
        signature, question.url if question else "", offered.index_signed,
    )  # fmt: skip
    yield Staged(offered.version, path, wish.path, verification, says, wish.to)


def _checked(host: Host, question: Question, intake: Intake) -> Generator[Progress, None, Signature]:
    what = Message(_VERIFYING, {"file": question.file})
    asked = msgspec.structs.replace(question, path=intake.path)
    signature = yield from during(SIGNATURE, beside(what, lambda _stop: check(host, asked)))
    said = Message(_SIGNED, {"signer": signature.signer, "made": signature.made})
    yield Progress(said, step=SIGNATURE)
    return signature


def judge_content(file: str, version: str, plan: Plan) -> None:
    """Refuse a good archive of another release: an older one with its holes, under a newer one's name.

    A version of somebody else's may say in its VERSION what it was made from: go1.22.5 for go1.22.5-campus.
    Raises WrongContent.
    """
    found = version_in(plan.version_file)
    repacked = not is_official(version) and bool(found) and version.startswith(f"{found}-")
    if found != version and not repacked:
        raise WrongContent(file=file, version=version, found=found or Message(_NO_VERSION))


def missing_folders(path: str) -> list[str]:
    """Return the folders that must be made for `path` to be one, outermost first."""
    missing: list[str] = []
    while not os.path.isdir(path):
        missing.insert(0, path)
        path = os.path.dirname(path)
    return missing


def steps_to_place(staged: Staged) -> tuple[Step, ...]:
    """Return the steps that put a staged toolchain into its place; a broken one there is moved aside first."""
    target, record = staged.target_path, record_file(staged.target_path)
    steps: list[Step] = [MakeFolder(path=path) for path in missing_folders(os.path.dirname(target))]
    aside = f"{os.path.dirname(target)}/{STAGING}broken-{secrets.token_hex(8)}"
    ends = (end for end in ("", LIST) if os.path.lexists(target + end))
    steps += [Move(source=target + end, target=aside + end) for end in ends]
    before = _content(record)
    after = msgspec.json.format(msgspec.json.encode(staged.verification), indent=1) + b"\n"
    return (
        *steps,
        Move(source=staged.staged_path, target=target),
        *_kept_list(staged.staged_path, target),
        *((EditFile(path=record, before=before, after=after),) if before != after else ()),
    )


def _kept_list(staged: str, target: str) -> tuple[Step, ...]:
    there = os.path.lexists(staged + LIST)
    return (Move(source=staged + LIST, target=target + LIST),) if there else ()


def record_file(target: str) -> str:
    """Return the file beside a toolchain that says why it may be trusted."""
    return f"{target}.json"


def record(target: str) -> Verification | None:
    """Return why the toolchain at `target` may be trusted, None where that is not recorded."""
    try:
        return msgspec.json.decode(_content(record_file(target)) or b"", type=Verification)
    except msgspec.DecodeError:
        return None


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read(1 << 20)
    except OSError:
        return None
