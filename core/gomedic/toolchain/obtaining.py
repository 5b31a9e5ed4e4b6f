"""An offered archive obtained: its signature, then its bytes into the cache, and whether the one is over the other."""

import contextlib
import os
from collections.abc import Generator, Iterator

import msgspec

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.stages import FETCH, SIGNATURE, during
from gomedic.texts import N_, Message
from gomedic.toolchain.background import beside
from gomedic.toolchain.download import Wanted, download
from gomedic.toolchain.errors import (
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
from gomedic.toolchain.offers import Offer
from gomedic.toolchain.signature import LARGEST, Question, Signature, check, check_form, require_gnupg
from gomedic.toolchain.targets import Target
from gomedic.toolchain.tree import version_in
from gomedic.toolchain.unpack import Plan
from gomedic.toolchain.web import Web
from gomedic.versions import is_official

WORTHLESS = (  # what was fetched is not what it should be, and is not kept to go on from
    NotAnArchive, NotASignature, OtherSigner, SeveralSignatures, SignatureExpired, SignedOutsideValidity,
    SignerRevoked, UnsafeMember, WeakSignature, WrongContent, WrongSignature,
)  # fmt: skip
_VERIFYING = N_("Verifying the signature of {file}")
_SIGNED = N_("Signed by {signer} on {made}.")
_NO_VERSION = N_("something that does not name its version")


@contextlib.contextmanager
def downloads(host: Host) -> Iterator[str]:
    """Give the folder for downloads; take back at the end what of it was made for nothing."""
    folder = os.path.join(host.cache_folder, "downloads")
    made = missing_folders(folder)
    try:
        yield folder
    finally:
        with contextlib.suppress(OSError):
            for path in reversed(made):
                os.rmdir(path)


def fetched(web: Web, folder: str, wish: Offer, shared: str) -> Generator[Progress, None, Intake]:
    """Return the intake of the archive, of the right sum and the caller's to close. Raises as `download`."""
    wanted = Wanted(wish.file, wish.sha256, wish.size, wish.sum_from, wish.addresses, shared)
    with contextlib.closing(download(web, folder, wanted)) as fetching:
        for item in fetching:
            if isinstance(item, Intake):
                return item
            yield msgspec.structs.replace(item, step=FETCH)
    raise AssertionError("download() ends with an intake or a refusal")


def question_for(host: Host, web: Web, wish: Offer, to: Target, *, may_lack: bool) -> Question | None:
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


def checked(host: Host, question: Question, intake: Intake) -> Generator[Progress, None, Signature]:
    """Return the good signature over what was fetched. Raises as `check`."""
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
