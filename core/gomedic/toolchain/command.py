"""What `gomedic toolchain` can tell and make ready; what changes the machine is left to the repair engine."""

import os
import secrets
from glob import glob

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import EditFile, Move, Step
from gomedic.texts import N_
from gomedic.toolchain.errors import NotInstalled, ToolchainError
from gomedic.toolchain.install import STAGING, toolchains_folder
from gomedic.toolchain.recorded import Verification, record, record_file
from gomedic.toolchain.staging import LIST
from gomedic.toolchain.targets import LOCAL, OPT
from gomedic.toolchain.tree import tree
from gomedic.versions import newest_first, version, version_key


class ForAllAccounts(ToolchainError):  # noqa: N818 - named for its reason
    """What is meant is not the account's own."""

    TEXT = N_(
        "Go {version} in {path} is there for all accounts: `gomedic toolchain use {version} --to /opt` changes over to one in /opt, "
        "and `gomedic undo` takes away what gomedic put there."
    )


class Installed(Struct, frozen=True):
    """A toolchain of the account's own, or one for all accounts."""

    version: str
    path: str
    whole: bool
    verification: Verification | None  # None: not recorded, so not signature-checked

    @property
    def signature_checked(self) -> bool:
        """Whether its signature was checked before it was installed."""
        return self.verification is not None and self.verification.signature is not None


def installed(host: Host) -> tuple[Installed, ...]:
    """Return the account's own toolchains, newest first; read only."""
    folder = toolchains_folder(host)
    try:
        names = [name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))]
    except OSError:
        return ()
    return tuple(_installed(os.path.join(folder, name), name) for name in newest_first(names))


def shared() -> tuple[Installed, ...]:
    """Return the toolchains for all accounts, whoever put them there, newest first; read only."""
    paths = [LOCAL, *sorted(glob(f"{OPT}/go-*"))]
    found = {path: tree(path).version for path in paths if os.path.isdir(path)}
    every = (_installed(path, name) for path, name in found.items() if name)
    return tuple(sorted(every, key=lambda each: version_key(each.version), reverse=True))


def _installed(path: str, name: str) -> Installed:
    return Installed(name, path, tree(path).whole, record(path))


def installed_path(host: Host, name: str) -> str:
    """Return where a toolchain of ours lies; `name` with or without "go". Raises NotInstalled, ForAllAccounts."""
    folder = toolchains_folder(host)
    for candidate in (name, f"go{name}"):
        if version(candidate) is not None and os.path.isdir(os.path.join(folder, candidate)):
            return os.path.join(folder, candidate)
    for other in shared():
        if other.version in (name, f"go{name}"):
            raise ForAllAccounts(version=other.version.removeprefix("go"), path=other.path)
    raise NotInstalled(version=name, path=folder)


def steps_to_remove(host: Host, name: str) -> tuple[Step, ...]:
    """Return the steps that take a toolchain of ours out of its place, into a folder to be deleted later.

    Start-up lines that name it are not touched here. Raises NotInstalled, ForAllAccounts.
    """
    path = installed_path(host, name)
    note = host.read(record_file(path))
    forget = (EditFile(path=record_file(path), before=note, after=None),) if note is not None else ()
    aside = removed_path(host, os.path.basename(path))
    ends = [end for end in ("", LIST) if end == "" or os.path.lexists(path + end)]
    return (*(Move(source=path + end, target=aside + end) for end in ends), *forget)


def removed_path(host: Host, name: str) -> str:
    """Return a new path for a toolchain that was removed; `install.discard` deletes it."""
    return os.path.join(toolchains_folder(host), f"{STAGING}removed-{name}-{secrets.token_hex(4)}")
