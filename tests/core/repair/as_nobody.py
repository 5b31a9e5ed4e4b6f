"""Repairs as the account nobody: started by test_privilege.py as root, in mounts of its own; prints what it saw."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from gomedic import journal, repair
from gomedic.host import Host
from gomedic.model import Account, EditFile, Fix, Receipt, SetMode, Step
from gomedic.texts import Message

NOBODY = 65534
ROOTS = "/etc/profile.d/gomedic-test.sh"  # mode 0600
OLD, NEW = b"export PATH=$PATH:/usr/local/go/bin\n", b"export PATH=/usr/local/go/bin:$PATH\n"
HOME = Path(sys.argv[1])
HOST = Host({"PATH": "/nowhere"}, "/", Account("nobody", NOBODY, NOBODY, str(HOME), "/bin/sh"))
FIX = Fix("f", Message("F"))
MINE = EditFile(path=str(HOME / ".bashrc"), before=b"old\n", after=b"new\n")
EDIT = EditFile(path=ROOTS, before=OLD, after=NEW, privileged=True)
OPEN = SetMode(path=ROOTS, before=0o600, after=0o644, privileged=True)
LATER = EditFile(path=str(HOME / ".profile"), before=None, after=b"new\n")


def start(*steps: Step) -> Iterator[Any]:
    return repair.apply(HOST, "x@y", FIX, steps)


def seen() -> list[Any]:
    status = os.stat(ROOTS)
    files = {path.name: path.read_text() for path in HOME.iterdir() if path.is_file()}
    return [files, status.st_mode & 0o777, status.st_size, status.st_mtime_ns]


def listed() -> dict[str, Any]:
    *_, receipt = start(MINE, EDIT, OPEN, LATER)
    fixed = seen()
    *_, undone = repair.undo(HOST, receipt)
    return {"fixed": fixed, "state": undone.state}


def asked() -> dict[str, Any]:
    """As from a window: root may be asked for, and a display says so."""
    host = Host({"PATH": "/nowhere", "DISPLAY": ":0"}, "/", HOST.account)
    *_, receipt = repair.apply(host, "x@y", FIX, (MINE, EDIT, OPEN, LATER), may_ask=True)
    fixed = seen()
    *_, undone = repair.undo(host, receipt, may_ask=True)
    return {"fixed": fixed, "state": undone.state}


def closed() -> dict[str, Any]:
    values = start(MINE, EDIT, LATER)
    for _ in range(3):
        next(values)
    fixed = seen()
    values.close()
    return {"fixed": fixed}


def fails_after_root() -> dict[str, Any]:
    values = start(MINE, EDIT, LATER)
    for _ in range(3):
        next(values)
    (HOME / ".profile").write_text("meanwhile")
    try:
        list(values)
    finally:
        (HOME / ".profile").unlink()
    return {}


def killed() -> dict[str, Any]:
    if (child := os.fork()) == 0:
        values = start(MINE, EDIT, LATER)
        for _ in range(3):
            next(values)
        os._exit(0)  # as a crash does: nothing is cleaned up
    os.waitpid(child, 0)
    fixed = seen()
    (receipt,) = [value for value in repair.roll_back_interrupted(HOST) if isinstance(value, Receipt)]
    return {"fixed": fixed, "interrupted": journal.interrupted(HOST.state_folder) == (), "id": receipt.id}


def not_listed() -> dict[str, Any]:
    shells = Path("/etc/shells").read_bytes()
    return {
        "never": list(start(MINE, EditFile(path="/etc/shells", before=shells, after=b"", privileged=True)))
    }


def stale() -> dict[str, Any]:
    return {"never": list(start(MINE, EditFile(path=ROOTS, before=b"other\n", after=NEW, privileged=True)))}


def unreachable() -> dict[str, Any]:
    return {"never": list(start(MINE, EDIT, OPEN))}


def cured() -> dict[str, Any]:
    """Take the steps given; tell what the command given says before, with the fix, and after undo."""
    steps = msgspec.json.decode(sys.argv[3], type=tuple[Step, ...])
    before = said()
    *_, receipt = start(*steps)
    fixed = said()
    *_, undone = repair.undo(HOST, receipt)
    return {"before": before, "fixed": fixed, "after": said(), "state": undone.state}


def said() -> str:
    ended = subprocess.run(
        ["/bin/sh", "-c", sys.argv[4]], capture_output=True, text=True, check=False, cwd="/"
    )
    return ended.stdout


SCENES: dict[str, Callable[[], dict[str, Any]]] = {
    scene.__name__: scene
    for scene in (listed, asked, closed, fails_after_root, killed, not_listed, stale, unreachable, cured)
}


def main() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    before = [] if sys.argv[2] == "cured" else seen()
    try:
        result = SCENES[sys.argv[2]]()
    except repair.RepairError as error:
        commands = error.commands if isinstance(error, repair.NeedsRootError) else ()
        result = {"error": type(error).__name__, "message": str(error), "commands": commands}
    print(json.dumps({**result, "as it was": seen() == before} if before else result))


if __name__ == "__main__":
    main()
