"""Steps at work: what each expects to find, and how it is carried out, once for all who write."""

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

import msgspec

from gomedic import saving
from gomedic.model import EditFile, MakeFolder, MakeLink, Move, Saved, SetMode, SetOwner, Step
from gomedic.saving import NOTHING, Node, Place

_NO_RENAME_THERE = {errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV, errno.ENOTSUP}
_FULL = {errno.ENOSPC, errno.EDQUOT}


class StaleStepError(Exception):
    """Something is not as a step expects it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Way(NamedTuple):
    """How a path is reached: the account's way follows its links, root's trusts none."""

    resolve: Callable[[str, bool], str]  # path, whether a link at its end is followed
    enter: Callable[[str], AbstractContextManager[Place]]  # of a resolved path
    allow: Callable[[Step, int], None]  # raises where what was opened must not get another mode or owner


def _resolve(path: str, follow: bool) -> str:
    if follow:
        return os.path.realpath(path)
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


@contextlib.contextmanager
def _enter(path: str) -> Iterator[Place]:
    folder = os.open(os.path.dirname(path), os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield Place(folder, os.path.basename(path) or ".", path)
    finally:
        os.close(folder)


def _allow(step: Step, descriptor: int) -> None:
    """Let everything be done that the kernel lets the account do."""


ACCOUNT = Way(_resolve, _enter, _allow)


def paths_of(step: Step) -> tuple[tuple[str, bool], ...]:
    """Return the paths a step touches, and for each whether a link at its end is followed."""
    match step:
        case EditFile() | SetMode():
            return ((step.path, True),)
        case Move():
            return ((step.source, False), (step.target, False))
    return ((step.path, False),)


# ------------------------------------------------------------------ what is, and what would be


class View:
    """The machine as it is, or as it would be after some steps."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.would_be: dict[str, tuple[Node, str]] = {}  # and where its content lies now

    def find(self, path: str, follow: bool, *, content: bool = False) -> Node:
        """Return what is at `path`."""
        resolved = self.way.resolve(path, follow)
        if resolved not in self.would_be:
            return self._look(resolved, content)
        node, origin = self.would_be[resolved]
        if content and node.kind == "file" and node.content is None:
            return msgspec.structs.replace(node, content=self._look(origin, True).content)
        return node

    def _look(self, resolved: str, content: bool) -> Node:
        try:
            with self.way.enter(resolved) as place:
                return saving.look(place, content=content)
        except (FileNotFoundError, NotADirectoryError):
            return NOTHING

    def suppose(self, step: Step) -> None:
        """Go on as if `step` had been carried out."""
        resolved = [self.way.resolve(path, follow) for path, follow in paths_of(step)]
        found = self.find(*paths_of(step)[0])
        origin = self.would_be.get(resolved[0], (found, resolved[0]))[1]
        for path, node in zip(resolved, _nodes_after(step, found), strict=True):
            self.would_be[path] = (node, origin)


def _nodes_after(step: Step, found: Node) -> tuple[Node, ...]:
    match step:
        case EditFile():
            mode = step.mode if found.kind == "none" else found.mode
            return (
                NOTHING
                if step.after is None
                else Node("file", mode, found.uid, found.gid, content=step.after),
            )
        case SetMode():
            return (Node(found.kind, step.after, found.uid, found.gid, content=found.content),)
        case SetOwner():
            return (Node(found.kind, found.mode, *step.after, content=found.content, target=found.target),)
        case Move():
            return (NOTHING, found)
        case MakeLink():
            return (NOTHING if step.after is None else Node("link", target=step.after),)
        case MakeFolder():
            return (Node("folder", step.mode) if step.exists else NOTHING,)


def unfit(step: Step, view: View) -> str | None:
    """Return the path that is not as `step` expects it, None if the step can be carried out."""
    if not matches(step, view):
        return step.source if isinstance(step, Move) else step.path
    target = step.target if isinstance(step, Move) else step.path
    if isinstance(step, Move) and view.find(target, False).kind != "none":
        return target
    parent = os.path.dirname(view.way.resolve(target, isinstance(step, EditFile)))
    return None if view.find(parent, True).kind == "folder" else parent


def matches(step: Step, view: View) -> bool:
    """Whether what `step` would change is as it expects."""
    match step:
        case EditFile():
            node = view.find(step.path, True, content=True)
            return node.kind == "none" if step.before is None else node.content == step.before
        case SetMode():
            node = view.find(step.path, True)
            return node.kind in ("file", "folder") and node.mode == step.before
        case SetOwner():
            node = view.find(step.path, False)
            return node.kind != "none" and (node.uid, node.gid) == step.before
        case Move():
            return view.find(step.source, False).kind != "none"
        case MakeLink():
            node = view.find(step.path, False)
            return node.kind == "none" if step.before is None else node.target == step.before
        case MakeFolder():
            return view.find(step.path, False).kind == ("none" if step.exists else "folder")


# ------------------------------------------------------------------ what is done


def perform(step: Step, way: Way, scratch: str, *, taking_back: bool = False) -> None:
    """Carry out one step; `scratch` names a file of ours beside the target.

    Taking back, a folder that is no longer empty stays, and a full disk is no reason to stop.
    Raises StaleStepError if something is not as expected, OSError if it cannot be done.
    """
    view = View(way)
    if (path := unfit(step, view)) is not None:
        raise StaleStepError(path)
    resolved = [way.resolve(path, follow) for path, follow in paths_of(step)]
    with contextlib.ExitStack() as stack:
        places = [stack.enter_context(way.enter(path)) for path in resolved]
        if isinstance(step, SetMode | SetOwner):
            _set(step, places[0], way)
            return
        _carry_out(step, places, scratch, taking_back)
        for place in places:
            saving.sync_folder(place)


def _set(step: SetMode | SetOwner, place: Place, way: Way) -> None:
    """Look and change through one descriptor: whatever takes the name meanwhile is not touched."""
    with saving.handle(place) as descriptor:
        status = os.fstat(descriptor)
        found = stat.S_IMODE(status.st_mode) if isinstance(step, SetMode) else (status.st_uid, status.st_gid)
        if found != step.before:
            raise StaleStepError(place.path)
        way.allow(step, descriptor)
        if isinstance(step, SetMode):
            os.chmod(saving.through(descriptor), step.after)
        else:
            saving.change_owner(descriptor, *step.after)


def _carry_out(step: Step, places: list[Place], scratch: str, taking_back: bool) -> None:
    match step:
        case EditFile():
            _edit(step, places[0], scratch, taking_back)
        case Move():
            saving.rename_new(places[0], places[0].name, places[1])
        case MakeLink():
            _link(step, places[0], scratch)
        case MakeFolder():
            _folder(step, places[0], taking_back)


def _edit(step: EditFile, place: Place, scratch: str, taking_back: bool) -> None:
    if step.after is None:
        os.unlink(place.name, dir_fd=place.folder)
    elif step.before is None:
        _create(step.after, place, scratch, 0o600 if taking_back else step.mode)
    else:
        _replace(step.before, step.after, place, scratch, taking_back)


def _create(content: bytes, place: Place, scratch: str, mode: int) -> None:
    try:
        saving.write_new(place, scratch, content, mode=mode)
        saving.rename_new(place, scratch, place)
    except FileExistsError as error:
        raise StaleStepError(place.path) from error
    finally:
        saving.remove_scratch(place, scratch)


def _replace(before: bytes, after: bytes, place: Place, scratch: str, taking_back: bool) -> None:
    """Replace in one rename where all that belongs to the file can be kept so, else write into it."""
    node = saving.look(place)
    if node.content != before:
        raise StaleStepError(place.path)
    if node.links > 1:
        return saving.overwrite(place, after)
    try:
        saving.write_new(place, scratch, after, like=node)
        if saving.look(place) != node:
            raise StaleStepError(place.path)
        os.rename(scratch, place.name, src_dir_fd=place.folder, dst_dir_fd=place.folder)
    except OSError as error:
        saving.remove_scratch(place, scratch)
        if error.errno not in _NO_RENAME_THERE | (_FULL if taking_back else set()):
            raise
        saving.overwrite(place, after)
    finally:
        with contextlib.suppress(OSError):
            saving.remove_scratch(place, scratch)
    return None


def _link(step: MakeLink, place: Place, scratch: str) -> None:
    if step.after is None:
        os.unlink(place.name, dir_fd=place.folder)
        return
    saving.remove_scratch(place, scratch)
    os.symlink(step.after, scratch, dir_fd=place.folder)
    try:
        if step.before is None:
            saving.rename_new(place, scratch, place)
        else:
            os.rename(scratch, place.name, src_dir_fd=place.folder, dst_dir_fd=place.folder)
    finally:
        saving.remove_scratch(place, scratch)


def _folder(step: MakeFolder, place: Place, taking_back: bool) -> None:
    if step.exists:
        os.mkdir(place.name, 0o700, dir_fd=place.folder)
        with saving.handle(place) as descriptor:
            os.chmod(saving.through(descriptor), step.mode)
        return
    try:
        os.rmdir(place.name, dir_fd=place.folder)
    except OSError as error:
        if not (taking_back and error.errno in (errno.ENOTEMPTY, errno.EEXIST)):
            raise


# ------------------------------------------------------------------ what is taken back


def take_back(step: Step, first: Step, way: Way, scratch: str) -> None:
    """Undo `step` if it was carried out, wholly or in part; `first` is the first step on the same path.

    Raises StaleStepError if what is there is neither what the step left nor what it found.
    """
    _clear(step, way, scratch)
    view, inverse = View(way), step.inverse()
    if unfit(inverse, view) is None:
        perform(inverse, way, scratch, taking_back=True)
    elif isinstance(step, EditFile) and _torn(step, view):
        with way.enter(way.resolve(step.path, True)) as place:
            saving.overwrite(place, step.before or b"")
    elif not (matches(step, view) or matches(first, view)):
        raise StaleStepError(step.source if isinstance(step, Move) else step.path)


def has_begun(step: Step, way: Way) -> bool:
    """Whether what is there shows that `step` was carried out, wholly or in part. Raises OSError."""
    view = View(way)
    return unfit(step.inverse(), view) is None or (isinstance(step, EditFile) and _torn(step, view))


def _clear(step: Step, way: Way, scratch: str) -> None:
    if isinstance(step, EditFile | MakeLink):
        path, follow = paths_of(step)[0]
        with contextlib.suppress(OSError), way.enter(way.resolve(path, follow)) as place:
            saving.remove_scratch(place, scratch)


def _torn(step: EditFile, view: View) -> bool:
    found = view.find(step.path, True, content=True).content
    if found is None or step.before is None or step.after is None or found == step.before:
        return False
    return saving.is_torn(found, step.before, step.after)


def touched(step: Step) -> frozenset[str]:
    """Return what a step changes of a path beside its content, for `saving.settle`."""
    match step:
        case EditFile():
            return frozenset({"time" if None not in (step.before, step.after) else "all"})
        case SetMode():
            return frozenset({"mode"})
        case SetOwner():
            return frozenset({"owner"})
        case Move():
            return frozenset()
    return frozenset({"all"})


def settle(steps: tuple[Step, ...], saved: tuple[Saved, ...], way: Way) -> None:
    """Give back modes, owners, attributes and times of what `steps` touched, innermost path first."""
    changed: dict[str, frozenset[str]] = {}
    for step in steps:
        for path, follow in paths_of(step):
            resolved = way.resolve(path, follow)
            changed[resolved] = changed.get(resolved, frozenset()) | touched(step)
    for record in sorted(saved, key=_depth, reverse=True):
        if record.kind != "none" and changed.get(record.path):
            with contextlib.suppress(FileNotFoundError), way.enter(record.path) as place:
                saving.settle(place, record, changed[record.path])


def _depth(record: Saved) -> int:
    return record.path.count("/")


def first_on_path(steps: tuple[Step, ...]) -> Mapping[str, Step]:
    """Return for each path the first step that touches it."""
    first: dict[str, Step] = {}
    for step in steps:
        first.setdefault(paths_of(step)[0][0], step)
    return first


def save(steps: Sequence[Step], way: Way) -> tuple[tuple[Saved, ...], dict[str, bytes]]:
    """Return what a receipt keeps of all that `steps` touch, and the contents by the name of their file.

    Files in root's reach only are left out: root's helper saves those itself. Raises OSError.
    """
    saved: dict[str, Saved] = {}
    contents: dict[str, bytes] = {}
    view = View(way)
    for step in steps:
        for path, follow in paths_of(step):
            resolved = way.resolve(path, follow)
            with contextlib.suppress(PermissionError):
                if resolved not in saved:
                    node = view.find(path, follow, content=isinstance(step, EditFile))
                    name = None if node.content is None else f"{len(saved)}.saved"
                    contents |= {} if name is None or node.content is None else {name: node.content}
                    saved[resolved] = saving.saved_as(resolved, node, name)
    return tuple(saved.values()), contents
