"""What an offer of a release is, whose keys may vouch for it, and which of its files is for this machine."""

import os
from collections.abc import Sequence

from msgspec import Struct

from gomedic.host import Host
from gomedic.settings import Settings
from gomedic.texts import Message
from gomedic.toolchain.errors import NoFileFor, NoFileForMachine
from gomedic.toolchain.releases import File, Release, arch_here, architectures, archive_for
from gomedic.toolchain.signature import TrustedKey, google_key, key_in, newer_google_key
from gomedic.versions import is_official


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
    arch: str = ""  # the processor that it is for, as in the file's name
    source: str = (
        ""  # name of the source that it is from, which keys are bound to; "" for a release of Google's
    )
    notes: tuple[Message, ...] = ()  # what the person should know of how it was chosen


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


def usable(releases: Sequence[Release], arch: str) -> dict[str, Release]:
    """Return the releases with an archive for a processor."""
    return {release.version: release for release in releases if archive_for(release, arch) is not None}


def file_of(release: Release, arch: str) -> File:
    """Return the archive for a processor. Raises NoFileForMachine where that is this machine's, else NoFileFor."""
    file = archive_for(release, arch)
    if file is None:
        others = ", ".join(f"linux-{name}" for name in architectures(release)) or "-"
        kind = NoFileForMachine if arch == arch_here() else NoFileFor
        raise kind(version=release.version, platform=f"linux-{arch}", others=others)
    return file
