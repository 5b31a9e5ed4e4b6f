"""What a build takes, as it was measured, by release of Go: how little memory, how few processes, how much room."""

from msgspec import Struct

from gomedic.versions import version_key

MB = 1 << 20


class Needs(Struct, frozen=True):
    """Measured on two processors: a program of one file that imports net/http. Bytes, processes, seconds."""

    release: str  # that was measured
    memory: int  # the least limit that did, with an empty cache
    memory_failed: int  # the largest limit where the compiler was killed
    memory_warm: int  # the least that did where the cache has the standard library
    pids: int  # the least limit that did
    pids_alone: int  # the same with -p 1
    pids_failed: int
    cache: int  # what the build puts into an empty cache
    cache_small: int  # the same for a program that prints a line
    largest_file: int  # of what it writes
    seconds: int  # of processor time, with an empty cache


# On two processors, with the control groups of version 1; the standard library is compiled since Go 1.20.
_MEASURED = (
    Needs("go1.22.10", 256 * MB, 224 * MB, 64 * MB, 16, 16, 8, 75 * MB, 29 * MB, 12 * MB, 19),
    Needs("go1.26.6", 320 * MB, 288 * MB, 96 * MB, 32, 24, 16, 96 * MB, 35 * MB, 14 * MB, 26),
)
_SINCE = {"go1.26.6": "go1.25.999"}  # Go 1.24 did with as little as 1.22
_BUILDS_STD = "go1.20"
ADDRESS_SPACE, ADDRESS_SPACE_FAILED = 1024 * MB, 512 * MB  # ulimit -v: the go command itself reserves so much
OPEN_FILES_FAILED = 32  # ulimit -n
WARM = 16 * MB  # a cache that has so much was used, or warmed
LINKED_COPY = 1 * MB  # what `cp -rs` of a warm cache takes
WARM_IMAGE = 132 * MB  # what `go build std` adds to an image


def needs_of(version: str | None) -> Needs:
    """Return what the newest measured release not newer than this one takes; of the oldest for what is older or unknown."""
    found = _MEASURED[0]
    for each in _MEASURED[1:]:
        if version and version_key(version) > version_key(_SINCE[each.release]):
            found = each
    return found


def builds_the_standard_library(version: str | None) -> bool:
    """Tell whether a release comes without compiled packages, so that a first build compiles them (Go 1.20 release notes)."""
    return version is None or version_key(version) >= version_key(_BUILDS_STD)
