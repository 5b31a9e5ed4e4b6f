"""The process that holds a box: namespaces of its own with a copy-on-write view of a laid-out image for a root."""

import ctypes
import os
import signal
from collections.abc import Sequence
from typing import Any

from gomedic.images.calls import DUMPABLE, KILL_WITH_PARENT, SPACES, call, give_up_root

READY = b"ready"
_READ_ONLY, _NO_SETUID, _NO_DEVICES, _BIND, _REC, _PRIVATE = 0x1, 0x2, 0x4, 0x1000, 0x4000, 0x40000
_DETACH = 2
_DEVICES = ("null", "zero", "full", "random", "urandom")
_ROOM = "mode=755,size=96m"  # memory for all that is written in the box


class Box:
    """What the holder is told; no Struct, which takes longer to load than all else here."""

    def __init__(
        self,
        root: str,
        work: str,
        shared: str,
        temporary: str,
        account: Sequence[int],
        become: Sequence[int] | None,
    ) -> None:
        self.root = root  # the laid-out image
        self.work = work  # an empty folder
        self.shared = shared  # a folder whose files are seen in the temporary folder of the box
        self.temporary = temporary  # the path of that temporary folder, in the box
        self.uid, self.gid = account  # who the programs in the box are to be
        self.become = become  # the uid and gid to give root's rights up for


def hold(**told: Any) -> int:
    """Hold a Box until standard input ends; 3 where the kernel or a container's rules refuse it."""
    box = Box(**told)
    try:
        if box.become is not None:
            give_up_root(*box.become)
        _make_spaces(box)
        child = os.fork()  # the first process of the new process namespace: with it all in the box end
        if child == 0:
            os._exit(_hold(box))
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except OSError:
        return 3


def _make_spaces(box: Box) -> None:
    uid, gid = os.getuid(), os.getgid()
    call("unshare", SPACES)
    maps = {"setgroups": "deny", "uid_map": f"{box.uid} {uid} 1", "gid_map": f"{box.gid} {gid} 1"}
    for name, text in maps.items():
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _hold(box: Box) -> int:
    call("prctl", KILL_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    try:
        _furnish(box)
        call("prctl", DUMPABLE, 0, 0, 0, 0)  # so that nothing in the box gets at our program by /proc/1/exe
    except OSError:
        return 3
    os.write(1, READY)
    while os.read(0, 4096):
        pass
    return 0


def _furnish(box: Box) -> None:
    _mount(None, "/", flags=_REC | _PRIVATE)
    _mount("tmpfs", box.work, "tmpfs", _NO_SETUID | _NO_DEVICES, _ROOM)
    root = _layer(box.work, "root", box.root)
    _mount("tmpfs", f"{root}/dev", "tmpfs", _NO_SETUID, "mode=755,size=1m")
    for name in _DEVICES:
        os.close(os.open(f"{root}/dev/{name}", os.O_CREAT | os.O_WRONLY, 0o666))
        _mount(f"/dev/{name}", f"{root}/dev/{name}", flags=_BIND)
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        os.symlink(f"/proc/self/fd{target}", f"{root}/dev/{name}")
    _processes(root)
    _temporary(box, root)
    os.chdir(root)
    call(
        "pivot_root", b".", b"."
    )  # the old root lies over the new one now, and is taken away (pivot_root(2))
    call("umount2", b".", _DETACH)
    os.chdir("/")


def _layer(work: str, name: str, lower: str) -> str:
    """Return a folder that shows `lower` and keeps what is written in memory."""
    for part in ("", "/upper", "/work", "/seen"):
        os.mkdir(f"{work}/{name}{part}", 0o755)
    mode = os.stat(lower).st_mode & 0o7777
    os.chmod(f"{work}/{name}/upper", mode)
    options = f"lowerdir={lower},upperdir={work}/{name}/upper,workdir={work}/{name}/work,userxattr"
    _mount("overlay", f"{work}/{name}/seen", "overlay", 0, options)
    return f"{work}/{name}/seen"


def _processes(root: str) -> None:
    """Mount /proc; inside a container whose own is masked the kernel refuses that, and start-up files do without."""
    try:
        _mount("proc", f"{root}/proc", "proc", _NO_SETUID | _NO_DEVICES | 0x8)
    except OSError:
        return


def _temporary(box: Box, root: str) -> None:
    seen = _layer(box.work, "temporary", box.shared)
    os.chmod(seen, 0o1777)  # noqa: S103 - as /tmp is
    for folder in {"/tmp", box.temporary}:  # noqa: S108 - the box's own
        place = root + folder
        if os.path.realpath(place) != place:  # a link of the image
            continue
        os.makedirs(place, exist_ok=True)
        _mount(seen, place, flags=_BIND)


def _mount(source: str | None, place: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    words = [None if word is None else os.fsencode(word) for word in (source, place, kind or None)]
    call("mount", *words, ctypes.c_ulong(flags), os.fsencode(options) if options else None)
