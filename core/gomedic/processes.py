"""Run a program that may hang, prompt, flood, daemonise or exec, and get its output back in bounded time."""

import contextlib
import ctypes
import fcntl
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

_PR_SET_CHILD_SUBREAPER = 36
_F_SETPIPE_SZ = 1031
_LOWEST_CHANNEL = 100  # start-up files use 3 to 9 for themselves
_PIPE_ROOM = 4096  # bytes that any pipe takes at once
_GRACE = 0.15  # seconds that output may still come after the program has ended
Holder: TypeAlias = subprocess.Popen[bytes]
_started: set[int] = set()
_starting = threading.Lock()


class Ended(Struct, frozen=True):
    """How a program ended and what it wrote; each channel cut at its cap."""

    code: int | None  # negative: signal; None: could not be waited for
    out: bytes
    err: bytes
    channels: Mapping[str, bytes]
    seconds: float
    timed_out: bool = False
    cancelled: bool = False


def run(
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    cwd: str = "/",
    timeout: float = 10.0,
    stdin: bytes = b"",
    channels: Sequence[str] = (),
    caps: Mapping[str, int] | None = None,
    cancelled: threading.Event | None = None,
) -> Ended:
    """Run `argv` in a process session of its own and kill all that is left of it at the end.

    `channels` names further pipes that the program may write to: @NAME@ in `argv` and `stdin` becomes the
    descriptor's number, which is 100 or more; `caps` the most bytes kept of "out", "err" and each channel (default 64 KiB, 1 MiB for channels).
    `stdin` is at most 4 KiB. Raises OSError when the program cannot be started.
    """
    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        process, readers = _start(argv, env, cwd, stdin, channels, stack)
        limits = {"out": 1 << 16, "err": 1 << 16, **dict.fromkeys(channels, 1 << 20), **(caps or {})}
        try:
            kept, reason = _collect(process, readers, limits, begun + timeout, cancelled, stack)
        finally:
            kill_session(process.pid)
            code = _wait(process)
            with _starting:
                _started.discard(process.pid)
        _reap_strays()
    return Ended(
        code,
        bytes(kept.pop("out")),
        bytes(kept.pop("err")),
        {name: bytes(data) for name, data in kept.items()},
        time.monotonic() - begun,
        timed_out=reason == "late",
        cancelled=reason == "cancelled",
    )


def _start(
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: str,
    stdin: bytes,
    channels: Sequence[str],
    stack: contextlib.ExitStack,
) -> tuple[Holder, dict[str, int]]:
    """Start the program; return it and the reading end of each of its pipes."""
    ends: dict[str, tuple[int, int]] = {}
    for name in ("out", "err", *channels):
        read, write = os.pipe()
        stack.callback(_close, read)
        os.set_blocking(read, False)
        with contextlib.suppress(OSError):
            fcntl.fcntl(read, _F_SETPIPE_SZ, 1 << 20)
        ends[name] = (read, write)
    wanted = {name: _at_descriptor(ends[name][1]) for name in channels}
    given = _holding(_renumbered([stdin.decode("latin-1")], wanted)[0].encode("latin-1"))
    writers = [given, ends["out"][1], ends["err"][1], *wanted.values()]
    try:
        with _starting:
            _become_subreaper()
            process = subprocess.Popen(
                _renumbered(argv, wanted),
                env=dict(env), cwd=cwd, stdin=given, stdout=ends["out"][1], stderr=ends["err"][1],
                pass_fds=tuple(wanted.values()), start_new_session=True,
            )  # fmt: skip
            _started.add(process.pid)
    finally:
        for descriptor in writers:
            _close(descriptor)
    return process, {name: read for name, (read, _write) in ends.items()}


def _at_descriptor(write: int) -> int:
    """Move a pipe end to a number that start-up files leave alone, and return that."""
    moved = fcntl.fcntl(write, fcntl.F_DUPFD_CLOEXEC, _LOWEST_CHANNEL)
    os.close(write)
    return moved


def _holding(data: bytes) -> int:
    """Return the reading end of a pipe that holds `data` and then ends."""
    read, write = os.pipe()
    os.write(write, data[:_PIPE_ROOM])
    os.close(write)
    return read


def _renumbered(texts: Sequence[str], wanted: Mapping[str, int]) -> list[str]:
    """Write the real descriptor numbers into `texts`, where they say @NAME@ for a channel."""
    words = list(texts)
    for name, descriptor in wanted.items():
        words = [word.replace(f"@{name}@", str(descriptor)) for word in words]
    return words


def _collect(
    process: Holder,
    readers: Mapping[str, int],
    limits: Mapping[str, int],
    deadline: float,
    cancelled: threading.Event | None,
    stack: contextlib.ExitStack,
) -> tuple[dict[str, bytearray], str]:
    """Read until the program itself has ended (not its pipes: a daemon may hold them) or it is too late."""
    kept = {name: bytearray() for name in readers}
    selector = stack.enter_context(selectors.DefaultSelector())
    for name, descriptor in readers.items():
        selector.register(descriptor, selectors.EVENT_READ, name)
    pidfd = os.pidfd_open(process.pid)
    stack.callback(os.close, pidfd)
    selector.register(pidfd, selectors.EVENT_READ, "")
    open_pipes = len(readers)
    ended = False
    while open_pipes or not ended:
        now = time.monotonic()
        if now >= deadline:
            return kept, "ended" if ended else "late"
        if cancelled is not None and cancelled.is_set():
            return kept, "cancelled"
        for key, _mask in selector.select(min(deadline - now, 0.1)):
            if key.data == "":
                selector.unregister(pidfd)
                ended = True
                deadline = min(deadline, time.monotonic() + _GRACE)
                continue
            data = _read(key.fd)
            if data == b"":
                selector.unregister(key.fd)
                open_pipes -= 1
            elif data:
                room = limits[key.data] - len(kept[key.data])
                kept[key.data] += data[: max(room, 0)]
    return kept, "ended"


def _read(descriptor: int) -> bytes | None:
    try:
        return os.read(descriptor, 1 << 18)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _wait(process: Holder) -> int | None:
    try:
        return process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        return None


def hold(argv: Sequence[str], env: Mapping[str, str], ready: bytes, timeout: float = 10.0) -> Holder | None:
    """Start a program that stays until `let_go`, or until we die; None unless it says `ready` in time."""
    with _starting:
        _become_subreaper()
        try:
            process = subprocess.Popen(
                argv, env=dict(env), cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        except OSError:
            return None
        _started.add(process.pid)
    said = _first_bytes(process, timeout)
    if said.startswith(ready):
        return process
    let_go(process)
    return None


def _first_bytes(process: Holder, timeout: float) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it was started with a pipe
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        return os.read(process.stdout.fileno(), 64) if selector.select(timeout) else b""


def let_go(process: Holder) -> None:
    """End a held program and all that lives by it."""
    kill_session(process.pid)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    _wait(process)
    with _starting:
        _started.discard(process.pid)


def kill_session(leader: int) -> None:
    """Kill every process of the process session that `leader` led or leads, and all they started."""
    victims = _members(leader)
    for number in (signal.SIGKILL, signal.SIGCONT):  # a stopped process dies only once it goes on
        for pid in victims:
            with contextlib.suppress(OSError):
                os.kill(pid, number)


def _members(leader: int) -> set[int]:
    """Return the processes of a process session and their descendants, other sessions' included."""
    parents: dict[int, int] = {}
    members: set[int] = {leader}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                fields = file.read().rsplit(b")", 1)[1].split()
        except (OSError, IndexError):
            continue
        parents[int(name)] = int(fields[1])
        if int(fields[3]) == leader:
            members.add(int(name))
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in members and pid not in members}
        members |= more
        grown = bool(more)
    members.discard(os.getpid())
    return members


def _become_subreaper() -> None:
    """Make orphans of what we start our own children, so that no daemon outlives an examination."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap_strays() -> None:
    """Kill what daemonised out of a program that has ended: ours by adoption, in a process session not ours."""
    me, mine = os.getpid(), os.getsid(0)
    with _starting:
        for pid in _children(me):
            try:
                stray = pid not in _started and os.getsid(pid) not in (mine, *_started)
            except OSError:
                continue
            if stray:
                for victim in _members(pid):
                    with contextlib.suppress(OSError):
                        os.kill(victim, signal.SIGKILL)
                with contextlib.suppress(OSError):
                    os.waitpid(pid, 0)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with (
            contextlib.suppress(OSError),
            open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file,
        ):
            found += [int(word) for word in file.read().split()]
    return found


def _close(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        os.close(descriptor)
