"""What the tests of repair share: generators driven to their end, and a whole home as a value to compare."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gomedic.host import Host
from gomedic.model import Fix, Receipt, Step
from gomedic.repair import apply, undo
from gomedic.texts import Message

Snapshot = Callable[[Path], dict[str, Any]]
FIX = Fix("prepend", Message("Put it first"))


def last(values: Iterator[Any]) -> Any:
    return list(values)[-1]


class Doctor:
    """A host under repair, with the plainest calls."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def apply(self, *steps: Step) -> Receipt:
        return last(apply(self.host, "shadowed@x", FIX, steps))

    def undo(self, receipt: Receipt) -> Receipt:
        return last(undo(self.host, receipt))


@pytest.fixture
def doctor(host: Callable[..., Host]) -> Doctor:
    return Doctor(host())


@pytest.fixture
def snapshot() -> Snapshot:
    """Return a function that tells all that may matter of a tree, but for the doctor's own state folder."""
    return _snapshot


def _snapshot(folder: Path) -> dict[str, Any]:
    found = {}
    for path in sorted(folder.rglob("*")):
        name = os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")
        if not (name + "/").startswith((".local/state/gomedic/", ".local/")):
            found[name] = _one(path)
    return found


def _one(path: Path) -> tuple[Any, ...]:
    status = path.lstat()
    kind = stat.S_IFMT(status.st_mode)
    times = () if kind == stat.S_IFDIR else (status.st_mtime_ns, status.st_nlink)
    common = (status.st_mode, status.st_uid, status.st_gid, *times)
    if kind == stat.S_IFLNK:
        return (*common, os.readlink(path))
    content = path.read_bytes() if kind == stat.S_IFREG and os.access(path, os.R_OK) else None
    attributes = {name: os.getxattr(path, name) for name in os.listxattr(path)}
    return (*common, content, attributes)
