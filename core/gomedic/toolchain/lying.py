"""A toolchain that somebody has unpacked already, as gimme keeps them: installed only where every file of it is known.

What is known of a release is what an installation of ours kept, after a signature or sum was checked: the account's
own, or root's. The tree itself proves nothing.
"""

import os
import threading
from collections.abc import Generator
from functools import partial

from msgspec import structs

from gomedic.host import Host
from gomedic.model import Progress
from gomedic.regular import regular
from gomedic.texts import N_, Message
from gomedic.toolchain import filelist
from gomedic.toolchain.background import beside
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.filelist import Entry, FileList
from gomedic.toolchain.local_source import archives
from gomedic.toolchain.making import Wish
from gomedic.toolchain.offers import absolute
from gomedic.toolchain.recorded import Verification, record, root_knows
from gomedic.toolchain.sources import Place
from gomedic.toolchain.targets import Target
from gomedic.toolchain.tree import Tree, tree
from gomedic.versions import meant, names_one

_COPYING = N_("Copying {version} from {folder}")
_NOTHING_SAYS = N_("no list at hand says what the release consists of, file by file")
_FOR_ALL = N_("for all accounts only an archive counts, whose signature root can check")
_DIFFERS = N_("{name} is not as in the release")
_PIECE = 1 << 20


class UnpackedTree(ToolchainError):  # noqa: N818 - named for its reason
    """A tree is not installed as it is."""

    TEXT = N_(
        "{folder} holds {version} unpacked, which cannot be verified: {reason}. "
        "Name the archive {file}, or a folder with it, instead."
    )


def lying_at(host: Host, source: str, word: str, arch: str) -> Tree | None:
    """Return the unpacked toolchain that `word` means in the folder `source`, or in one below it, as gimme has them.

    None where an archive of it lies there too, or nothing that is meant.
    """
    folder = absolute(host, source) or ""
    if not os.path.isabs(folder):
        return None
    try:
        below = [entry.path for entry in os.scandir(folder) if entry.is_dir()]
    except OSError:
        return None
    trees = {found.version: found for found in map(tree, [folder, *sorted(below)]) if found.version}
    name = meant(word, trees) or names_one(word)
    beside = archives(Place("", os.path.join(folder, ""), ()), arch)
    return None if name is None or name in beside else trees.get(name)


def known_release(host: Host, lying: Tree, wish: Wish) -> tuple[Verification, FileList]:
    """Return why the release that a tree says it is may be trusted, and its files. Raises UnpackedTree."""
    if wish.to.shared and not wish.to.image:
        raise _refusal(lying, wish.arch, Message(_FOR_ALL))
    own = Target().path(host, lying.version)
    why, files = record(own), filelist.kept(own + filelist.SUFFIX, lying.version)
    if why is None or files is None:
        why, files = root_knows(lying.version)
    if why is None or files is None:
        raise _refusal(lying, wish.arch, Message(_NOTHING_SAYS))
    return structs.replace(why, source=lying.root), files


def _refusal(lying: Tree, arch: str, reason: Message) -> UnpackedTree:
    file = f"{lying.version}.linux-{arch}.tar.gz"
    return UnpackedTree(folder=lying.root, version=lying.version, file=file, reason=reason)


def copied(lying: Tree, files: FileList, arch: str, folder: str) -> Generator[Progress, None, FileList]:
    """Copy what belongs to the release into `folder`, and compare the copy; return the list. Raises UnpackedTree."""
    what = Message(_COPYING, {"version": lying.version, "folder": lying.root})
    yield from beside(what, partial(_copy, lying.root, files, folder))
    found = yield from filelist.compared(folder, files)
    wrong = (*found.missing, *found.changed, *found.not_executable)
    if wrong:
        raise _refusal(lying, arch, Message(_DIFFERS, {"name": wrong[0]}))
    return files


def _copy(root: str, files: FileList, folder: str, stop: threading.Event) -> None:
    for name, entry in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if entry.target:
            os.symlink(entry.target, path)
        elif not stop.is_set():
            _copy_file(os.path.join(root, name), path, entry)


def _copy_file(source: str, path: str, entry: Entry) -> None:
    """Copy no more than the release has; what cannot be read is missing in the copy, and is told so."""
    try:
        file = open(source, "rb", opener=regular)  # noqa: SIM115 - closed below
    except OSError:
        return
    with file, open(path, "xb") as copy:
        left = entry.size
        while left and (piece := file.read(min(left, _PIECE))):
            copy.write(piece)
            left -= len(piece)
        os.fchmod(copy.fileno(), 0o755 if entry.executable else 0o644)
