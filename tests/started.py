"""Real shells, started on start-up files of a test's own."""

import os
import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gomedic import processes
from gomedic.sessions.script import Script, environment_of
from gomedic.sessions.trace import Change, Trace

NOBODY = 65534
CAPS = {"trace": 64 << 20, "env": 1 << 20}


@contextmanager
def open_home(files: Mapping[str, str]) -> Iterator[Path]:
    """Give a home that another account can look into too."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        write_home(home, files)
        yield home


def write_home(home: Path, files: Mapping[str, str]) -> None:
    """Write start-up files; @HOME@ in them stands for the home."""
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.replace("@HOME@", str(home)))


def base_of(home: Path, **more: str) -> dict[str, str]:
    return {
        "HOME": str(home),
        "USER": "gus",
        "LOGNAME": "gus",
        "TERM": "dumb",
        "PATH": "/img/bin:/usr/bin:/bin",
        **more,
    }


def start(script: Script, base: Mapping[str, str], timeout: float = 20.0) -> processes.Ended:
    env = {name: value for name, value in base.items() if name not in script.remove} | dict(script.env)
    channels = ("env", "trace")
    return processes.run(
        script.argv, env, cwd=base["HOME"], timeout=timeout, stdin=script.stdin, channels=channels, caps=CAPS
    )


def environment(ended: processes.Ended) -> dict[str, str]:
    found = environment_of(ended.channels["env"])
    assert found is not None, ended
    return found[0]


def text(path: str) -> str | None:
    try:
        return Path(path).read_text(errors="surrogateescape")
    except OSError:
        return None


def place(change: Change, home: Path) -> str:
    """Return "FILE:LINE" of a change, the home as ~."""
    if not change.frames:
        return "?"
    return f"{change.frames[0].file}:{change.frames[0].line}".replace(str(home), "~")


def chain(change: Change, home: Path) -> list[str]:
    return [f"{frame.file}:{frame.line}".replace(str(home), "~") for frame in change.frames]


def last_change(trace: Trace, variable: str) -> Change | None:
    return next((c for c in reversed(trace.changes) if c.variable == variable and c.before != c.after), None)


def is_exported(trace: Trace, variable: str) -> bool:
    """Tell whether a variable is exported at the end, as its changes tell."""
    return next((change.exported for change in reversed(trace.changes) if change.variable == variable), False)


def path_entries(trace: Trace, home: Path) -> dict[str, str]:
    """Return where each entry of PATH was when it first came."""
    found: dict[str, str] = {}
    for change in trace.changes:
        if change.variable == "PATH":
            known = (change.before or "").split(":")
            for entry in (change.after or "").split(":"):
                if entry not in known:
                    found.setdefault(entry, place(change, home))
    return found


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return what is in a folder, so that two looks can be compared."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def as_nobody(act: Callable[[], Any]) -> Any:
    """Return what `act` returns, done by a process that is an ordinary user's."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            os.write(write, pickle.dumps((True, act())))
        except Exception as error:  # noqa: BLE001 - the other process has no other way to tell
            os.write(write, pickle.dumps((False, repr(error))))
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        worked, result = pickle.loads(pipe.read())
    os.waitpid(child, 0)
    assert worked, result
    return result
