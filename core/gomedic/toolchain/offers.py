"""Which file a wish for a version means, where its bytes may come from, and who must have signed it."""

import os
import re
from collections.abc import Sequence

from msgspec import Struct

from gomedic.host import Host
from gomedic.settings import Settings, settings_file
from gomedic.texts import N_, Message
from gomedic.toolchain import official
from gomedic.toolchain.addresses import local_path
from gomedic.toolchain.errors import (
    IndexNotTrusted,
    NobodyVouches,
    NoFileForMachine,
    NoReleaseList,
    NoSum,
    NotAVersion,
    NotThere,
    ServerRefused,
    ToolchainError,
    UnknownVersion,
    WebPageInstead,
)
from gomedic.toolchain.releases import LARGEST, File, Release, architectures, archive_for, decode, platform
from gomedic.toolchain.signature import LARGEST as LARGEST_SIGNATURE
from gomedic.toolchain.signature import (
    Question,
    TrustedKey,
    check_bytes,
    google_key,
    key_in,
    newer_google_key,
)
from gomedic.toolchain.sources import GO_DEV, OFFICIAL, Place, places
from gomedic.toolchain.web import Web
from gomedic.versions import is_official, is_word, meant, names_one, newest_first

_NOTHING_THERE = (NotThere, ServerRefused, WebPageInstead)
_SUM_LINE = re.compile(rb"\s*([0-9A-Fa-f]{64})(?:\s+\*?([^\s]+))?\s*")
_OLD = N_("Google publishes none for a release as old as this; choose a newer one")
_NO_SUM_FILE = N_("put it into {file}, or list the file in {index}")
_GOOGLE_SAYS = "go.dev/dl"


class Offer(Struct, frozen=True):
    """A file that may be installed, if it is what it should be."""

    version: str
    file: str
    sha256: str
    size: int  # 0: not known
    sum_from: str  # who says so
    index_signed: bool  # whether that was a list with a good signature
    addresses: tuple[str, ...]  # of the file, in the order to try
    signatures: tuple[str, ...]  # addresses of its signature, in the order to try
    keys: tuple[TrustedKey, ...]  # one of which must have made it
    official: bool = False  # whether Google's own list says the sum


class Listing(Struct, frozen=True):
    """What a place of the person's own says it has."""

    place: Place
    releases: tuple[Release, ...]
    address: str  # of the list; "" where the place has none
    signed: bool


def offer(host: Host, settings: Settings, web: Web, word: str, source: str | None) -> Offer:
    """Return what is meant by `word` (a version, a series, `latest`) from `source` (None: all sources).

    Raises the refusals of the module errors.
    """
    if not is_word(word):
        raise NotAVersion(word=word)
    where = places(settings, _absolute(host, source))
    exact = names_one(word)
    if exact is not None and not is_official(exact):
        return _own_offer(host, settings, web, exact, where)
    return _official_offer(host, settings, web, word, where)


def _absolute(host: Host, source: str | None) -> str | None:
    if source is None or "://" in source:
        return source
    folder = os.path.join(host.cwd, source)
    return folder if os.path.isdir(folder) else source


def trusted_keys(host: Host, settings: Settings, version: str, place: str | None) -> tuple[TrustedKey, ...]:
    """Return the keys that may vouch for a version from a place (None: from whatever place). Raises BadKey.

    Only Google's key can vouch for a version of Google's, and no other for anything that is named so.
    """
    if is_official(version):
        return google_keys(host, settings)
    return tuple(
        key_in(host, key.file)
        for key in settings.keys
        if version.startswith(key.prefix) and (place is None or place in key.sources)
    )


def google_keys(host: Host, settings: Settings) -> tuple[TrustedKey, ...]:
    """Return Google's key as built in, and the newer copy that the settings name or that lies beside them.

    Raises BadKey where that copy has another primary key.
    """
    by_hand = os.path.join(host.config_folder, "google.asc")
    path = settings.google_key or (by_hand if os.path.isfile(by_hand) else None)
    return (google_key(),) if path is None else (google_key(), newer_google_key(host, path))


# ------------------------------------------------------------------ Google's versions


def _official_offer(host: Host, settings: Settings, web: Web, word: str, where: Sequence[Place]) -> Offer:
    release = _official_release(host, web, word)
    file = _file_of(release)
    if not file.sha256:
        raise NoSum(file=file.filename, remedy=Message(_OLD))
    every = (*where, *(place for place in OFFICIAL if place not in where))
    return Offer(
        release.version,
        file.filename,
        file.sha256,
        file.size,
        _GOOGLE_SAYS,
        False,
        tuple(place.file(file.filename) for place in where),
        tuple(place.file(f"{file.filename}.asc") for place in every),
        google_keys(host, settings),
        official=True,
    )


def _official_release(host: Host, web: Web, word: str) -> Release:
    """Return the release; an exact name that is known needs no network, `latest` and a series ask for news.

    Without a network they mean the newest that is known. Raises NoReleaseList where that may not be enough.
    """
    exact = names_one(word)
    before = _usable(official.known(host).releases)
    if exact in before:
        return before[exact]
    known = official.fetch(host, web)
    usable = _usable(known.releases)
    if (name := meant(word, usable)) is not None:
        return usable[name]
    if known.refusal is not None:
        file = official.hand_file(host)
        raise NoReleaseList(reason=known.refusal, url=GO_DEV.index[0], file=file)
    every = {release.version: release for release in known.releases}
    if (name := meant(word, every)) is not None:
        return every[name]
    raise UnknownVersion(version=word, source=_GOOGLE_SAYS, newest=next(iter(every), "-"))


def _usable(releases: Sequence[Release]) -> dict[str, Release]:
    """Return the releases with an archive for this machine."""
    arch = platform(os.uname().machine)
    return {release.version: release for release in releases if archive_for(release, arch) is not None}


def _file_of(release: Release) -> File:
    arch = platform(os.uname().machine)
    file = archive_for(release, arch)
    if file is None:
        others = ", ".join(f"linux-{name}" for name in architectures(release)) or "-"
        raise NoFileForMachine(version=release.version, platform=f"linux-{arch}", others=others)
    return file


# ------------------------------------------------------------------ versions of somebody else's


def _own_offer(host: Host, settings: Settings, web: Web, name: str, where: Sequence[Place]) -> Offer:
    refusal: ToolchainError | None = None
    own = [place for place in where if not place.official]
    for place in own:
        keys = trusted_keys(host, settings, name, place.name)
        if not keys:
            values = {"version": name, "source": place.name, "file": settings_file(host)}
            refusal = refusal or NobodyVouches(**values)
            continue
        try:
            return _offer_at(web, host, name, place, keys, settings)
        except (UnknownVersion, NoSum, *_NOTHING_THERE) as error:
            refusal = refusal or error
    names = ", ".join(place.name for place in where)
    raise refusal or NobodyVouches(version=name, source=names, file=settings_file(host))


def _offer_at(
    web: Web, host: Host, name: str, place: Place, keys: tuple[TrustedKey, ...], settings: Settings
) -> Offer:
    listed = listing(web, host, place, settings)
    release = next((release for release in listed.releases if release.version == name), None)
    if release is None and listed.releases:
        newest = next(iter(newest_first(release.version for release in listed.releases)))
        raise UnknownVersion(version=name, source=place.name, newest=newest)
    file = _file_of(release) if release else File(f"{name}.linux-{platform(os.uname().machine)}.tar.gz")
    address, sum_from = place.file(file.filename), listed.address
    sha256 = file.sha256
    if not sha256:
        sha256, sum_from = sum_beside(web, address)
    if not sha256:
        values = {"file": f"{address}.sha256", "index": place.index[0]}
        raise NoSum(file=file.filename, remedy=Message(_NO_SUM_FILE, values))
    signed = listed.signed and sum_from == listed.address
    return Offer(
        name, file.filename, sha256, file.size, sum_from, signed, (address,), (f"{address}.asc",), keys
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
