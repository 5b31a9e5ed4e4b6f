"""What an installation consists of: each file and link, with its content."""

import os
import stat
from collections.abc import Iterator
from importlib.resources import files

from msgspec import Struct

from gomedic.bundled import AS_ROOT_HELPER, HELPER, POLICY
from gomedic.self_install.owner import Owner
from gomedic.self_install.places import Places

DESKTOP = "io.github.gomedic.gomedic.desktop"
_METAINFO = "io.github.gomedic.gomedic.metainfo.xml"
_ICONS = {"scalable": "gomedic.svg", "symbolic": "gomedic-symbolic.svg"}


class Item(Struct, frozen=True):
    """A file to be written, or (`target`) a link to be made."""

    path: str
    content: bytes = b""
    target: str | None = None
    executable: bool = False


def items(places: Places, owner: Owner, *, with_policy: bool) -> list[Item]:
    """Return all but the program's own files."""
    program = os.path.join(places.program, "gomedic") if owner.copies else owner.command
    found = list(_texts(places))
    if owner.has_window:
        found += _menu(places, program)
    if owner.copies:
        found.append(Item(places.command, target=program))
    if with_policy:
        found += _policy(program)
    return [item for item in found if os.path.realpath(places.real(item.path)) not in owner.files]


def _texts(places: Places) -> Iterator[Item]:
    """Completions and manual pages."""
    bash = os.path.join(places.share, "bash-completion/completions/gomedic")
    yield Item(bash, _shipped("completions/gomedic.bash"))
    yield Item(os.path.join(places.share, "zsh/site-functions/_gomedic"), _shipped("completions/_gomedic"))
    yield Item(os.path.join(places.fish, "gomedic.fish"), _shipped("completions/gomedic.fish"))
    for language in ("", "zh_CN/"):
        page = f"{language}man1/gomedic.1"
        yield Item(os.path.join(places.man, page), _shipped(f"man/{page}"))


def _menu(places: Places, program: str) -> Iterator[Item]:
    entry = desktop_entry(_shipped(DESKTOP), program)
    yield Item(os.path.join(places.share, "applications", DESKTOP), entry)
    yield Item(os.path.join(places.share, "metainfo", _METAINFO), _shipped(_METAINFO))
    for kind, name in _ICONS.items():
        icon = (files("gomedic_resources") / "icons" / name).read_bytes()
        yield Item(os.path.join(places.share, "icons/hicolor", kind, "apps", name), icon)


def _policy(program: str) -> Iterator[Item]:
    """What lets polkit ask for a password: it names a program, and root alone can change that."""
    script = f"#!/bin/sh\nexec {program} {AS_ROOT_HELPER}\n"
    yield Item(HELPER, script.encode(), executable=True)
    yield Item(POLICY, _shipped(os.path.basename(POLICY)))


def _shipped(name: str) -> bytes:
    return files("gomedic_resources").joinpath("integration", *name.split("/")).read_bytes()


def desktop_entry(template: bytes, program: str) -> bytes:
    """Return the menu entry that starts `program`, wherever that lies (Desktop Entry Specification, "Exec key")."""
    quoted = "".join("\\" + letter if letter in '"`$\\' else letter for letter in program)
    command = '"' + quoted.replace("%", "%%") + '"'
    lines = f"Exec={_string(command)}\nTryExec={_string(program)}\n"
    return template.replace(b"Exec=gomedic\n", lines.encode("utf-8", "surrogateescape"))


def _string(value: str) -> str:
    """Return a value of type string as a desktop entry has it."""
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def program_files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield each folder, file and link below `folder`, as a path relative to it, parents first."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted((*folders, *names)):
            path = os.path.join(parent, name)
            status = os.lstat(path)
            if stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
                yield os.path.relpath(path, folder), status
