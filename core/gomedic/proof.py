"""What a fix would change, seen beforehand: the same sessions and checks in a copy-on-write view with the change in place."""

import os
import shlex
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct

from gomedic.closed_list import ASIDE
from gomedic.host import Host
from gomedic.model import EditFile, Examination, MakeFolder, MakeLink, Move, SetMode, Step
from gomedic.texts import Message


class CannotShowError(Exception):
    """A step that the view cannot show: somebody else's file that the account may not even read, or a download."""


class NoViewError(CannotShowError):
    """The machine lets no view of it be made: user namespaces are refused, as in many containers."""


class Change(Struct, frozen=True):
    """Which Go one kind of session has, and would have."""

    kind: str
    before: str | None  # "go1.19.8"; None: no go
    after: str | None


class Proof(Struct, frozen=True):
    """What the machine would be like with a fix in place."""

    sessions: tuple[Change, ...]
    gone: tuple[str, ...]  # ids of findings that would go
    come: tuple[str, ...]  # ids of findings at error or warning that would come
    helps: bool  # the finding would go, and no session that was well would fail
    why: Message | None = None  # it would not help


@contextmanager
def view_with(host: Host, steps: Sequence[Step]) -> Iterator[list[str]]:
    """Give the shell commands by which a chamber comes to show the machine with `steps` done.

    Within the home, which the chamber covers, the steps are simply done; elsewhere a changed file is mounted
    over the real one, a new one merged into its folder. Raises CannotShowError.
    """
    folder = tempfile.mkdtemp(prefix="gomedic-view-")
    try:
        yield [line for number, step in enumerate(steps) for line in _shown(host, step, f"{folder}/{number}")]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _shown(host: Host, step: Step, scratch: str) -> list[str]:
    own = _within(host, step)
    match step:
        case MakeFolder(path=path) | Move(target=path) if _is_aside(path):
            return []  # in a Go tree, which no start-up file reads
        case EditFile(path=path, after=None) if own:
            return [f"rm -f {shlex.quote(path)}"]
        case EditFile(path=path, before=None, after=after) if after is not None:
            _write(f"{scratch}.new", after, step.mode)
            return [_copy(f"{scratch}.new", path)] if own else [_merged(path, scratch, after, step.mode)]
        case EditFile(path=path, after=after) if after is not None:
            return [_over(os.path.realpath(path), f"{scratch}.new", after)]
        case MakeFolder(path=path, exists=True) if own:
            return [f"mkdir -p {shlex.quote(path)}"]
        case MakeLink(path=path, after=target) if own and target is not None:
            return [f"ln -sfn {shlex.quote(target)} {shlex.quote(path)}"]
        case Move(source=source, target=target) if own:
            return [f"mv {shlex.quote(source)} {shlex.quote(target)}"]
        case SetMode(path=path, after=mode) if own:
            return [f"chmod {mode:o} {shlex.quote(path)}"]
    raise CannotShowError


def _is_aside(path: str) -> bool:
    """Tell whether a path lies where what is moved out of a Go tree goes."""
    return any(part.startswith(ASIDE) for part in path.split("/"))


def _within(host: Host, step: Step) -> bool:
    """Tell whether all that a step touches lies in the account's home and is its own to change."""
    home = os.path.realpath(host.home).rstrip("/") + "/"
    paths = [getattr(step, name) for name in ("path", "source", "target") if hasattr(step, name)]
    folders = (os.path.realpath(os.path.dirname(path)) + "/" for path in paths)
    return not step.privileged and all(folder.startswith(home) for folder in folders)


def _write(path: str, content: bytes, mode: int) -> None:
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)


def _copy(source: str, path: str) -> str:
    return f"cp {shlex.quote(source)} {shlex.quote(path)}"


def _over(path: str, new: str, content: bytes) -> str:
    """Return the command that mounts the new content over a file, with the mode it has."""
    _write(new, content, stat.S_IMODE(os.stat(path).st_mode))
    return f"mount --bind {shlex.quote(new)} {shlex.quote(path)}"


def _merged(path: str, scratch: str, content: bytes, mode: int) -> str:
    """Return the command that lays a folder with the new file in it over the folder where it would be."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder) or set(folder) & set(",:\\"):
        raise CannotShowError
    os.mkdir(scratch, 0o755)
    _write(os.path.join(scratch, os.path.basename(path)), content, mode)
    options = shlex.quote(f"lowerdir={scratch}:{folder}")
    return f"mount -t overlay overlay -o {options} {shlex.quote(folder)}"


def contents_after(steps: Sequence[Step]) -> dict[str, bytes | None]:
    """Return what the files that the steps edit would hold; None for one that would not be where it is."""
    edits = {step.path: step.after for step in steps if isinstance(step, EditFile)}
    return edits | {step.source: None for step in steps if isinstance(step, Move) and _is_aside(step.target)}


def folders_after(steps: Sequence[Step]) -> frozenset[str]:
    """Return the folders that the steps make."""
    return frozenset(step.path for step in steps if isinstance(step, MakeFolder) and step.exists)


def compared(
    before: Examination,
    after: Examination,
    gone_and_come: tuple[tuple[str, ...], tuple[str, ...]],
    why: Message | None,
) -> Proof:
    """Return the proof that two examinations make; `why` it would not help, if it would not."""
    later = {session.kind: session for session in after.sessions}
    changes = tuple(
        Change(s.kind, s.go.version if s.go else None, go.version if (go := later[s.kind].go) else None)
        for s in before.sessions
        if s.kind in later and not s.is_process
    )
    return Proof(changes, *gone_and_come, helps=why is None, why=why)
