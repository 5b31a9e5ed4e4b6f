"""Which files and folders an examination rests on, and whether they are still as they were."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from gomedic.host import Host
from gomedic.model import Examination, Origin, Session
from gomedic.probes.go_settings import env_file
from gomedic.probes.startup import zdotdir
from gomedic.sessions.startup_files import all_candidates

_READ = 1 << 20  # bytes; of larger files the size and time must do
_SNIPPETS = ("/etc/profile.d", "/etc/fish/conf.d")
_TREES = ("/usr/local/go", "/opt/go")
ABSENT = ""


def watched(examination: Examination, host: Host) -> tuple[str, ...]:
    """Return the absolute paths whose change may change what is found, each once; not all need exist.

    Of a path that ends in "/" the names in that folder count, of any other folder only that it is there.
    """
    parts = (_startup_files(examination, host), _named(examination), _of_go(examination, host))
    paths = (path for part in parts for path in part if path.startswith("/") and "\0" not in path)
    return tuple(dict.fromkeys(paths))


def states(host: Host, paths: Iterable[str]) -> dict[str, str]:
    """Return what tells each path's present state from another; ABSENT where nothing is there.

    Two states of a small file are the same when its bytes, mode and owner are, whatever was done in between.
    """
    return {path: _state(host, path) for path in paths}


def differing(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return the paths whose state is another than before, in their order."""
    return tuple(path for path, state in before.items() if now.get(path, state) != state)


def changed_since(paths: Iterable[str], moment: float) -> tuple[str, ...]:
    """Return the paths that were written or replaced after `moment` (seconds since the epoch)."""
    return tuple(path for path in paths if _is_newer(path, moment))


def folders_around(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders where a change of these paths shows: an editor replaces a file by renaming another.

    For what does not exist the nearest folder above that does; for a link also the folder of its target.
    """
    found: dict[str, None] = {}
    for path in paths:
        for place in dict.fromkeys((path, os.path.realpath(path))):
            found[_nearest_folder(place)] = None
    return tuple(found)


def _startup_files(examination: Examination, host: Host) -> Iterator[str]:
    for session in examination.sessions:
        yield from session.files
        yield from (skipped.file for skipped in session.skipped_files)
    moved = next((folder for session in examination.sessions if (folder := zdotdir(session))), None)
    yield from all_candidates(host.home, {**host.env, "ZDOTDIR": moved} if moved else host.env)
    yield from (f"{folder}/" for folder in _SNIPPETS)
    yield os.path.join(host.place("XDG_CONFIG_HOME", ".config", "fish"), "conf.d", "")


def _named(examination: Examination) -> Iterator[str]:
    """Yield the files that set something, and those that a finding speaks of."""
    for session in examination.sessions:
        origins = [entry.origin for entry in session.path] + [v.origin for v in session.variables.values()]
        for origin in (*origins, *([session.stopped_at] if session.stopped_at else [])):
            yield from _files_of(origin)
    for finding in examination.findings:
        yield from (evidence.file for evidence in finding.evidence if evidence.file)


def _files_of(origin: Origin) -> Iterator[str]:
    if origin.path is not None:
        yield origin.path
    yield from (caller.rpartition(":")[0] for caller in origin.chain)


def _of_go(examination: Examination, host: Host) -> Iterator[str]:
    """Yield where a Go is, was or may come to be, and what tells it its settings."""
    for tool in examination.toolchains:
        yield from (os.path.join(tool.root, "VERSION"), tool.binary)
    for session in examination.sessions:
        yield from _of_session(session)
    yield from (f"{tree}/bin/go" for tree in _TREES)
    yield from (os.path.join(host.home, "sdk", ""), os.path.join(host.data_folder, "toolchains", ""))
    if examination.project is not None:
        yield from (os.path.join(host.cwd, name) for name in ("go.mod", "go.work"))


def _of_session(session: Session) -> Iterator[str]:
    yield from (os.path.join(entry.entry, "go") for entry in session.path)
    if (settings := env_file(session)) is not None:
        yield settings


def _state(host: Host, path: str) -> str:
    try:
        info = os.stat(path)
        if stat.S_ISDIR(info.st_mode):
            return "folder" if not path.endswith("/") else repr(sorted(os.listdir(path)))
    except OSError:
        return ABSENT
    about = f"{info.st_mode:o} {info.st_uid}"
    data = host.read(path) if stat.S_ISREG(info.st_mode) and info.st_size <= _READ else None
    if data is None:
        return f"{about} {info.st_ino} {info.st_size} {info.st_mtime_ns}"
    return f"{about} {sha256(data).hexdigest()}"


def _is_newer(path: str, moment: float) -> bool:
    try:
        info = os.stat(path)
    except OSError:
        return False
    return stat.S_ISREG(info.st_mode) and info.st_ctime > moment


def _nearest_folder(path: str) -> str:
    folder = path if path.endswith("/") and os.path.isdir(path) else os.path.dirname(path.rstrip("/"))
    while not os.path.isdir(folder) and folder not in ("/", ""):
        folder = os.path.dirname(folder)
    return folder.rstrip("/") or "/"
