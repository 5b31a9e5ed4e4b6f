"""Which file a wish for a version means, where its bytes may come from, and who must have signed it."""

import os
import re
from collections.abc import Sequence

from msgspec import Struct, structs

from gomedic.host import Host
from gomedic.settings import Settings, settings_file
from gomedic.texts import N_, Message
from gomedic.toolchain.addresses import local_path
from gomedic.toolchain.errors import (
    IndexNotTrusted,
    NobodyVouches,
    NoFileFor,
    NoFileForMachine,
    NoSum,
    NotAVersion,
    NotThere,
    ServerRefused,
    ToolchainError,
    UnknownVersion,
    WebPageInstead,
)
from gomedic.toolchain.local_source import Bundle, archives
from gomedic.toolchain.offered import Offer, file_of, google_keys, trusted_keys
from gomedic.toolchain.official_offer import official_offer
from gomedic.toolchain.releases import LARGEST, File, Release, arch_here, decode
from gomedic.toolchain.signature import LARGEST as LARGEST_SIGNATURE
from gomedic.toolchain.signature import (
    Question,
    TrustedKey,
    check_bytes,
    key_in,
)
from gomedic.toolchain.sources import Place, places
from gomedic.toolchain.web import Web
from gomedic.versions import is_official, is_word, names_one, newest_first

__all__ = ["Listing", "Offer", "absolute", "google_keys", "listing", "offer", "sum_beside", "trusted_keys"]

_NOTHING_THERE = (NotThere, ServerRefused, WebPageInstead)
_SUM_LINE = re.compile(rb"\s*([0-9A-Fa-f]{64})(?:\s+\*?([^\s]+))?\s*")
_NO_SUM_FILE = N_("put it into {file}, or list the file in {index}")


class Listing(Struct, frozen=True):
    """What a place of the person's own says it has."""

    place: Place
    releases: tuple[Release, ...]
    address: str  # of the list; "" where the place has none
    signed: bool


def offer(
    host: Host, settings: Settings, web: Web, word: str, source: str | None, arch: str | None = None
) -> Offer:
    """Return what is meant by `word` (a version, a series, `latest`) from `source` (None: all sources).

    It is for the processor `arch`, as in the file's name (None: this machine's).

    Raises the refusals of the module errors.
    """
    if not is_word(word):
        raise NotAVersion(word=word)
    arch = arch or arch_here()
    where = places(settings, absolute(host, source))
    bundles = [Bundle(host, settings, web, place.bundle) for place in where if place.bundle]
    exact = names_one(word)
    if exact is not None and not is_official(exact):
        return _own_offer(host, settings, web, exact, where, bundles, arch)
    return official_offer(host, settings, web, word, where, bundles, arch)


def absolute(host: Host, source: str | None) -> str | None:
    """Return what was given with --from, a folder or file as an absolute path."""
    if source is None or "://" in source:
        return source
    path = os.path.join(host.cwd, source)
    return os.path.normpath(path) if os.path.exists(path) else source


def _own_offer(
    host: Host,
    settings: Settings,
    web: Web,
    name: str,
    where: Sequence[Place],
    bundles: Sequence[Bundle],
    arch: str,
) -> Offer:
    refusal: ToolchainError | None = None
    own = [place for place in where if not place.official]
    for place in own:
        try:
            source = _source_of(name, place, bundles, arch)
            keys = trusted_keys(host, settings, name, source)
            if not keys:
                raise NobodyVouches(version=name, source=source or place.name, file=settings_file(host))
            found = _offer_at(web, host, name, place, keys, settings, arch)
            return structs.replace(found, source=source)
        except (NobodyVouches, UnknownVersion, NoFileFor, NoFileForMachine, NoSum, *_NOTHING_THERE) as error:
            refusal = refusal or error
    names = ", ".join(place.name for place in where)
    raise refusal or NobodyVouches(version=name, source=names, file=settings_file(host))


def _source_of(name: str, place: Place, bundles: Sequence[Bundle], arch: str) -> str:
    """Return what keys are bound to: the source's name, or the one that a bundle says it is from.

    Raises UnknownVersion, NoFileForMachine, NoFileFor for what is not in a bundle.
    """
    bundle = next((bundle for bundle in bundles if bundle.path == place.bundle), None)
    if bundle is None:
        return place.name
    releases = {release.version: release for release in bundle.releases}
    if name not in releases:
        raise UnknownVersion(version=name, source=place.name, newest=next(iter(releases), "-"))
    return bundle.source_of(file_of(releases[name], arch).filename)


def _usual_name(name: str, arch: str) -> str:
    return f"{name}.linux-{arch}.tar.gz"


def _offer_at(
    web: Web,
    host: Host,
    name: str,
    place: Place,
    keys: tuple[TrustedKey, ...],
    settings: Settings,
    arch: str,
) -> Offer:
    listed = listing(web, host, place, settings)
    release = next((release for release in listed.releases if release.version == name), None)
    if release is None and listed.releases:
        newest = next(iter(newest_first(release.version for release in listed.releases)))
        raise UnknownVersion(version=name, source=place.name, newest=newest)
    file = file_of(release, arch) if release else File(_usual_name(name, arch))
    lying = archives(place, arch)
    address, sum_from = lying.get(name, place.file(file.filename)), listed.address
    sha256 = file.sha256
    if not sha256:
        sha256, sum_from = sum_beside(web, address)
    if not sha256:
        values = {"file": f"{address}.sha256", "index": place.index[0]}
        raise NoSum(file=file.filename, remedy=Message(_NO_SUM_FILE, values))
    signed = listed.signed and sum_from == listed.address
    return Offer(
        name,
        file.filename,
        sha256,
        file.size,
        sum_from,
        signed,
        (address,),
        (f"{address}.asc",),
        keys,
        arch=arch,
    )


def listing(web: Web, host: Host, place: Place, settings: Settings) -> Listing:
    """Return what a place says it has, nothing where it has no list. Raises IndexNotTrusted, BadIndex, NoNetwork."""
    for address in place.index:
        try:
            data = web.small(address, LARGEST)
        except _NOTHING_THERE:
            continue
        signed = _signed(web, host, place, settings, address, data)
        return Listing(place, decode(data, address), address, signed)
    return Listing(place, (), "", False)


def _signed(web: Web, host: Host, place: Place, settings: Settings, address: str, data: bytes) -> bool:
    """Return whether a list has a good signature; one that is not good is refused, a missing one is told."""
    keys = tuple(key_in(host, key.file) for key in settings.keys if place.name in key.sources)
    if not keys or not address.endswith("/index.json"):
        return False
    try:
        signature = web.small(f"{address}.asc", LARGEST_SIGNATURE)
    except _NOTHING_THERE:
        return False
    try:
        check_bytes(host, data, Question("", "index.json", signature, f"{address}.asc", keys))
    except ToolchainError as error:
        raise IndexNotTrusted(url=address, reason=error.message) from None
    return True


def sum_beside(web: Web, address: str) -> tuple[str, str]:
    """Return the SHA-256 in NAME.sha256 or NAME.sha256sum beside an archive, and that file; "" where none is."""
    name = os.path.basename(local_path(address) or address).encode()
    for beside in (f"{address}.sha256", f"{address}.sha256sum"):
        try:
            found = _SUM_LINE.fullmatch(web.small(beside, 4096))
        except _NOTHING_THERE:
            continue
        if found is not None and found[2] in (None, name):
            return found[1].decode().lower(), beside
    return "", ""
