"""An offer of one of Google's releases: which one a word means, what its sum is, and where its bytes may come from."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from gomedic.host import Host
from gomedic.settings import Settings
from gomedic.texts import N_, Message
from gomedic.toolchain import official
from gomedic.toolchain.errors import NoReleaseList, NoSum, UnknownVersion
from gomedic.toolchain.local_source import Bundle, archives
from gomedic.toolchain.offered import Offer, file_of, google_keys, usable
from gomedic.toolchain.releases import Release
from gomedic.toolchain.sources import GO_DEV, OFFICIAL, Place
from gomedic.toolchain.web import Web
from gomedic.versions import is_official, meant, names_one

_OLD_LIST = N_(
    "“{word}” is Go {version} by the list of releases of {date}, {days} days old; a newer list could not be had. {reason}"
)
_OLD = N_("Google publishes none for a release as old as this; choose a newer one")
_GOOGLE_SAYS = "go.dev/dl"


class _Found(Struct, frozen=True):
    """A release, and whose word its sum is."""

    release: Release
    authority: str = _GOOGLE_SAYS
    bundle: Bundle | None = None  # whose excerpt says the sum, where Google's list could not be asked
    notes: tuple[Message, ...] = ()  # what the person should know of the list that says which is meant


def official_offer(
    host: Host,
    settings: Settings,
    web: Web,
    word: str,
    where: Sequence[Place],
    bundles: Sequence[Bundle],
    arch: str,
) -> Offer:
    """Return the offer for a processor. Raises the refusals of the module errors."""
    lying = [archives(place, arch) for place in where]
    if len(where) == 1 and (where[0].folder or where[0].bundle):
        word = _lying_there(word, where[0], [*lying[0], *_versions(bundles, arch)])
    if len(where) == len(bundles) == 1:
        _judge_bundle(bundles[0], word, arch)
    found = _found(host, web, word, bundles, arch)
    file = file_of(found.release, arch)
    if not file.sha256:
        raise NoSum(file=file.filename, remedy=Message(_OLD))
    version = found.release.version
    every = [place for place in OFFICIAL if place not in where]
    addresses = [
        paths.get(version, place.file(file.filename)) for place, paths in zip(where, lying, strict=True)
    ]
    return Offer(
        version,
        file.filename,
        file.sha256,
        file.size,
        found.authority,
        found.bundle is not None and found.bundle.signed,
        tuple(addresses),
        tuple(f"{address}.asc" for address in (*addresses, *(place.file(file.filename) for place in every))),
        google_keys(host, settings),
        official=found.bundle is None,
        arch=arch,
        notes=found.notes,
    )


def _judge_bundle(bundle: Bundle, word: str, arch: str) -> None:
    """Refuse a bundle that has the release for other processors only. Raises NoFileForMachine, NoFileFor."""
    release = _meant(names_one(word), {release.version: release for release in bundle.releases})
    if release is not None:
        file_of(release, arch)


def _lying_there(word: str, place: Place, versions: Iterable[str]) -> str:
    """Return the version in a folder or bundle that a word means: an exact name, or the newest that lies there."""
    ours = [version for version in versions if is_official(version)]
    name = meant(word, ours)
    if name is None and names_one(word) is None:
        raise UnknownVersion(version=word, source=place.name, newest=meant("latest", ours) or "-")
    return name or word


def _versions(bundles: Iterable[Bundle], arch: str) -> list[str]:
    return [version for bundle in bundles for version in usable(bundle.releases, arch)]


def _found(host: Host, web: Web, word: str, bundles: Sequence[Bundle], arch: str) -> _Found:
    """Return what is meant; a name that is known needs no network, `latest` and a series ask for news.

    Without a network they mean the newest that is known. What a bundle says counts where nothing else is known.
    """
    exact = names_one(word)
    known = _meant(exact, usable(official.known(host).releases, arch))
    if known is not None:
        return _Found(known)
    if exact is not None and (excerpt := _in_bundles(exact, bundles, arch)) is not None:
        return excerpt
    try:
        return _fetched(host, web, word, arch)
    except (NoReleaseList, UnknownVersion):
        if (excerpt := _in_bundles(word, bundles, arch)) is None:
            raise
        return excerpt


def _in_bundles(word: str, bundles: Iterable[Bundle], arch: str) -> _Found | None:
    for bundle in bundles:
        release = _meant(word, usable(bundle.releases, arch))
        if release is not None and is_official(release.version):
            return _Found(release, bundle.path, bundle)
    return None


def _fetched(host: Host, web: Web, word: str, arch: str) -> _Found:
    """Return what a word means now, or by the newest list that is at hand, which is then told.

    Raises NoReleaseList where what is known may not be enough, UnknownVersion."""
    known = official.fetch(host, web)
    release = _meant(word, usable(known.releases, arch))
    if release is not None:
        return _Found(release, notes=_on_list(word, release.version, known))
    if known.refusal is not None:
        file = official.hand_file(host)
        raise NoReleaseList(reason=known.refusal, url=GO_DEV.index[0], file=file)
    every = {release.version: release for release in known.releases}
    release = _meant(word, every)
    if release is None:
        raise UnknownVersion(version=word, source=_GOOGLE_SAYS, newest=next(iter(every), "-"))
    return _Found(release)


def _on_list(word: str, version: str, known: official.Known) -> tuple[Message, ...]:
    """Say how old the list is that says what `word` means, where it is not a fresh one."""
    if known.refusal is None:
        return known.notes
    age = datetime.datetime.now(datetime.UTC).date() - datetime.date.fromisoformat(known.date)
    values: dict[str, str | int | Message] = {
        "word": word,
        "version": version.removeprefix("go"),
        "date": known.date,
        "days": max(0, age.days),
        "reason": known.refusal,
    }
    return (Message(_OLD_LIST, values),)


def _meant(word: str | None, releases: Mapping[str, Release]) -> Release | None:
    name = meant(word, releases) if word is not None else None
    return releases[name] if name is not None else None
