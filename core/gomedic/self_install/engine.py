"""Put gomedic where it belongs, and take it away again: all or nothing, and after a crash the next run finishes."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from gomedic.closed_list import Caller
from gomedic.model import Progress
from gomedic.root_way import RootsWay
from gomedic.self_install import problems
from gomedic.self_install.copying import discard, exchange, program_placed, stage
from gomedic.self_install.items import Item, items, program_files
from gomedic.self_install.owner import Owner
from gomedic.self_install.places import Places
from gomedic.self_install.record import Placed, Record, found, load, save, staged_name, sync, write
from gomedic.self_install.unpacked import place_of
from gomedic.texts import N_, Message

_COPYING = N_("Copying gomedic to {folder}")
_PLACING = N_("Putting {path} in place")
_POLKIT = "/usr/share/polkit-1/actions"


class Installed(Struct, frozen=True):
    """What was installed."""

    copied: bool
    paths: tuple[str, ...]  # files and links, the program's own left out


class Removed(Struct, frozen=True):
    """What was taken away."""

    paths: tuple[str, ...]
    kept: tuple[str, ...]  # changed since they were put there


# ------------------------------------------------------------------ install


def install(places: Places, owner: Owner, version: str, root: int = 0) -> Iterator[Progress | Installed]:
    """Install, or bring an earlier installation up to date; yield progress, last what was installed.

    `root` is root's number in `places.tree`. Raises SelfInstallError or RecordError; the machine is then as it was,
    but where the message says otherwise. Closing the generator takes back a first installation.
    """
    copies = owner.copies and os.path.realpath(owner.folder) != os.path.realpath(places.real(places.program))
    wanted = items(places, owner, with_policy=_has_policy(places, owner))
    _check_places(places, wanted, root, copies=copies)
    with _alone(places) as made:
        old = load(places)
        program = list(program_placed(owner.folder, places.program)) if copies else []
        _refuse_foreign(places, old, wanted, copies=copies)
        plan = _record(places, owner, version, old, made, wanted, program)
        before = old.placed if old else ()
        gone = {thing.path for thing in before} - {thing.path for thing in plan}
        if not copies:  # the program is what runs now
            gone = {path for path in gone if not _below(path, places.program)}
            plan += tuple(thing for thing in before if _below(thing.path, places.program))
        came_from = tuple(dict.fromkeys((*(old.unpacked if old else ()), *place_of(owner.folder))))
        save(places, Record(1, version, "placing", owner.name, (*before, *plan), came_from))
        try:
            yield from _put_all(places, owner, wanted, plan, copies=copies)
            _take(places, [thing for thing in before if thing.path in gone])
        except BaseException as error:
            _give_up(places, old, plan, error)
            raise
        save(places, Record(1, version, "done", owner.name, plan, came_from))
    yield Installed(copies, tuple(item.path for item in wanted))


def _has_policy(places: Places, owner: Owner) -> bool:
    """Polkit may start a helper only where nobody but root can change it: an environment of pip's is not looked through."""
    return places.scope == "system" and owner.copies and os.path.isdir(places.real(_POLKIT))


def _check_places(places: Places, wanted: Sequence[Item], root: int, *, copies: bool) -> None:
    if copies and os.statvfs(_nearest(places.real(places.program))).f_flag & os.ST_NOEXEC:
        raise problems.no_programs(places.real(os.path.dirname(places.program)))
    if places.scope != "system":
        return
    way = RootsWay(Caller(root, root, "/"), places.tree or "/", root)
    for path in (places.record, places.program, *(item.path for item in wanted)):
        if not (way.is_roots(os.path.dirname(path)) and way.is_roots(places.record)):
            raise problems.not_roots(os.path.dirname(path))


def _nearest(path: str) -> str:
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return path


def _refuse_foreign(places: Places, old: Record | None, wanted: Sequence[Item], *, copies: bool) -> None:
    known = {(thing.path, thing.kind, thing.digest) for thing in old.placed} if old else set()
    paths = [item.path for item in wanted]
    if copies:
        program = places.real(places.program)
        inside = [os.path.join(places.program, name) for name, _status in program_files(program)]
        paths += [places.program, *inside]
        if old is None:
            paths.append(staged_name(places.program))
    there = ((path, found(places.real(path))) for path in paths)
    foreign = [path for path, thing in there if thing and (path, thing.kind, thing.digest) not in known]
    if foreign:
        raise problems.taken([places.real(path) for path in foreign[:3]])


def _record(
    places: Places,
    owner: Owner,
    version: str,
    old: Record | None,
    made: Sequence[str],
    wanted: Sequence[Item],
    program: Sequence[Placed],
) -> tuple[Placed, ...]:
    """Return what there will be: folders first, with those that an earlier run made."""
    tops = [item.path for item in wanted] + ([places.program] if program else [])
    earlier = [thing.path for thing in old.placed if thing.kind == "folder"] if old else []
    outside = [path for path in earlier if not _below(path, places.program)]
    folders = dict.fromkeys([*outside, *made, *_missing(places, tops)])
    parents = tuple(Placed(path, "folder") for path in folders)
    return (*parents, *program, *(_placed(item) for item in wanted))


def _placed(item: Item) -> Placed:
    if item.target is not None:
        return Placed(item.path, "link", item.target)
    return Placed(item.path, "file", hashlib.sha256(item.content).hexdigest())


def _missing(places: Places, paths: Sequence[str]) -> list[str]:
    """Return the folders that paths need and that are not there, outermost first."""
    lacking: dict[str, None] = {}
    for path in paths:
        above: list[str] = []
        while (path := os.path.dirname(path)) and not os.path.lexists(places.real(path)):
            above.append(path)
        lacking.update(dict.fromkeys(reversed(above)))
    return list(lacking)


def _put_all(
    places: Places, owner: Owner, wanted: Sequence[Item], plan: Sequence[Placed], *, copies: bool
) -> Iterator[Progress]:
    for thing in plan:
        if thing.kind == "folder" and not _below(thing.path, places.program):
            _make_folder(places, thing.path)
    if copies:
        words = Message(_COPYING, {"folder": places.program})
        for done in stage(owner.folder, places):
            yield Progress(words, 0.9 * done)
        exchange(places)
    for number, item in enumerate(wanted):
        yield Progress(Message(_PLACING, {"path": item.path}), 0.9 + 0.1 * number / len(wanted))
        _put(places.real(item.path), item)


def _make_folder(places: Places, path: str) -> None:
    with contextlib.suppress(FileExistsError):
        os.mkdir(places.real(path))
        if places.scope == "system":
            os.chmod(places.real(path), 0o755)  # noqa: S103 - for all accounts, whatever root's umask is


def _put(path: str, item: Item) -> None:
    if item.target is None:
        write(path, item.content, 0o755 if item.executable else 0o644)
        return
    scratch = staged_name(path)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(scratch)
    os.symlink(item.target, scratch)
    os.replace(scratch, path)
    sync(os.path.dirname(path))


def _give_up(places: Places, old: Record | None, plan: Sequence[Placed], error: BaseException) -> None:
    """Take back a first installation; one that replaced another is left to the next run."""
    if old is None:
        _take(places, plan)
        _forget(places, plan)
    else:
        discard(places.real(staged_name(places.program)))
    if isinstance(error, OSError):
        raise (problems.failed(error) if old is None else problems.half_way(error)) from error
    if old is not None and isinstance(error, KeyboardInterrupt):
        raise problems.half_way(error) from error


# ------------------------------------------------------------------ uninstall


def uninstall(places: Places, root: int = 0) -> Removed:
    """Take away all that was put there and is as it was put; tell what is not. Raises SelfInstallError, RecordError."""
    if load(places) is None:
        raise problems.not_installed()
    _check_places(places, (), root, copies=False)  # root believes no record that others could have written
    with _alone(places):
        record = load(places)
        if record is None:
            raise problems.not_installed()
        save(places, structs.replace(record, state="removing"))
        try:
            removed, kept = _take(places, record.placed)
            _forget(places, record.placed)
        except (OSError, KeyboardInterrupt) as error:
            raise problems.half_way(error) from error
    return Removed(tuple(removed), tuple(kept))


def _take(places: Places, things: Sequence[Placed]) -> tuple[list[str], list[str]]:
    """Remove what is as it was put, and folders that are empty then; return what was removed, and what was kept."""
    known = {(thing.path, thing.kind, thing.digest) for thing in things}
    discard(places.real(staged_name(places.program)))
    removed, kept = [], []
    for path in reversed(dict.fromkeys(thing.path for thing in things)):
        real = places.real(path)
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            os.unlink(staged_name(real))
        there = found(real)
        if there is None:
            continue
        if (path, there.kind, there.digest) not in known:
            kept.append(path)
        elif there.kind == "folder":
            with contextlib.suppress(OSError):  # not empty, or somebody's current mount
                os.rmdir(real)
        else:
            os.unlink(real)
            removed.append(path)
    return removed, kept


def _forget(places: Places, things: Sequence[Placed]) -> None:
    """Delete the record, then the folders that were made for it."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(places.real(places.record))
    for thing in reversed(things):
        if thing.kind == "folder" and _below(places.record, thing.path):
            with contextlib.suppress(OSError):
                os.rmdir(places.real(thing.path))


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")


# ------------------------------------------------------------------ one at a time


@contextlib.contextmanager
def _alone(places: Places) -> Iterator[list[str]]:
    """Lock the record's folder; yield the folders that were made for it. A lock file would be a trace."""
    made = _missing(places, [places.record])
    try:
        for path in made:
            _make_folder(places, path)
        descriptor = os.open(
            places.real(os.path.dirname(places.record)), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        )
    except OSError as error:
        raise problems.failed(error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield made
    except BlockingIOError as error:
        raise problems.busy() from error
    finally:
        os.close(descriptor)
        if load(places) is None:
            for path in reversed(made):
                with contextlib.suppress(OSError):
                    os.rmdir(places.real(path))
