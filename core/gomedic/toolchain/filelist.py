"""What a release consists of, file by file: kept from our own installation or read from its archive, and compared."""

import hashlib
import os
import stat
import threading
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct

from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic.toolchain.background import beside
from gomedic.toolchain.staging import LIST as SUFFIX
from gomedic.toolchain.unpack import Plan

__all__ = ["SUFFIX", "Differences", "Entry", "FileList", "compared", "decoded", "encoded", "kept", "listed"]

_FIRST = "gomedic-files 1 {version}"
_LARGEST = 64 << 20  # bytes
_WORKERS = 4
_COMPARING = N_("Comparing the files in {root} with the release")
# What the module golang.org/toolchain leaves out of the archive (cmd/distpack, and measured).
_TRIMMED = ("api/", "doc/", "misc/", "test/", ".github/", "lib/time/update.bash")
_TRIMMED_FILES = {
    "CONTRIBUTING.md", "LICENSE", "PATENTS", "README.md", "SECURITY.md", "codereview.cfg", "go.mod", ".gitattributes",
    ".gitignore",
}  # fmt: skip


class Entry(Struct, frozen=True):
    """One file or link of a release."""

    executable: bool
    size: int
    sha256: str  # hex; "" of a link
    target: str = ""  # of a link


FileList = Mapping[str, Entry]


class Differences(Struct, frozen=True):
    """How a tree differs from its release; names relative to GOROOT, sorted."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    not_executable: tuple[str, ...]
    extra_sources: tuple[str, ...]  # files in src, which builds would take in
    extra: tuple[str, ...]  # files elsewhere
    compared: int

    @property
    def trimmed(self) -> bool:
        """Whether what is missing is just what the toolchain as a Go module leaves out."""
        return bool(self.missing) and all(map(_is_left_out, self.missing))


def _is_left_out(name: str) -> bool:
    return name.startswith(_TRIMMED) or name.rpartition("/")[2] in _TRIMMED_FILES or "/testdata/" in name


def listed(plan: Plan, sums: Mapping[str, bytes]) -> FileList:
    """Return the list of a judged archive, whose contents have these SHA-256."""
    found: dict[str, Entry] = {}
    for member in plan.members:
        if member.kind == "file":
            found[member.name] = Entry(member.executable, member.size, sums[member.name].hex())
        elif member.kind == "link":
            found[member.name] = Entry(False, 0, "", member.target)
        elif member.kind == "same":
            found[member.name] = found[member.target]
    return found


# ------------------------------------------------------------------ on disk


def encoded(version: str, files: FileList) -> bytes:
    """Return a list as it is kept: a line a file, compressed."""
    lines = [_FIRST.format(version=version)]
    for name, entry in sorted(files.items()):
        mark = "x" if entry.executable else "-"
        lines.append(f"{mark} {entry.size} {entry.sha256 or '->' + entry.target} {name}")
    return zlib.compress("\n".join(lines).encode(), 1)


def decoded(data: bytes, version: str) -> FileList | None:
    """Return a list that was kept, None where it is damaged or of another version."""
    try:
        first, *lines = zlib.decompressobj().decompress(data, _LARGEST).decode().split("\n")
        if first != _FIRST.format(version=version):
            return None
        return dict(map(_entry, lines))
    except (zlib.error, ValueError):
        return None


def _entry(line: str) -> tuple[str, Entry]:
    mark, size, total, name = line.split(" ", 3)
    link = total.startswith("->")
    return name, Entry(mark == "x", int(size), "" if link else total, total[2:] if link else "")


def kept(path: str, version: str) -> FileList | None:
    """Return the list in a file, None where there is none."""
    try:
        with open(path, "rb") as file:
            return decoded(file.read(_LARGEST), version)
    except OSError:
        return None


# ------------------------------------------------------------------ comparing


def compared(root: str, files: FileList) -> Generator[Progress, None, Differences]:
    """Compare a tree with its release, every byte; several files at once. A file that cannot be read has changed."""
    names = sorted(files)
    shares = [names[start::_WORKERS] for start in range(_WORKERS)]

    def work(stop: threading.Event) -> list[dict[str, str]]:
        with ThreadPoolExecutor(_WORKERS, "compare") as pool:
            return list(pool.map(lambda share: _judged(root, files, share, stop.is_set), shares))

    judged = yield from beside(Message(_COMPARING, {"root": root}), work)
    states = {name: state for share in judged for name, state in share.items()}
    extra = sorted(name for name in _all_in(root) if name not in files)
    return Differences(
        _with(states, "missing"),
        _with(states, "changed"),
        _with(states, "mode"),
        tuple(name for name in extra if name.startswith("src/")),
        tuple(name for name in extra if not name.startswith("src/")),
        len(names),
    )


def _with(states: Mapping[str, str], state: str) -> tuple[str, ...]:
    return tuple(sorted(name for name, found in states.items() if found == state))


def _judged(root: str, files: FileList, names: Sequence[str], stopped: Callable[[], bool]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        if stopped():
            break
        state = _state(os.path.join(root, name), files[name])
        if state:
            found[name] = state
    return found


def _state(path: str, entry: Entry) -> str:
    """Return "missing", "changed", "mode", or "" where all is as in the release."""
    try:
        status = os.lstat(path)
        if entry.target or not stat.S_ISREG(status.st_mode):
            same = stat.S_ISLNK(status.st_mode) and os.readlink(path) == entry.target
            return "" if same else "changed"
        if status.st_size != entry.size:
            return "changed"
        with open(path, "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
                return "changed"
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "changed"
    return "mode" if entry.executable and not status.st_mode & 0o100 else ""


def _all_in(root: str) -> Iterator[str]:
    """Yield every file and link in a tree; links are not followed."""
    for folder, folders, names in os.walk(root):
        below = os.path.relpath(folder, root)
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in (*names, *links):
            yield name if below == "." else f"{below}/{name}"
