"""What could be installed here: Google's releases and those of the settings' sources, and what speaks for each."""

import os
from collections.abc import Callable, Container, Generator, Iterator
from functools import partial
from typing import TypeVar

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.settings import Settings
from gomedic.texts import N_, Message
from gomedic.toolchain import official
from gomedic.toolchain.background import waiting
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.install import toolchains_folder
from gomedic.toolchain.offers import listing
from gomedic.toolchain.releases import Release, archive_for
from gomedic.toolchain.sources import GO_DEV, Place, places
from gomedic.toolchain.view import Row, this_machine, view, worth_showing
from gomedic.toolchain.web import Web
from gomedic.versions import is_official, newest_first, version

_ASKING = N_("Asking {source} for its releases")
_Answer = TypeVar("_Answer")
_OWN = "own"  # the state of what is not Google's


class Available(Struct, frozen=True):
    """A release that could be installed here."""

    version: str
    stable: bool  # neither beta nor candidate
    source: str  # name of the place whose list has it
    installed: bool
    row: Row  # what can be said of it
    shown: bool  # whether it is among what a person would choose from


class Availability(Struct, frozen=True):
    """All releases with an archive for this machine, newest first, and what should be known of the lists."""

    releases: tuple[Available, ...]
    problems: tuple[Message, ...]
    date: str = ""  # of Google's list, "2026-11-23"


def available(host: Host, settings: Settings) -> Iterator[Progress | Availability]:
    """Yield progress, and last what the sources and Google list for this machine."""
    have = _installed(host)
    problems: list[Message] = []
    found: dict[str, Available] = {}
    with Web(host, settings.proxy) as web:
        for place in places(settings, None):
            if not place.official:
                ask = partial(_listed_by, host, settings, web, place)
                none: tuple[Release, ...] = ()
                for release in (yield from _asked(place.name, ask, none, problems)):
                    found.setdefault(release.version, _own(release, place.name, have))
        ask_google: Callable[[], official.Known] = partial(official.fetch, host, web)
        known = yield from _asked(GO_DEV.name, ask_google, official.Known((), ""), problems)
    here = this_machine()
    rows = view(known.releases, here)
    shown = {row.version for row in worth_showing(rows)}
    by_name = {release.version: release for release in known.releases}
    for row in rows:
        if archive_for(by_name[row.version], here.arch) is not None:
            is_shown = row.version in shown or row.version in have
            found[row.version] = Available(
                row.version, _is_stable(row.version), GO_DEV.name, row.version in have, row, is_shown
            )
    releases = tuple(found[name] for name in newest_first(found))
    yield Availability(releases, (*known.notes, *problems), known.date)


def _asked(
    name: str, ask: Callable[[], _Answer], otherwise: _Answer, problems: list[Message]
) -> Generator[Progress, None, _Answer]:
    try:
        return (yield from waiting(Message(_ASKING, {"source": name}), ask))
    except ToolchainError as error:
        problems.append(error.message)
        return otherwise


def _own(release: Release, source: str, have: Container[str]) -> Available:
    row = Row(release.version, _OWN, True, "", None, ())
    return Available(release.version, _is_stable(release.version), source, release.version in have, row, True)


def _listed_by(host: Host, settings: Settings, web: Web, place: Place) -> tuple[Release, ...]:
    """Return what a source lists for this machine of its own; it cannot list releases of Google's."""
    arch = this_machine().arch
    listed = listing(web, host, place, settings).releases
    own = (release for release in listed if not is_official(release.version))
    return tuple(release for release in own if archive_for(release, arch) is not None)


def _is_stable(name: str) -> bool:
    parsed = version(name)
    return parsed is not None and parsed.stable


def _installed(host: Host) -> set[str]:
    try:
        return set(newest_first(os.listdir(toolchains_folder(host))))
    except OSError:
        return set()
