"""What a power cut may leave: the calls of a run as strace(1) tells them, carried out again only so far.

The model is a file system with a journal (ext4, xfs, btrfs): names and sizes come to the disk in order; a sync of any
file or folder brings all names before it. Contents come when they like, unless their file was synced: what was not
may be lost: a new file is then as long as it was, but of zeros, and an old one has its old content.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

_CALLS = (
    "openat,open,creat,write,pwrite64,fsync,fdatasync,syncfs,rename,renameat,renameat2,mkdir,mkdirat,symlink,symlinkat,"
    "unlink,unlinkat,rmdir,chmod,fchmod,fchmodat,ftruncate,link,linkat"
)
STRACE = ("strace", "-f", "-y", "-s", "1000000", "-e", f"trace={_CALLS}", "-e", "signal=none", "-qq")
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(<.*>)?")
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_OPEN = re.compile(r"(?:AT_FDCWD|\d+)<([^>]*)>")


class Call(NamedTuple):
    """One call that changed a file system, its paths absolute."""

    name: str  # create write sync rename mkdir symlink unlink rmdir chmod truncate link
    path: str
    other: str = ""
    data: bytes = b""
    at: int = -1  # where it was written; -1: at the end
    mode: int = 0


def traced(log: str, below: str) -> list[Call]:
    """Return the calls on files below a folder, in order."""
    pending: dict[str, str] = {}
    opened: dict[str, str] = {}  # what /proc/self/fd/N means
    found: list[Call] = []
    for line in log.splitlines():
        if (cut := _UNFINISHED.match(line)) is not None:
            pending[cut[1]] = cut[2]
            continue
        if (rest := _RESUMED.match(line)) is not None:
            line = f"{rest[1]} {pending.pop(rest[1], '')}{rest[2]}"
        match = _LINE.match(line)
        if match is not None and int(match[3]) >= 0:
            if match[4]:
                opened[f"/proc/self/fd/{match[3]}"] = match[4][1:-1]
            calls = _call(match[1], match[2], int(match[3]))
            found += [call._replace(path=opened.get(call.path, call.path)) for call in calls]
    return [call for call in found if call.name == "sync" or call.path.startswith(below)]


def _call(name: str, arguments: str, result: int) -> Iterator[Call]:
    texts = [_bytes(text) for text in _TEXT.findall(arguments)]
    opened = _OPEN.findall(_TEXT.sub('""', arguments))
    paths = [os.path.normpath(os.path.join(folder, text.decode("utf-8", "surrogateescape")))
             for folder, text in zip(_folders(arguments), texts, strict=False)]  # fmt: skip
    match name:
        case "openat" | "open" | "creat":
            if "O_CREAT" in arguments or name == "creat":
                mode = re.search(r", 0([0-7]+)$", arguments)
                yield Call("create", paths[0], mode=int(mode[1], 8) if mode else 0o600)
            if "O_TRUNC" in arguments:
                yield Call("truncate", paths[0], at=0)
        case "write" | "pwrite64":
            at = int(arguments.rpartition(", ")[2]) if name == "pwrite64" else -1
            yield Call("write", opened[0], data=texts[0][:result], at=at)
        case "fsync" | "fdatasync" | "syncfs":
            yield Call("sync", "" if name == "syncfs" else opened[0])
        case "rename" | "renameat" | "renameat2":
            yield Call("rename", paths[0], paths[1])
        case "link" | "linkat":
            yield Call("link", paths[0], paths[1])
        case "mkdir" | "mkdirat":
            yield Call("mkdir", paths[0], mode=int(arguments.rpartition(", ")[2], 8))
        case "symlink" | "symlinkat":
            yield Call("symlink", paths[-1], texts[0].decode())
        case "unlink" | "unlinkat":
            yield Call("rmdir" if "AT_REMOVEDIR" in arguments else "unlink", paths[0])
        case "rmdir":
            yield Call("rmdir", paths[0])
        case "chmod" | "fchmodat":
            yield Call("chmod", paths[0], mode=int(re.findall(r"\b0([0-7]*)\b", arguments)[-1] or "0", 8))
        case "fchmod":
            yield Call("chmod", opened[0], mode=int(arguments.rpartition(", ")[2], 8))
        case "ftruncate":
            yield Call("truncate", opened[0], at=int(arguments.rpartition(", ")[2]))


def _folders(arguments: str) -> list[str]:
    """Return, for each text of a call, the folder that a relative one counts from."""
    bare = _TEXT.sub("TEXT", arguments)
    found, last = [], "/"
    for part in bare.split(", "):
        if (folder := _OPEN.match(part)) is not None:
            last = folder[1]
        elif part == "TEXT":
            found.append(last)
    return found


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1")


# ------------------------------------------------------------------ what is left


def remains(calls: Sequence[Call]) -> Iterator[tuple[int, bool]]:
    """Yield each state that a cut may leave: so many calls came to the disk, and whether unsynced contents did."""
    for count in range(len(calls) + 1):
        yield count, True
        yield count, False


def replay(calls: Sequence[Call], count: int, *, contents: bool) -> None:
    """Carry the first `count` calls out again; without `contents`, less what was written and not synced."""
    for index, call in enumerate(calls[:count]):
        if call.name == "write" and not contents and not _is_synced(calls[index:count], call.path):
            if call.at < 0:
                _again(call, bytes(len(call.data)))
        else:
            _again(call, call.data)


def _is_synced(later: Sequence[Call], path: str) -> bool:
    for call in later:
        if call.name == "sync" and call.path in ("", path):
            return True
        if call.name == "rename" and path == call.path:
            path = call.other
    return False


def _again(call: Call, data: bytes) -> None:
    match call.name:
        case "create":
            os.close(os.open(call.path, os.O_CREAT | os.O_WRONLY, call.mode))
        case "write":
            with open(call.path, "r+b") as file:
                file.seek(*((call.at, os.SEEK_SET) if call.at >= 0 else (0, os.SEEK_END)))
                file.write(data)
        case "truncate":
            os.truncate(call.path, call.at)
        case "rename":
            os.rename(call.path, call.other)
        case "link":
            os.link(call.path, call.other)
        case "mkdir":
            os.mkdir(call.path, call.mode)
        case "symlink":
            os.symlink(call.other, call.path)
        case "unlink":
            os.unlink(call.path)
        case "rmdir":
            os.rmdir(call.path)
        case "chmod":
            os.chmod(call.path, call.mode)


def trace(words: Sequence[str], log: Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run a program under strace, which writes to `log`."""
    whole = [*STRACE, "-o", str(log), *words]
    return subprocess.run(whole, check=False, capture_output=True, text=True, **options)
