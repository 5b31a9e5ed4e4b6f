"""Whether a bundle is good: each archive in it, its own sums, and who signed it as a whole."""

import hashlib
import os
from collections.abc import Callable, Generator, Iterator

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.settings import Settings
from gomedic.texts import N_, Message
from gomedic.toolchain.bundle import MANIFEST, MARK, BadBundle, Entry
from gomedic.toolchain.errors import CannotWrite, ToolchainError
from gomedic.toolchain.local_source import Bundle
from gomedic.toolchain.releases import Release, architectures
from gomedic.toolchain.signature import Signature
from gomedic.toolchain.staging import existing, passing
from gomedic.toolchain.web import Web

_READING = N_("Reading {file}")
_OTHER_SUM = N_("its {file} is not the one of its {manifest}")
_NOTHING = N_("it holds no archive")
_HOLDS = N_("{version}, for {architectures}.")
_SIGNED = N_("{file} is signed by {signer} on {made}.")
_WHOLE = N_("The bundle as a whole is signed by a key of the settings.")
_NOT_WHOLE = N_("No key of the settings signed the bundle as a whole; each archive stands for itself.")

JudgeArchive = Callable[[str], Iterator["Progress | Judged"]]


class Judged(Struct, frozen=True):
    """The verdict on one archive."""

    signature: Signature | None
    reason: Message | None


def judged_bundle(
    host: Host, settings: Settings, path: str, judge: JudgeArchive
) -> Generator[Progress, None, tuple[tuple[str, ...], tuple[Message, ...], Message | None]]:
    """Return the versions in a bundle, what was found good, and why it is refused; `judge` judges a file with its .asc."""
    points: list[Message] = []
    try:
        with Web(host, settings.proxy) as web:
            bundle = Bundle(host, settings, web, path)
            points += [_held(release) for release in bundle.releases]
            reason = yield from _judged_files(host, web, bundle, judge, points)
    except ToolchainError as error:
        return (), tuple(points), error.message
    except OSError as error:
        values = {"path": host.cache_folder, "reason": os.strerror(error.errno or 0)}
        return (), tuple(points), CannotWrite(**values).message
    points.append(Message(_WHOLE if bundle.signed else _NOT_WHOLE))
    return tuple(release.version for release in bundle.releases), tuple(points), reason


def _judged_files(
    host: Host, web: Web, bundle: Bundle, judge: JudgeArchive, points: list[Message]
) -> Generator[Progress, None, Message | None]:
    """Copy each archive out with its signature and judge it there, as anything that somebody already has."""
    archives = [entry for entry in bundle.manifest.files if entry.name.endswith(".tar.gz")]
    if not archives:
        raise BadBundle(file=bundle.path, reason=Message(_NOTHING))
    others = [entry for entry in bundle.manifest.files if entry not in archives]
    for archive in archives:
        beside = [entry for entry in others if entry.name == f"{archive.name}.asc"]
        with passing(existing(host.cache_folder), ".gomedic-verify-") as folder:
            for entry in (archive, *beside):
                yield from _copied(web, bundle, entry, folder)
            for item in judge(os.path.join(folder, archive.name)):
                if isinstance(item, Progress):
                    yield item
                elif item.reason is not None or item.signature is None:
                    return item.reason
                else:
                    signed = item.signature
                    points.append(_told(archive.name, signed))
    return None


def _held(release: Release) -> Message:
    return Message(_HOLDS, {"version": release.version, "architectures": ", ".join(architectures(release))})


def _told(file: str, signature: Signature) -> Message:
    return Message(_SIGNED, {"file": file, "signer": signature.signer, "made": signature.made})


def _copied(web: Web, bundle: Bundle, entry: Entry, folder: str) -> Iterator[Progress]:
    yield Progress(Message(_READING, {"file": entry.name}))
    found = hashlib.sha256()
    with (
        web.opened(f"{bundle.path}{MARK}{entry.name}") as reply,
        open(os.path.join(folder, entry.name), "xb") as out,
    ):
        for piece in reply.body:
            found.update(piece)
            out.write(piece)
    if found.hexdigest() != entry.sha256:
        values = {"file": entry.name, "manifest": MANIFEST}
        raise BadBundle(file=bundle.path, reason=Message(_OTHER_SUM, values))
