"""How well a source of toolchains does: whether it answers, how soon, how fast, and what it has."""

import os
import time
from collections.abc import Iterator

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.settings import Settings, Source
from gomedic.texts import N_, Message
from gomedic.toolchain.addresses import local_path
from gomedic.toolchain.background import waiting
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.local_source import archives
from gomedic.toolchain.offers import listing
from gomedic.toolchain.releases import archive_for, platform
from gomedic.toolchain.sources import Place, places
from gomedic.toolchain.web import Web
from gomedic.versions import newest_first

_TRYING = N_("Trying {source}")
_ENOUGH = 1 << 20  # bytes that tell the speed
_LONGEST = 3.0  # seconds


class Measured(Struct, frozen=True):
    """What came of trying a source."""

    seconds: float  # until its list was there
    versions: tuple[str, ...]  # for this machine, newest first
    told: bool  # False: it has no list, so only an installation can tell
    speed: float | None = None  # bytes per second, of an archive; None: not known
    here: bool = False  # a folder or file of this machine


def measured(host: Host, settings: Settings, source: Source) -> Iterator[Progress | Measured]:
    """Yield progress, and last what came of trying a source as the settings would name it. Raises ToolchainError."""
    what = Message(_TRYING, {"source": source.url})
    yield (yield from waiting(what, lambda: _measured(host, settings, source)))


def _measured(host: Host, settings: Settings, source: Source) -> Measured:
    (place,) = places(Settings(sources=(source,)), source.name)
    arch = platform(os.uname().machine)
    begun = time.monotonic()
    with Web(host, settings.proxy) as web:
        listed = listing(web, host, place, settings)
        seconds = time.monotonic() - begun
        found = {each.version: archive_for(each, arch) for each in listed.releases}
        versions = newest_first(
            {name for name, archive in found.items() if archive} | set(archives(place, arch))
        )
        newest = found.get(versions[0]) if versions else None
        here = local_path(source.url) is not None
        speed = _speed(web, place, newest.filename) if newest is not None and not here else None
    return Measured(seconds, tuple(versions), here or bool(listed.address), speed, here)


def _speed(web: Web, place: Place, name: str) -> float | None:
    """Return how many bytes of an archive come in a second; None where it cannot be fetched now."""
    received, begun = 0, time.monotonic()
    try:
        with web.opened(place.file(name), end=_ENOUGH) as reply:
            for piece in reply.body:
                received += len(piece)
                if received >= _ENOUGH or time.monotonic() - begun > _LONGEST:
                    break
    except ToolchainError:
        return None
    return received / max(time.monotonic() - begun, 0.001)
