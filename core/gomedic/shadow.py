"""A shadow home: a folder that looks like the account's home, in which changes are tried where no view can be had."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from gomedic.host import Host
from gomedic.model import EditFile, MakeFolder, MakeLink, Step
from gomedic.proof import CannotShowError
from gomedic.sessions.base import Base

T = TypeVar("T")
_NAMES_A_PLACE = ("HOME", "ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")


@contextmanager
def shadow_home(host: Host, steps: Sequence[Step]) -> Iterator[Host]:
    """Give the machine as it would be if a shadow with `steps` done in it were the account's home.

    Its entries are links to the real ones, but for what the steps touch: that is copied. Raises CannotShowError
    for steps that touch more than contents and links in the home.
    """
    folder = tempfile.mkdtemp(prefix="gomedic-home-")
    try:
        shadow = _Shadow(os.path.realpath(host.home), os.path.join(os.path.realpath(folder), "home"))
        shadow.begin()
        for step in steps:
            shadow.take(step)
        yield _living_in(host, shadow.home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def at_home(host: Host, found: T, shadow: Host) -> T:
    """Return what was found in a shadow with the names of the real home. Raises CannotShowError."""
    try:
        told = _renamed(msgspec.to_builtins(found), shadow.home, host.home)
        return msgspec.convert(told, type(found))
    except (UnicodeError, msgspec.MsgspecError) as error:
        raise CannotShowError from error


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {_renamed(key, old, new): _renamed(item, old, new) for key, item in value.items()}
    return [_renamed(item, old, new) for item in value] if isinstance(value, list | tuple) else value


def bases_in(host: Host, shadow: Host, bases: Mapping[str, Base]) -> dict[str, Base]:
    """Return the environments that sessions start from with the shadow for the home."""
    return {
        kind: Base(_based(base.env, host.home, shadow.home), base.origins, base.path)
        for kind, base in bases.items()
    }


def _based(env: Mapping[str, str], home: str, shadow: str) -> dict[str, str]:
    return {n: _moved(value, home, shadow) if n in _NAMES_A_PLACE else value for n, value in env.items()}


def _living_in(host: Host, home: str) -> Host:
    env = {name: _moved(value, host.home, home) for name, value in host.env.items()}
    account = replace(host.account, home=home, password_home=home)
    return Host({**env, "HOME": home}, host.cwd, account, offline=host.offline)


def _moved(value: str, home: str, shadow: str) -> str:
    parts = value.split(":")
    return ":".join(shadow + p[len(home) :] if p == home or p.startswith(f"{home}/") else p for p in parts)


class _Shadow:
    """A home of links, of which folders and files become real where something is to be changed in them."""

    def __init__(self, real: str, home: str) -> None:
        self.real = real
        self.home = home

    def begin(self) -> None:
        self._unfold(self.home, self.real)

    def take(self, step: Step) -> None:
        match step:
            case EditFile(privileged=True) | MakeFolder(privileged=True) | MakeLink(privileged=True):
                raise CannotShowError
            case EditFile(path=path, after=content, mode=mode):
                self._write(self._at(path), content, mode)
            case MakeFolder(path=path, exists=True):
                os.makedirs(self._at(path), exist_ok=True)
            case MakeLink(path=path, after=target):
                place = self._at(path)
                if os.path.lexists(place):
                    os.unlink(place)
                if target is not None:
                    os.symlink(target, place)
            case _:
                raise CannotShowError

    def _write(self, place: str, content: bytes | None, mode: int) -> None:
        if os.path.lexists(place):
            os.unlink(place)
        if content is not None:
            with open(place, "wb") as file:
                file.write(content)
            os.chmod(place, mode | 0o600)

    def _at(self, path: str) -> str:
        """Return where a path is in the shadow; the folders that lead there are real from now on."""
        folder, name = os.path.split(path)
        inside = os.path.relpath(os.path.realpath(folder), self.real)
        if inside.startswith(".."):
            raise CannotShowError
        here = self.home
        for part in () if inside == "." else inside.split("/"):
            here = os.path.join(here, part)
            if os.path.islink(here):
                real = os.readlink(here)
                os.unlink(here)
                self._unfold(here, real)
            os.makedirs(here, exist_ok=True)
        return os.path.join(here, name)

    def _unfold(self, folder: str, real: str) -> None:
        os.mkdir(folder, 0o755)
        for name in os.listdir(real):
            os.symlink(os.path.join(real, name), os.path.join(folder, name))
