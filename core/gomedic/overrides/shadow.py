"""A home of links in place of the real one: where changes are tried on a machine that allows no copy-on-write view."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from gomedic.host import Host
from gomedic.model import EditFile, MakeFolder, MakeLink, Session, Step
from gomedic.proof import CannotShowError
from gomedic.sessions.base import Base

_NAMES_A_PLACE = ("HOME", "ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")


class Shadow(Struct, frozen=True):
    """A folder that stands for the home, with changes made in it."""

    host: Host  # as the sessions are to see the machine
    folder: str
    home: str

    def rebased(self, bases: Mapping[str, Base]) -> dict[str, Base]:
        """Return the environments that sessions start from, with this folder for the home."""
        return {kind: Base(self._moved(base.env), base.origins, base.path) for kind, base in bases.items()}

    def _moved(self, env: Mapping[str, str]) -> dict[str, str]:
        return {n: self.inside(value) if n in _NAMES_A_PLACE else value for n, value in env.items()}

    def inside(self, path: str) -> str:
        """Return a path below the home as it is below this folder."""
        below = path == self.home or path.startswith(self.home + "/")
        return self.folder + path[len(self.home) :] if below else path

    def told(self, session: Session) -> Session:
        """Return a session with the home in the place of this folder, wherever it is named."""
        return msgspec.convert(_renamed(msgspec.to_builtins(session), self.folder, self.home), Session)


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {_renamed(key, old, new): _renamed(item, old, new) for key, item in value.items()}
    return [_renamed(item, old, new) for item in value] if isinstance(value, list | tuple) else value


@contextmanager
def shadow_home(host: Host, steps: Sequence[Step]) -> Iterator[Shadow]:
    """Give a folder of links to what is in the home, with `steps` done in it. Raises CannotShowError, OSError."""
    folder, home = tempfile.mkdtemp(prefix="gomedic-home-"), host.home.rstrip("/")
    try:
        _link_all(home, folder)
        for step in steps:
            _do(step, home, folder)
        account = replace(host.account, home=folder, password_home=folder)
        yield Shadow(Host({**host.env, "HOME": folder}, host.cwd, account), folder, home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link_all(folder: str, into: str) -> None:
    for name in os.listdir(folder):
        os.symlink(os.path.join(folder, name), os.path.join(into, name))


def _do(step: Step, home: str, folder: str) -> None:
    path = getattr(step, "path", "")
    if step.privileged or not path.startswith(home + "/"):
        raise CannotShowError
    match step:
        case EditFile(after=after) if after is not None:
            _write(_free(path, home, folder), after, step.mode)
        case MakeFolder(exists=True):
            os.mkdir(_free(path, home, folder))
        case MakeLink(after=target) if target is not None:
            os.symlink(target, _free(path, home, folder))
        case _:
            raise CannotShowError


def _free(path: str, home: str, folder: str) -> str:
    """Return where a path is in the folder, free to be made; the folders above it become real ones."""
    parts = path[len(home) + 1 :].split("/")
    at, real = folder, home
    for part in parts[:-1]:
        at, real = os.path.join(at, part), os.path.join(real, part)
        if os.path.islink(at):
            os.unlink(at)
            os.mkdir(at)
            _link_all(real, at)
    made = os.path.join(at, parts[-1])
    if os.path.lexists(made):
        os.unlink(made)
    return made


def _write(path: str, content: bytes, mode: int) -> None:
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode | 0o600)
