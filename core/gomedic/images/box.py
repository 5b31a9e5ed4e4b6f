"""A box in which programs of an image run: as one account, without network, on a copy that is thrown away."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import Struct

from gomedic import processes
from gomedic.bundled import bundle_folder
from gomedic.host import Host
from gomedic.images.as_process import told
from gomedic.images.clearing import remove
from gomedic.images.files import ImageFiles
from gomedic.images.holder import READY
from gomedic.images.laying_out import Ground, lay_out
from gomedic.images.problems import ImageRefused
from gomedic.images.stopping import Event, go_on
from gomedic.images.view import View
from gomedic.texts import N_

IN_BOX = "--in-image-box"  # packaging/dist/entry.py knows the word
_NOBODY = (65534, 65534)
_SPARE = 256 << 20  # bytes to leave free on the disk
PLAIN = {"PATH": "/usr/bin:/bin"}  # the environment of processes of ours

NO_ROOM = N_(
    "Running the image's start-up files needs {needed} MB for a copy of it, and {folder} has {free} MB left."
)
REFUSED = N_(
    "The image's start-up files cannot be run here: this system lets no ordinary program make namespaces. Without --run they are read."
)


class InBox(Struct, frozen=True):
    """A place to start programs in: see `Chamber`, whose part it takes."""

    holder: int
    shared: str  # a folder of ours, whose files are seen in the box's temporary folder
    become: tuple[int, int] | None
    cancelled: Event | None = None

    def command(self, argv: Sequence[str], folder: str) -> tuple[str, ...]:
        """Return the command line that runs `argv` in `folder`."""
        enter = 'cd -- "$1" 2>/dev/null || cd /; shift; exec "$@"'
        return ("/bin/sh", "-c", enter, "sh", folder, *argv)

    def enter(self, argv: Sequence[str], env: Mapping[str, str]) -> tuple[Sequence[str], Mapping[str, str]]:
        """Return the command that enters the box and runs `argv` there with `env`, which nothing here gets to see.

        Raises Cancelled.
        """
        go_on(self.cancelled)
        visit = told("enter", holder=self.holder, env=dict(env), become=self.become)
        return [*ourselves(), *argv, visit], PLAIN

    def show(self, folder: str) -> None:
        """Have a folder of ours seen in the box at the same path."""
        place = os.path.join(self.shared, os.path.basename(folder))
        shutil.copytree(folder, place)
        if self.become is not None:
            _give(place, self.become)


@contextmanager
def box(here: Host, view: View, image: Host, cancelled: Event | None = None) -> Iterator[InBox]:
    """Give a box of the image for `image`'s account, gone with all in it at the end. Raises ImageRefused, OSError, Cancelled.

    Nothing of this machine is seen in it but the devices that are none; what is written there stays in memory.
    Where the doctor is root, it gives up root's rights for it.
    """
    files = image.files
    assert isinstance(files, ImageFiles)  # noqa: S101 - what image_host gives
    become = _NOBODY if here.is_root else None
    with _copy(_place(view, become)) as folder:
        root, work, shared = (os.path.join(folder, name) for name in ("root", "work", "shared"))
        for place in (root, work, shared):
            os.mkdir(place, 0o755)
        for _moment in lay_out(Ground(view, root, files.rights, become)):
            go_on(cancelled)
        if become is not None:
            for place in (folder, root, work, shared):
                os.chown(place, *become)
        account = image.account
        words = told(
            "hold", root=root, work=work, shared=shared, temporary=tempfile.gettempdir(),
            account=(account.uid, account.gid), become=become,
        )  # fmt: skip
        holder = processes.hold([*ourselves(), words], PLAIN, READY)
        if holder is None:
            raise ImageRefused(REFUSED)
        try:
            yield InBox(holder.pid, shared, become, cancelled)
        finally:
            processes.let_go(holder)


@contextmanager
def _copy(place: str) -> Iterator[str]:
    """Give a new folder, gone at the end; where we are killed, a process of ours that lives on removes it."""
    folder = tempfile.mkdtemp(prefix="gomedic-image-", dir=place)
    clearer = None
    try:
        clearer = processes.hold([*ourselves(), told("clear", folder=folder)], PLAIN, READY)
        yield folder
    finally:
        remove(folder)
        if clearer is not None:
            processes.let_go(clearer)


def _place(view: View, become: tuple[int, int] | None) -> str:
    """Return the temporary folder that has room for a copy. Raises ImageRefused."""
    needed = sum(node.size for _path, node in view.walk()) + _SPARE
    folder, free = "", -1
    # root's own may be closed to the account that root becomes
    own = "/tmp" if become is not None else tempfile.gettempdir()  # noqa: S108 - mkdtemp follows
    # /var/tmp is the folder for what is large: /tmp is often memory (file-hierarchy(7))
    places = ("/var/tmp", own) if own == "/tmp" else (own, "/var/tmp")  # noqa: S108
    for candidate in places:
        if os.access(candidate, os.W_OK) and (left := shutil.disk_usage(candidate).free) > free:
            folder, free = candidate, left
        if free >= needed:
            return folder
    raise ImageRefused(NO_ROOM, needed=needed >> 20, folder=folder, free=max(free, 0) >> 20)


def _give(folder: str, owner: tuple[int, int]) -> None:
    for parent, folders, names in os.walk(folder):
        for path in (parent, *(os.path.join(parent, name) for name in (*folders, *names))):
            os.chown(path, *owner, follow_symlinks=False)


def ourselves() -> list[str]:
    """Return the command that is another process of ours (`as_process`): this program again."""
    bundle = bundle_folder()
    if bundle is not None:
        return [os.path.join(bundle, "gomedic"), IN_BOX]
    return [sys.executable, "-I", "-B", "-m", "gomedic.images.as_process"]
