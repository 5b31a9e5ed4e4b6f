"""What `gomedic toolchain` can tell and make ready; what changes the machine is left to the repair engine."""

import os
import secrets
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import EditFile, Move, Progress, Step
from gomedic.settings import Settings
from gomedic.texts import N_, Message
from gomedic.toolchain import official
from gomedic.toolchain.errors import NotInstalled, ToolchainError
from gomedic.toolchain.install import STAGING, Verification, record, record_file, toolchains_folder
from gomedic.toolchain.offers import listing
from gomedic.toolchain.releases import Release, archive_for, platform
from gomedic.toolchain.sources import GO_DEV, Place, places
from gomedic.toolchain.tree import tree
from gomedic.toolchain.web import Web
from gomedic.versions import is_official, newest_first, version

_ASKING = N_("Asking {source} for its releases")


class Available(Struct, frozen=True):
    """A release that could be installed here."""

    version: str
    stable: bool
    source: str  # name of the place whose list has it
    installed: bool


class Availability(Struct, frozen=True):
    """All releases with an archive for this machine, newest first, and the lists that could not be had."""

    releases: tuple[Available, ...]
    problems: tuple[Message, ...]


class Installed(Struct, frozen=True):
    """A toolchain of the account's own."""

    version: str
    path: str
    whole: bool
    verification: Verification | None  # None: not recorded, so not signature-checked


def available(host: Host, settings: Settings) -> Iterator[Progress | Availability]:
    """Yield progress, and last what the sources and Google list for this machine."""
    found: dict[str, Available] = {}
    problems: list[Message] = []
    have = {toolchain.version for toolchain in installed(host)}
    with Web(host) as web:
        for name, ask in _lists(host, settings, web):
            yield Progress(Message(_ASKING, {"source": name}))
            try:
                for release in ask():
                    if name == GO_DEV.name or not is_official(release.version):
                        row = Available(release.version, _is_stable(release), name, release.version in have)
                        found.setdefault(release.version, row)
            except ToolchainError as error:
                problems.append(error.message)
    yield Availability(tuple(found[name] for name in newest_first(found)), tuple(problems))


def _lists(
    host: Host, settings: Settings, web: Web
) -> Iterator[tuple[str, Callable[[], tuple[Release, ...]]]]:
    """Yield each place's name, and how to get the releases that it lists for this machine."""
    for place in places(settings, None):
        if not place.official:
            yield place.name, partial(_listed_by, host, settings, web, place)
    yield GO_DEV.name, lambda: _for_this_machine(official.fetch(host, web))


def _listed_by(host: Host, settings: Settings, web: Web, place: Place) -> tuple[Release, ...]:
    return _for_this_machine(listing(web, host, place, settings).releases)


def _for_this_machine(releases: tuple[Release, ...]) -> tuple[Release, ...]:
    arch = platform(os.uname().machine)
    return tuple(release for release in releases if archive_for(release, arch) is not None)


def _is_stable(release: Release) -> bool:
    parsed = version(release.version)
    return parsed is not None and parsed.stable


def installed(host: Host) -> tuple[Installed, ...]:
    """Return the account's own toolchains, newest first; read only."""
    folder = toolchains_folder(host)
    try:
        names = [name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))]
    except OSError:
        return ()
    return tuple(_installed(os.path.join(folder, name), name) for name in newest_first(names))


def _installed(path: str, name: str) -> Installed:
    return Installed(name, path, tree(path).whole, record(path))


def installed_path(host: Host, name: str) -> str:
    """Return where a toolchain of ours lies; `name` with or without "go". Raises NotInstalled."""
    folder = toolchains_folder(host)
    for candidate in (name, f"go{name}"):
        if version(candidate) is not None and os.path.isdir(os.path.join(folder, candidate)):
            return os.path.join(folder, candidate)
    raise NotInstalled(version=name, path=folder)


def steps_to_remove(host: Host, name: str) -> tuple[Step, ...]:
    """Return the steps that take a toolchain of ours out of its place, into a folder to be deleted later.

    Start-up lines that name it are not touched here. Raises NotInstalled.
    """
    path = installed_path(host, name)
    note = host.read(record_file(path))
    forget = (EditFile(path=record_file(path), before=note, after=None),) if note is not None else ()
    return (Move(source=path, target=removed_path(host, os.path.basename(path))), *forget)


def removed_path(host: Host, name: str) -> str:
    """Return a new path for a toolchain that was removed; `install.discard` deletes it."""
    return os.path.join(toolchains_folder(host), f"{STAGING}removed-{name}-{secrets.token_hex(4)}")
