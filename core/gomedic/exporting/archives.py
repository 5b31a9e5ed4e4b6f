"""Which archive an image shall install: its name, where it lies, and the sum that Google's list gives it."""

from collections.abc import Iterable

from gomedic.exporting.values import Archive, ExportRefusedError
from gomedic.host import Host
from gomedic.settings import Settings
from gomedic.texts import N_
from gomedic.toolchain import official
from gomedic.toolchain.releases import File, Release, architectures, archive_for
from gomedic.toolchain.sources import CHINA, GO_DEV
from gomedic.toolchain.web import Web
from gomedic.versions import is_word, meant, names_one

CHINA_PROXY = "https://goproxy.cn,direct"  # goproxy.cn, of Qiniu Cloud

_NO_VERSION = N_("{word} is no version of Go, such as 1.22.10, 1.22 or latest.")
_NOT_KNOWN = N_("There is no release {word} in Google's list; the newest is {newest}.")
_NO_ARCHIVE = N_("{version} has no archive for linux-{arch}; it has some for {others}.")
_NO_SUM = N_(
    "Google publishes no SHA-256 for {version}, so an image cannot verify it; choose a newer release."
)


def version_of(word: str) -> str:
    """Return a version as build machines take it: "go1.22.10", a line ("1.22") or "latest". Raises ExportRefusedError."""
    if not is_word(word):
        raise ExportRefusedError(_NO_VERSION, word=word)
    return "latest" if word in ("latest", "stable", "newest") else names_one(word) or word.removesuffix(".x")


def archive_of(
    host: Host, settings: Settings, word: str, arch: str, *, mirror: str = "", china: bool = False
) -> Archive:
    """Return the archive of the release that `word` means for a processor ("amd64"), to be fetched from `mirror`.

    Without a mirror it is one of Google's own places. A release that is known needs no network; `latest` and a line
    ask for the newest list. Raises ExportRefusedError, and NoReleaseList where the list cannot be had.
    """
    version_of(word)
    release = _named(word, official.known(host).releases) if names_one(word) else None
    if release is None:
        release = _listed(host, settings, word)
    file = _file_for(release, arch)
    place = (mirror.rstrip("/") + "/") if mirror else (CHINA if china else GO_DEV).files
    return Archive(release.version, file.filename, place + file.filename, file.sha256)


def _listed(host: Host, settings: Settings, word: str) -> Release:
    with Web(host, settings.proxy) as web:
        releases = official.fetch(host, web).releases
    release = _named(word, releases)
    if release is None:
        newest = meant("latest", (known.version for known in releases)) or "-"
        raise ExportRefusedError(_NOT_KNOWN, word=word, newest=newest)
    return release


def _named(word: str, releases: Iterable[Release]) -> Release | None:
    by_name = {release.version: release for release in releases}
    name = meant(word, by_name)
    return by_name[name] if name is not None else None


def _file_for(release: Release, arch: str) -> File:
    file = archive_for(release, arch)
    if file is None:
        others = ", ".join(architectures(release)) or "-"
        raise ExportRefusedError(_NO_ARCHIVE, version=release.version, arch=arch, others=others)
    if not file.sha256:
        raise ExportRefusedError(_NO_SUM, version=release.version)
    return file
