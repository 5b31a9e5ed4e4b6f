"""What a folder, a bundle, an archive or an address of the person's own has for this machine."""

import os
from collections.abc import Iterator

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.settings import Settings
from gomedic.texts import N_, Message
from gomedic.toolchain.addresses import local_path
from gomedic.toolchain.background import waiting
from gomedic.toolchain.local_source import archives
from gomedic.toolchain.offers import absolute, listing
from gomedic.toolchain.releases import archive_for, platform
from gomedic.toolchain.sources import NotASource, places
from gomedic.toolchain.web import Web
from gomedic.versions import newest_first, version

_LOOKING = N_("Looking what {source} has")


class Contents(Struct, frozen=True):
    """What a source has."""

    source: str  # as for `install`
    versions: tuple[str, ...]  # with an archive for this machine, newest first
    told: bool = True  # False: an address without a list; only a name can tell


def contents(host: Host, settings: Settings, word: str) -> Iterator[Progress | Contents]:
    """Yield progress, and last what is at `word`; an archive stands for itself in its folder.

    An address without a list has no versions that could be told. Raises NotASource, BadBundle, BadIndex,
    IndexNotTrusted, NoNetwork.
    """
    source = absolute(host, word) or word
    what = Message(_LOOKING, {"source": source})
    yield (yield from waiting(what, lambda: _contents(host, settings, source)))


def _contents(host: Host, settings: Settings, source: str) -> Contents:
    path, arch = local_path(source), platform(os.uname().machine)
    if path is not None and os.path.isfile(path):
        name = os.path.basename(path).removesuffix(f".linux-{arch}.tar.gz")
        if name != os.path.basename(path) and version(name) is not None:
            return Contents(os.path.dirname(path), (name,))
    if path is not None and not os.path.exists(path):
        raise NotASource(word=source)
    with Web(host, settings.proxy) as web:
        (place,) = places(settings, source)
        listed = listing(web, host, place, settings)
    versions = {each.version for each in listed.releases if archive_for(each, arch)}
    versions |= set(archives(place, arch))
    told = path is not None or bool(listed.address)
    return Contents(source, tuple(newest_first(versions)), told)
