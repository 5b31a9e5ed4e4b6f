"""The list of releases in short: what is shipped with the program and put into a bundle, a line for each release.

Only what is needed to install on Linux: sum and size of its archives and of the source.
"""

import json
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from gomedic.texts import N_, Message
from gomedic.toolchain.errors import BadIndex
from gomedic.toolchain.releases import File, Release, judged

_NOT_ONE = N_("it is not a list of Go releases ({why})")
_SOURCE = "src"


class Snapshot(Struct, frozen=True):
    """A list of official releases, as it was on a day."""

    date: str  # "2026-11-23"
    origin: str  # the address that was asked; "" where the entries were put together from files at hand
    releases: tuple[Release, ...]


class _Short(Struct, frozen=True, forbid_unknown_fields=True):
    date: str
    origin: str
    releases: Mapping[str, Mapping[str, tuple[str, int]]]  # version -> "linux-amd64" or "src" -> sum and size


def decode_snapshot(data: bytes, path: str) -> Snapshot:
    """Return what `data` holds. Raises BadIndex."""
    try:
        short = msgspec.json.decode(data, type=_Short)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadIndex(url=path, reason=Message(_NOT_ONE, {"why": str(error)})) from None
    releases = [Release(name, True, tuple(_files(name, files))) for name, files in short.releases.items()]
    return Snapshot(short.date, short.origin, judged(releases, path))


def encode_snapshot(date: str, origin: str, releases: Iterable[Release]) -> bytes:
    """Return the file for `releases`, always the same for the same; without what Linux has no use for."""
    rows = [(release.version, _short(release)) for release in releases]
    lines = [
        f"{json.dumps(version)}: {json.dumps(files, separators=(',', ':'))}"
        for version, files in rows
        if files
    ]
    head = f'{{"date": {json.dumps(date)}, "origin": {json.dumps(origin)}, "releases": {{\n'
    return (head + ",\n".join(lines) + "\n}}\n").encode()


def _files(version: str, files: Mapping[str, tuple[str, int]]) -> Iterable[File]:
    for key, (sha256, size) in files.items():
        system, _, arch = key.partition("-")
        kind = "source" if key == _SOURCE else "archive"
        yield File(
            f"{version}.{key}.tar.gz", "" if key == _SOURCE else system, arch, version, sha256, size, kind
        )


def _short(release: Release) -> dict[str, tuple[str, int]]:
    found = {}
    for file in release.files:
        key = file.filename.removeprefix(f"{release.version}.").removesuffix(".tar.gz")
        if file.filename.endswith(".tar.gz") and (key == _SOURCE or key.startswith("linux-")):
            found[key] = (file.sha256, file.size)
    return dict(sorted(found.items()))
