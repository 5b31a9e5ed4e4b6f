"""The process that holds a box: namespaces of its own with a copy-on-write view of a laid-out image for a root."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

import msgspec
from msgspec import Struct

READY = b"ready"
_SPACES = 0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000  # user mnt pid net ipc uts
_READ_ONLY, _NO_SETUID, _NO_DEVICES, _BIND, _REC, _PRIVATE = 0x1, 0x2, 0x4, 0x1000, 0x4000, 0x40000
_DETACH = 2
_KILL_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_DEVICES = ("null", "zero", "full", "random", "urandom")
_ROOM = "mode=755,size=96m"  # memory for all that is written in the box


class Box(Struct, frozen=True):
    """What the holder is told."""

    root: str  # the laid-out image
    work: str  # an empty folder
    shared: str  # a folder whose files are seen in the temporary folder of the box
    temporary: str  # the path of that temporary folder, in the box
    uid: int  # who the programs in the box are to be
    gid: int
    become: tuple[int, int] | None = None  # the uid and gid to give root's rights up for


def main(argv: Sequence[str] | None = None) -> int:
    """Hold the box until standard input ends; 3 where the kernel or a container's rules refuse it."""
    words = sys.argv[1:] if argv is None else argv
    box = msgspec.json.decode(words[-1], type=Box)
    try:
        _enter(box)
        child = os.fork()  # the first process of the new process namespace: with it all in the box end
        if child == 0:
            os._exit(_hold(box))
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except OSError:
        return 3


def _enter(box: Box) -> None:
    if box.become is not None:
        uid, gid = box.become
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        _call("prctl", 4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: else /proc/self belongs to root, who writes no map
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", _SPACES)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{box.uid} {uid} 1"), ("gid_map", f"{box.gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _hold(box: Box) -> int:
    _call("prctl", _KILL_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    try:
        _furnish(box)
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
    _call("pivot_root", b".", b".")  # the old root lies over the new one now, and is taken away (pivot_root(2))
    _call("umount2", b".", _DETACH)
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
    os.chmod(seen, 0o1777)
    for folder in {"/tmp", box.temporary}:  # noqa: S108 - the box's own
        place = root + folder
        if os.path.realpath(place) != place:  # a link of the image
            continue
        os.makedirs(place, exist_ok=True)
        _mount(seen, place, flags=_BIND)


# ------------------------------------------------------------------ system calls

_LIBC = ctypes.CDLL(None, use_errno=True)


def _mount(source: str | None, place: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    words = [None if word is None else os.fsencode(word) for word in (source, place, kind or None)]
    _call("mount", *words, ctypes.c_ulong(flags), os.fsencode(options) if options else None)


def _call(name: str, *arguments: object) -> None:
    if getattr(_LIBC, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    sys.exit(main())
