"""Google's list of releases: from its own addresses, the snapshot shipped with the program, or a file given by hand."""

import os
import tempfile
from collections.abc import Sequence
from importlib.resources import files

from gomedic.host import Host
from gomedic.toolchain.errors import NoReleaseList, ToolchainError
from gomedic.toolchain.releases import LARGEST, Release, decode, merged
from gomedic.toolchain.sources import GO_DEV, OFFICIAL
from gomedic.toolchain.web import Web
from gomedic.versions import is_official

SNAPSHOT = "releases.json"  # in the resources; made when a release of the program is built


def hand_file(host: Host) -> str:
    """Return where a person may put the list, saved elsewhere, on a machine without a network."""
    return os.path.join(host.config_folder, "releases.json")


def known(host: Host) -> tuple[Release, ...]:
    """Return what is known without a network: given by hand, shipped, and fetched before. Raises BadIndex."""
    shipped = files("gomedic_resources") / SNAPSHOT
    lists = [decode(shipped.read_bytes(), SNAPSHOT)] if shipped.is_file() else []
    for path in (hand_file(host), _fetched_file(host)):
        data = _read(path)
        if data is not None:
            lists.append(decode(data, path))
    return _only_official(merged(lists, GO_DEV.index[0]))


def fetch(host: Host, web: Web) -> tuple[Release, ...]:
    """Return the list as Google serves it now, with all that is known. Raises NoReleaseList where neither is there."""
    before = known(host)
    refusal: ToolchainError | None = None
    for place in OFFICIAL:
        try:
            data = web.small(place.index[0], LARGEST)
            releases = decode(data, place.index[0])
        except ToolchainError as error:
            refusal = refusal or error
            continue
        _keep(_fetched_file(host), data)
        return merged([_only_official(releases), before], place.index[0])
    if before or refusal is None:
        return before
    raise NoReleaseList(reason=refusal.message, url=GO_DEV.index[0], file=hand_file(host))


def _only_official(releases: Sequence[Release]) -> tuple[Release, ...]:
    return tuple(release for release in releases if is_official(release.version))


def _fetched_file(host: Host) -> str:
    return os.path.join(host.cache_folder, "releases.json")


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
