"""The list of releases, as go.dev/dl serves it: golang/website, internal/dl/dl.go."""

import os
import re
import sys
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from gomedic.texts import N_, Message
from gomedic.toolchain.errors import BadIndex, NotAnArch
from gomedic.versions import newest_first, version

LARGEST = 16 << 20  # bytes; the whole list of 2026 has 2.2 MB
_SUM = re.compile(r"[0-9a-f]{64}")
_FILE_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]{0,127}")
_ARCH = re.compile(r"[a-z][a-z0-9]{1,15}|386")
_MACHINES = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "i386": "386",
    "i486": "386",
    "i586": "386",
    "i686": "386",
    "armv6l": "armv6l",
    "armv7l": "armv6l",
    "armv8l": "armv6l",
    "ppc64le": "ppc64le",
    "ppc64": "ppc64",
    "s390x": "s390x",
    "riscv64": "riscv64",
    "loongarch64": "loong64",
    "mips64": "mips64le" if sys.byteorder == "little" else "mips64",
    "mips": "mipsle" if sys.byteorder == "little" else "mips",
}
_THIRTY_TWO_BIT = {"amd64": "386", "arm64": "armv6l"}  # of a 32-bit system on a 64-bit kernel

_NOT_JSON = N_("it is not a list of Go releases ({why})")
_ODD_VERSION = N_("it names a version {version}")
_ODD_FILE = N_("it names a file {file}")
_ODD_SUM = N_("it gives {file} the SHA-256 {sum}, which is none")
_TWO_SUMS = N_("it gives {file} two different SHA-256 sums")


class File(Struct, frozen=True):
    """A file of a release. Fields as go.dev/dl serves them; `sha256` is "" and `size` 0 where not known."""

    filename: str
    os: str = ""  # "" for the source
    arch: str = ""  # as in the file name: armv6l, not arm
    version: str = ""
    sha256: str = ""
    size: int = 0
    kind: str = ""  # archive installer source


class Release(Struct, frozen=True):
    """A release and its files."""

    version: str  # "go1.22.5"
    stable: bool = (
        True  # as the list says; means "supported" in the short list, and "no candidate" in the whole
    )
    files: tuple[File, ...] = ()


def decode(data: bytes, url: str) -> tuple[Release, ...]:
    """Return the releases of a list fetched from `url`, newest first. Raises BadIndex."""
    try:
        found = msgspec.json.decode(data, type=tuple[Release, ...])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadIndex(url=url, reason=Message(_NOT_JSON, {"why": str(error)})) from None
    return judged(found, url)


def judged(releases: Iterable[Release], url: str) -> tuple[Release, ...]:
    """Return them newest first, each version once. Raises BadIndex for names and sums that are none."""
    found = tuple(releases)
    for release in found:
        _judge(release, url)
    return merged([found], url)


def merged(lists: Iterable[Iterable[Release]], url: str) -> tuple[Release, ...]:
    """Return one list of all, newest first. Raises BadIndex where they contradict each other."""
    files: dict[str, dict[str, File]] = {}
    stable: dict[str, bool] = {}
    for release in (release for releases in lists for release in releases):
        stable.setdefault(release.version, release.stable)
        known = files.setdefault(release.version, {})
        for file in release.files:
            known[file.filename] = _agreed(known.get(file.filename), file, url)
    return tuple(Release(name, stable[name], tuple(files[name].values())) for name in newest_first(files))


def platform(machine: str) -> str:
    """Return the processor part of this machine's archives ("amd64") for what uname(2) calls it."""
    arch = _MACHINES.get(machine, machine)
    return arch if sys.maxsize > 1 << 32 else _THIRTY_TWO_BIT.get(arch, arch)


def arch_here() -> str:
    """Return the processor part of this machine's archives."""
    return platform(os.uname().machine)


def arch_of_word(word: str) -> str:
    """Return the processor part of a file's name for a GOARCH: armv6l for arm. Raises NotAnArch."""
    if not _ARCH.fullmatch(word):
        raise NotAnArch(word=word)
    return "armv6l" if word == "arm" else word


def archive_for(release: Release, arch: str) -> File | None:
    """Return the Linux archive for a processor, None where the release has none."""
    return next((file for file in release.files if _is_archive(file) and file.arch == arch), None)


def architectures(release: Release) -> tuple[str, ...]:
    """Return the processors that the release has Linux archives for."""
    return tuple(sorted(file.arch for file in release.files if _is_archive(file)))


def _is_archive(file: File) -> bool:
    return file.os == "linux" and file.kind == "archive" and file.filename.endswith(".tar.gz")


def _judge(release: Release, url: str) -> None:
    if version(release.version) is None:
        raise BadIndex(url=url, reason=Message(_ODD_VERSION, {"version": release.version[:80]}))
    for file in release.files:
        if _FILE_NAME.fullmatch(file.filename) is None or not file.filename.startswith(release.version + "."):
            raise BadIndex(url=url, reason=Message(_ODD_FILE, {"file": file.filename[:160]}))
        if file.sha256 and _SUM.fullmatch(file.sha256) is None:
            raise BadIndex(
                url=url, reason=Message(_ODD_SUM, {"file": file.filename, "sum": file.sha256[:80]})
            )


def _agreed(known: File | None, new: File, url: str) -> File:
    if known is None or not known.sha256:
        return new
    if new.sha256 and new.sha256 != known.sha256:
        raise BadIndex(url=url, reason=Message(_TWO_SUMS, {"file": new.filename}))
    return known
