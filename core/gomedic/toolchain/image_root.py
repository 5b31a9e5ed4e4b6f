"""Paths in the file system of an image, read as the image itself would read them, and never out of it."""

import os
import stat

from gomedic.texts import N_
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.tree import elf_arch

_OPEN = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_LINKS = 40  # as the kernel has it (path_resolution(7))
_PROGRAMS = ("/bin/sh", "/usr/bin/env", "/bin/busybox", "/usr/bin/bash")


class NoImage(ToolchainError):  # noqa: N818 - named for its reason
    """The folder is no file system of an image."""

    TEXT = N_(
        "{folder} does not hold the file system of an image: there is no {path} in it. Unpack or mount the image there first."
    )


class LeadsAround(ToolchainError):  # noqa: N818 - named for its reason
    """A path of the image cannot be followed."""

    TEXT = N_("{path} in {folder} leads through too many links; nothing was done.")


class OthersMayChange(ToolchainError):  # noqa: N818 - named for its reason
    """Somebody else could swap a folder while it is worked on."""

    TEXT = N_(
        "Others than you and root can change {path}, so nothing was done in it; take their right to write there first."
    )


def inside(root: str, path: str) -> str:
    """Return where `path` of the image at `root` lies, without any link in it; what is not there yet stays as named.

    Component by component, links read relative to the image and `..` never above it (as openat2(2) does with
    RESOLVE_IN_ROOT); the last component is not followed. Folders that somebody else can write in are refused.
    """
    here: list[str] = []
    rest = [part for part in path.split("/") if part]
    links = 0
    _judge(root)
    while rest:
        name, *rest = rest
        if name in (".", ".."):
            here = here[:-1] if name == ".." else here
            continue
        target = _link_at(root, here, name) if rest else None
        if target is None:
            here.append(name)
            _judge(os.path.join(root, *here)) if rest else None
            continue
        links += 1
        if links > _MOST_LINKS:
            raise LeadsAround(path=path, folder=root)
        here = [] if target.startswith("/") else here
        rest = [*(part for part in target.split("/") if part), *rest]
    return os.path.join(root, *here)


def _link_at(root: str, here: list[str], name: str) -> str | None:
    """Return what the link `name` says, None where there is none; reached by descriptors that follow no link."""
    folder = os.open(root, _OPEN | os.O_DIRECTORY)
    try:
        for part in here:
            below = os.open(part, _OPEN | os.O_DIRECTORY, dir_fd=folder)
            os.close(folder)
            folder = below
        return os.readlink(name, dir_fd=folder)
    except OSError:
        return None
    finally:
        os.close(folder)


def _judge(path: str) -> None:
    try:
        status = os.lstat(path)
    except OSError:
        return
    sticky = status.st_mode & stat.S_ISVTX
    group = status.st_mode & stat.S_IWGRP and status.st_gid not in (0, os.getegid())
    others = (status.st_mode & stat.S_IWOTH or group) and not sticky
    if stat.S_ISDIR(status.st_mode) and (others or status.st_uid not in (0, os.geteuid())):
        raise OthersMayChange(path=path)


def arch_of(root: str) -> str:
    """Return the GOARCH of an image's own programs, read from one of them. Raises NoImage."""
    for program in _PROGRAMS:
        if arch := elf_arch(_followed(root, program)):
            return arch
    raise NoImage(folder=root, path=_PROGRAMS[0])


def _followed(root: str, path: str) -> str:
    """Return where the thing itself lies that a path of the image means."""
    return os.path.dirname(inside(root, f"{path}/x"))
