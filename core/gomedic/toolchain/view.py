"""What can be said of each official release: its state, whether it runs here, and what came after it.

State is what go.dev/dl says: stable are the newest releases of the two newest lines, unstable a beta or candidate of a
line that is not out yet, archived all others. Only the two newest lines get fixes, security fixes among them
(go.dev/doc/devel/release#policy); a later release of the same line is such a fix.
"""

import os
from collections.abc import Iterable, Sequence
from glob import glob

from msgspec import Struct

from gomedic.texts import N_, Message
from gomedic.toolchain.releases import Release, archive_for, platform
from gomedic.versions import Version, newest_first, version

STABLE, UNSTABLE, ARCHIVED = "stable", "unstable", "archived"
_FIRST_WITHOUT_GLIBC = (1, 21)  # its go command is linked without the C library: golang/go#18773
_KERNELS = (((1, 24), (3, 2)), ((1, 19), (2, 6, 32)), ((0, 0), (2, 6, 23)))  # go.dev/wiki/Linux
_KERNELS_OF = {"loong64": (5, 19), "mips64le": (4, 8), "armv6l": (3, 1)}

# sysdeps/*/shlib-versions of glibc: ppc64le and s390x, old mips
_LOADERS = ("lib*/ld-linux*.so.*", "lib*/ld64.so.*", "lib*/ld.so.1")

_LATER = N_("has later fixes: {version}")
_NO_FIXES = N_("no longer gets fixes")
_OLD_KERNEL = N_("needs Linux {needed}, this is {found}")
_NEEDS_GLIBC = N_("needs the GNU C library")
_NO_ARCHIVE = N_("has no archive for this machine")
_NO_SUM = N_("has no published SHA-256, so it cannot be verified")
_NEVER_SIGNED = N_("was never signed by Google")
_FIRST_SIGNED = (1, 8, 5)


class Here(Struct, frozen=True):
    """The machine that a release would run on."""

    arch: str  # as in the names of archives
    kernel: tuple[int, ...]
    has_glibc: bool


class Row(Struct, frozen=True):
    """What can be said of a release."""

    version: str
    state: str
    supported: bool  # its line gets fixes
    later: str  # the newest release of its line, "" where it is that
    why_not: Message | None  # why it cannot run here
    notes: tuple[Message, ...]  # what speaks against it

    @property
    def runs(self) -> bool:
        """Whether this machine can run it."""
        return self.why_not is None


def this_machine() -> Here:
    """Return the machine that we run on."""
    system = os.uname()
    return Here(platform(system.machine), kernel_numbers(system.release), has_glibc())


def has_glibc(root: str = "/") -> bool:
    """Whether the dynamic loader of the GNU C library is there, in whatever processor's name."""
    return any(glob(os.path.join(root, pattern)) for pattern in _LOADERS)


def kernel_numbers(release: str) -> tuple[int, ...]:
    """Return the numbers of a kernel's release, (6, 1, 0) of "6.1.0-18-amd64"."""
    numbers: list[int] = []
    for part in release.split("-")[0].split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)


def view(releases: Iterable[Release], here: Here) -> tuple[Row, ...]:
    """Return a row for each official release, newest first."""
    by_name = {release.version: release for release in releases}
    known = [parsed for name in newest_first(by_name) if (parsed := version(name)) is not None]
    newest = _newest_of_lines(known)
    supported = tuple(newest)[:2]
    return tuple(_row(found, by_name[found.name], newest, supported, here) for found in known)


def worth_showing(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return what a person would choose from: the supported lines, and the newest of each older one."""
    return tuple(row for row in rows if _is_worth_showing(row))


def _is_worth_showing(row: Row) -> bool:
    parsed = version(row.version)
    is_release = parsed is not None and parsed.stable
    return row.state == UNSTABLE or (is_release and (row.supported or not row.later))


def _newest_of_lines(known: Sequence[Version]) -> dict[tuple[int, int], Version]:
    """Return the newest release of each line that is out, newest line first."""
    newest: dict[tuple[int, int], Version] = {}
    for found in known:
        if found.stable:
            newest.setdefault(found.numbers[:2], found)
    return newest


def _row(
    found: Version,
    release: Release,
    newest: dict[tuple[int, int], Version],
    supported: Sequence[tuple[int, int]],
    here: Here,
) -> Row:
    line = found.numbers[:2]
    last = newest.get(line)
    is_supported = line in supported
    later = last.name if last is not None and last.name != found.name else ""
    state = UNSTABLE if last is None else STABLE if is_supported and not later else ARCHIVED
    notes = [Message(_LATER, {"version": later.removeprefix("go")})] if later else []
    if not is_supported and last is not None:
        notes.append(Message(_NO_FIXES))
    if found.numbers < _FIRST_SIGNED:
        notes.append(Message(_NEVER_SIGNED))
    return Row(found.name, state, is_supported, later, _why_not(line, release, here), tuple(notes))


def _why_not(line: tuple[int, int], release: Release, here: Here) -> Message | None:
    archive = archive_for(release, here.arch)
    if archive is None:
        return Message(_NO_ARCHIVE)
    if not archive.sha256:
        return Message(_NO_SUM)
    of_line: tuple[int, ...] = next(kernel for first, kernel in _KERNELS if line >= first)
    needed = max(of_line, _KERNELS_OF.get(here.arch, (0,)))
    if here.kernel and here.kernel < needed:
        return Message(_OLD_KERNEL, {"needed": _dotted(needed), "found": _dotted(here.kernel)})
    if line < _FIRST_WITHOUT_GLIBC and not here.has_glibc:
        return Message(_NEEDS_GLIBC)
    return None


def _dotted(numbers: Iterable[int]) -> str:
    return ".".join(map(str, numbers))
