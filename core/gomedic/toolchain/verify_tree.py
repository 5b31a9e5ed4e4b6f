"""Whether an installed tree is good: whole, as its release has it, and working on this machine."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from typing import NamedTuple

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic.toolchain import filelist, official, register
from gomedic.toolchain.compatibility import Row
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.filelist import Differences, FileList
from gomedic.toolchain.install import toolchains_folder
from gomedic.toolchain.intake import Intake, take_file
from gomedic.toolchain.recorded import Verification, record
from gomedic.toolchain.releases import platform
from gomedic.toolchain.sandbox import Sandbox
from gomedic.toolchain.smoke import Tried, smoke_test
from gomedic.toolchain.staging import existing
from gomedic.toolchain.tree import Tree, tree
from gomedic.toolchain.unpack import sums_in

_WHOLE = N_("The commands, tools and sources of {version} are there.")
_MISSING = N_("{missing} is missing in {root}, so this is no whole Go installation; install it again.")
_NO_VERSION = N_(
    "{root}/VERSION does not name a Go version, so this is no whole Go installation; install it again."
)
_OTHER_MACHINE = N_(
    "The programs in {root} are for {arch}, but this machine is {machine}; install the archive for it."
)
_FAILS = N_("{version} does not work on this machine: {reason}.")
_WORKS = N_("It starts, builds and runs a program here.")
_RECORDED = N_("It was installed from {file}, signed by {signer}.")
_NOT_RECORDED = N_("Where it came from is not recorded.")
_BY_SUM_ALONE = N_("It was installed from {file} by its SHA-256 alone: not signature-checked.")
_NO_LIST = N_(
    "Its files were not compared with the release: no list of them is here; name its archive with --archive."
)
_SPLIT = N_(
    "It is a distribution's package, with parts in {other}; its package manager can check its files, not gomedic."
)
_SAME = N_("All {count} files are byte for byte those of the release ({authority}).")
_TRIMMED = N_("It lacks {count} files that the toolchain as a Go module leaves out, and nothing else.")
_EXTRA = N_("Beside the files of the release there is {names}.")
_DIFFERENT = N_("{root} is not as the release has it ({what}); install {version} again.")
_ARE_MISSING = N_("missing: {names}")
_ARE_CHANGED = N_("changed: {names}")
_ARE_MORE = N_("added, and built with it: {names}")
_NOT_EXECUTABLE = N_("not executable: {names}")
_FIRST_AND_MORE = N_("{first} and {count} more")
_OUR_LIST = N_("a list kept when it was installed")
_READING = N_("Reading {file}")
_SHOWN = 3


class Judged(NamedTuple):
    """What is known of a tree."""

    version: str
    points: tuple[Message, ...]
    reason: Message | None
    verification: Verification | None
    table: tuple[Row, ...]
    differences: Differences | None


def judged_tree(
    host: Host, root: str, archive: str | None, sandbox: Sandbox
) -> Generator[Progress, None, Judged]:
    """Judge a tree; `archive` is a verified one of that release, `sandbox` how it is tried."""
    found, kept = tree(root), record(root)
    points, table = [_told(kept)], tuple[Row, ...]()
    differences: Differences | None = None
    reason = _not_whole(found)
    if reason is None:
        points.append(Message(_WHOLE, {"version": found.version}))
        other = _split(root)
        if other is not None:
            points.append(Message(_SPLIT, {"other": other}))
        else:
            differences, reason = yield from _compared(host, found, kept, archive, points)
        if reason is None:
            tried = yield from _tried(host, found, sandbox)
            table = tried.rows
            points.append(tried.why_not or Message(_WORKS)) if tried.failure is None else None
            reason = _failure(found, tried)
    return Judged(found.version, tuple(points), reason, kept, table, differences)


def _told(kept: Verification | None) -> Message:
    if kept is None:
        return Message(_NOT_RECORDED)
    if kept.signature is None:
        return Message(_BY_SUM_ALONE, {"file": kept.file})
    return Message(_RECORDED, {"file": kept.file, "signer": kept.signature.signer})


def _not_whole(found: Tree) -> Message | None:
    if found.missing:
        return Message(_MISSING, {"missing": found.missing[0], "root": found.root})
    if not found.version:
        return Message(_NO_VERSION, {"root": found.root})
    machine = platform(os.uname().machine).replace("armv6l", "arm")
    if found.arch != machine:
        return Message(_OTHER_MACHINE, {"root": found.root, "arch": found.arch or "?", "machine": machine})
    return None


# ------------------------------------------------------------------ its files


def _split(root: str) -> str | None:
    """Return where other parts of the tree lie, as distributions' packages have it; None where all is in one place."""
    real = os.path.realpath(root)
    for name in ("src", "pkg", "api", "misc", "test"):
        part = os.path.realpath(os.path.join(real, name))
        if not part.startswith(real + "/"):
            return part
    return None


def _compared(
    host: Host, found: Tree, kept: Verification | None, archive: str | None, points: list[Message]
) -> Generator[Progress, None, tuple[Differences | None, Message | None]]:
    files, authority = yield from _list_of(host, found, kept, archive)
    if files is None:
        points.append(Message(_NO_LIST))
        return None, None
    differences = yield from filelist.compared(os.path.realpath(found.root), files)
    reason = _judged(found, differences)
    if reason is None and not differences.missing:
        points.append(Message(_SAME, {"count": differences.compared, "authority": authority}))
    elif reason is None:
        points.append(Message(_TRIMMED, {"count": len(differences.missing)}))
    if differences.extra:
        points.append(Message(_EXTRA, {"names": _names(differences.extra)}))
    return differences, reason


def _judged(found: Tree, differences: Differences) -> Message | None:
    missing = () if differences.trimmed else differences.missing
    kinds = (
        (_ARE_CHANGED, differences.changed),
        (_ARE_MISSING, missing),
        (_ARE_MORE, differences.extra_sources),
        (_NOT_EXECUTABLE, differences.not_executable),
    )
    for text, names in kinds:
        if names:
            what = Message(text, {"names": _names(names)})
            return Message(_DIFFERENT, {"root": found.root, "what": what, "version": found.version})
    return None


def _names(names: tuple[str, ...]) -> str | Message:
    first = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return Message(_FIRST_AND_MORE, {"first": first, "count": more}) if more > 0 else first


def _list_of(
    host: Host, found: Tree, kept: Verification | None, archive: str | None
) -> Generator[Progress, None, tuple[FileList | None, str | Message]]:
    """Return the list of the release's files, and whose it is: the archive that was named, ours, one in the cache."""
    if archive is not None:
        return (yield from _read(archive)), os.path.basename(archive)
    for path in (found.root, os.path.join(toolchains_folder(host), found.version)):
        files = filelist.kept(path + filelist.SUFFIX, os.path.basename(path))
        if files is not None:
            return files, Message(_OUR_LIST)
    if (files := register.list_of(found.root, found.version)) is not None:
        return files, Message(_OUR_LIST)
    for file, total in _sums(host, found, kept):
        path = os.path.join(host.cache_folder, "downloads", total)
        if os.path.isfile(path):
            files = yield from _read(path, total)
            if files is not None:
                return files, file
    return None, ""


def _sums(host: Host, found: Tree, kept: Verification | None) -> Iterator[tuple[str, str]]:
    """Yield what the archive of a tree is called, and the SHA-256 that it must have."""
    if kept is not None:
        yield kept.file, kept.sha256
    with contextlib.suppress(ToolchainError):
        for release in official.known(host).releases:
            if release.version == found.version:
                end = f".linux-{platform(os.uname().machine)}.tar.gz"
                yield from ((f.filename, f.sha256) for f in release.files if f.filename.endswith(end))


def _read(archive: str, total: str = "") -> Generator[Progress, None, FileList | None]:
    """Read the list from an archive; None where that has not this SHA-256, or is damaged."""
    file = os.path.basename(archive)
    try:
        with contextlib.closing(Intake(archive, file)) as intake:
            yield from take_file(intake, Message(_READING, {"file": file}), os.path.getsize(archive))
            if total and intake.sha256 != total:
                return None
            plan = intake.plan()
            sums = yield from sums_in(archive, plan, file)
            return filelist.listed(plan, sums)
    except (ToolchainError, OSError):
        return None


# ------------------------------------------------------------------ trying it


def _tried(host: Host, found: Tree, sandbox: Sandbox) -> Generator[Progress, None, Tried]:
    scratch = tempfile.mkdtemp(prefix=".gomedic-verify-", dir=existing(host.cache_folder))
    try:
        return (yield from smoke_test(host, found.root, found.version, scratch, sandbox))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _failure(found: Tree, tried: Tried) -> Message | None:
    if tried.failure is None:
        return None
    reason = tried.failure.text.values["reason"]
    return Message(_FAILS, {"version": found.version, "reason": reason})
