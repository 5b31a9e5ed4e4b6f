"""One window for each person, display and home: who comes second asks the first to show itself."""

import contextlib
import fcntl
import json
import os
import socket
import stat
import struct
import time
from collections.abc import Mapping
from hashlib import sha256

from msgspec import Struct

ANSWER = b"here\n"
LONGEST = 4096  # bytes of a request
_PATIENCE = 5.0  # seconds for a window that is just opening to answer; one that hangs does not
_PAUSE = 0.05  # seconds


class Seat(Struct, frozen=True):
    """The right to be the window; it ends with the process, however that ends."""

    lock: int  # descriptor of the locked file
    listening: socket.socket


class Meeting(Struct, frozen=True):
    """What came of looking for a window that is open already."""

    answered: bool = False  # it shows itself now
    seat: Seat | None = None  # None besides: there is no place to meet, or whoever is there does not answer


def meet(env: Mapping[str, str], home: str, patience: float = _PATIENCE) -> Meeting:
    """Take the seat, or have the window that has it come to the front. Never raises."""
    try:
        folder = _folder(env)
        return _met(folder, _name(env, home), _token(env), patience) if folder else Meeting()
    except OSError:  # a path too long for a socket, a full or read-only disk: then there may be two windows
        return Meeting()


def is_ours(peer: socket.socket) -> bool:
    """Tell whether the process at the other end belongs to the account too (SO_PEERCRED, unix(7))."""
    size = struct.calcsize("3i")
    _pid, uid, _gid = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.getuid())


def token_in(request: bytes) -> str:
    """Return the activation token that a request brings, "" where it brings none."""
    with contextlib.suppress(ValueError, AttributeError):
        token = json.loads(request).get("token")
        return token if isinstance(token, str) else ""
    return ""


def _met(folder: str, name: str, token: str, patience: float) -> Meeting:
    path = os.path.join(folder, name)
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    kept = False
    try:
        end = time.monotonic() + patience
        while not _locked(lock):
            if _asked(path, token, end - time.monotonic()):
                return Meeting(answered=True)
            if time.monotonic() > end:
                return Meeting()
            time.sleep(_PAUSE)
        met = Meeting(seat=Seat(lock, _listening(path)))
        kept = True
        return met
    finally:
        if not kept:
            os.close(lock)


def _locked(lock: int) -> bool:
    """Lock, unless somebody holds it; the system lets go of it when a process ends, so no lock is ever stale."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _listening(path: str) -> socket.socket:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)  # left by a process that was killed: we hold the lock
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.bind(path)
    except OSError:
        made.close()
        raise
    made.listen(8)
    made.setblocking(False)
    return made


def _asked(path: str, token: str, patience: float) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(max(patience, _PAUSE))
        try:
            asking.connect(path)
            if not is_ours(asking):
                return False
            asking.sendall(json.dumps({"token": token}).encode() + b"\n")
            return asking.recv(len(ANSWER)) == ANSWER
        except OSError:  # not there yet, just gone, or at a loss
            return False


def _folder(env: Mapping[str, str]) -> str | None:
    """Return a folder that only the account can write, None where there is none."""
    runtime = env.get("XDG_RUNTIME_DIR", "")
    if runtime.startswith("/") and _is_private(runtime) and (made := _made(os.path.join(runtime, "gomedic"))):
        return made
    temporary = env.get("TMPDIR", "")
    base = temporary if temporary.startswith("/") else "/tmp"  # noqa: S108 - a folder of ours in it, checked
    return _made(os.path.join(base, f"gomedic-{os.getuid()}"))


def _made(folder: str) -> str | None:
    with contextlib.suppress(OSError):
        os.mkdir(folder, 0o700)
    return folder if _is_private(folder) else None


def _is_private(folder: str) -> bool:
    """Tell whether a folder is really one, the account's, and closed to all others."""
    try:
        info = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.getuid() and not info.st_mode & 0o077


def _name(env: Mapping[str, str], home: str) -> str:
    """Return a short name: a socket's path may have 107 bytes, and a display's may have slashes."""
    display = env.get("WAYLAND_DISPLAY") or env.get("DISPLAY", "").removesuffix(".0")
    return sha256(f"{display}\0{home}".encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _token(env: Mapping[str, str]) -> str:
    """Return what the desktop gave the new process so that it may take the front."""
    return env.get("XDG_ACTIVATION_TOKEN") or env.get("DESKTOP_STARTUP_ID", "")
