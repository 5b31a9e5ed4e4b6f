"""Google's list of releases: from its own addresses, the snapshot shipped with the program, or a file given by hand."""

import datetime
import os
import tempfile
from collections.abc import Sequence
from importlib.resources import files

from msgspec import Struct

from gomedic.host import Host
from gomedic.texts import N_, Message
from gomedic.toolchain.errors import NoReleaseList, ToolchainError
from gomedic.toolchain.releases import LARGEST, Release, decode, merged
from gomedic.toolchain.snapshot import decode_snapshot
from gomedic.toolchain.sources import GO_DEV, OFFICIAL
from gomedic.toolchain.web import Web
from gomedic.versions import is_official, newest_first, version_key

SNAPSHOT = "releases.json"  # in the resources; made when a release of the program is built
_NOT_NEW = N_(
    "The newest list of Go releases could not be had, so this is what was known on {date}. {reason}"
)
_PAST = N_(
    "The list of releases at {url} is an old one: it ends with {newest}, but {known} is out. Perhaps a proxy keeps it."
)
_OF_NO_USE = N_("What was kept of an earlier list of releases is left aside. {reason}")


class Known(Struct, frozen=True):
    """All official releases that are known, newest first."""

    releases: tuple[Release, ...]
    date: str  # of the newest list, "2026-11-23"; "" where there is none
    notes: tuple[Message, ...] = ()  # what a person should know of the list
    refusal: Message | None = None  # why no newer list could be had


def hand_file(host: Host) -> str:
    """Return where a person may put the list, saved elsewhere, on a machine without a network."""
    return os.path.join(host.config_folder, "releases.json")


def known(host: Host) -> Known:
    """Return what is known without a network: given by hand, shipped, and fetched before.

    Raises BadIndex where the file given by hand is none, or contradicts what is shipped; what was fetched before is
    then left aside.
    """
    shipped = decode_snapshot((files("gomedic_resources") / SNAPSHOT).read_bytes(), SNAPSHOT)
    lists, dates = [shipped.releases], [shipped.date]
    if (data := _read(hand_file(host))) is not None:
        lists.append(decode(data, hand_file(host)))
        dates.append(_day(hand_file(host)))
    certain = merged(lists, hand_file(host))
    notes: tuple[Message, ...] = ()
    if (data := _read(_fetched_file(host))) is not None:
        try:
            certain = merged([certain, decode(data, _fetched_file(host))], _fetched_file(host))
            dates.append(_day(_fetched_file(host)))
        except ToolchainError as error:
            notes = (Message(_OF_NO_USE, {"reason": error.message}),)
    return Known(_only_official(certain), max(dates), notes)


def fetch(host: Host, web: Web) -> Known:
    """Return the list as Google serves it now, with all that is known. Raises NoReleaseList where neither is there."""
    before = known(host)
    refusal: ToolchainError | None = None
    for place in OFFICIAL:
        try:
            data = web.small(place.index[0], LARGEST)
            releases = _only_official(decode(data, place.index[0]))
            every = merged([before.releases, releases], place.index[0])
        except ToolchainError as error:
            refusal = refusal or error
            continue
        notes = _notes_on(releases, before.releases, place.index[0])
        if not notes:
            _keep(_fetched_file(host), data)
        return Known(every, _today(), notes)
    if refusal is None or not before.releases:
        reason = refusal.message if refusal else ""
        raise NoReleaseList(reason=reason, url=GO_DEV.index[0], file=hand_file(host))
    note = Message(_NOT_NEW, {"date": before.date, "reason": refusal.message})
    return Known(before.releases, before.date, (*before.notes, note), refusal.message)


def _notes_on(fetched: Sequence[Release], before: Sequence[Release], url: str) -> tuple[Message, ...]:
    """Say so where a list lacks what is out already."""
    newest = next(iter(newest_first(release.version for release in fetched)), "")
    newest_before = next(iter(newest_first(release.version for release in before)), "")
    if not newest_before or version_key(newest) >= version_key(newest_before):
        return ()
    return (Message(_PAST, {"url": url, "newest": newest or "?", "known": newest_before}),)


def _only_official(releases: Sequence[Release]) -> tuple[Release, ...]:
    return tuple(release for release in releases if is_official(release.version))


def _fetched_file(host: Host) -> str:
    return os.path.join(host.cache_folder, "releases.json")


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def _day(path: str) -> str:
    return datetime.datetime.fromtimestamp(os.stat(path).st_mtime, datetime.UTC).date().isoformat()


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read(LARGEST)
    except OSError:
        return None


def _keep(path: str, data: bytes) -> None:
    """Keep what was fetched for the next time; where that cannot be, the next time fetches again."""
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except OSError:
        return
