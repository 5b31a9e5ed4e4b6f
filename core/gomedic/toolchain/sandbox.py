"""How a toolchain is tried: with the environment of a session, in a room where nothing that it writes stays."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Protocol

from msgspec import Struct


class Room(Protocol):
    """A place to run programs in: `sessions.chamber.Chamber` is one."""

    @property
    def isolated(self) -> bool:
        """Whether what is written in the home goes nowhere."""

    def command(self, argv: Sequence[str], folder: str) -> tuple[str, ...]:
        """Return the command line that runs `argv` inside, in `folder`."""


class Plain(Struct, frozen=True):
    """No room at all."""

    isolated: bool = False

    def command(self, argv: Sequence[str], folder: str) -> tuple[str, ...]:
        """Return the command line as it is."""
        return tuple(argv)


@contextlib.contextmanager
def _plainly(_real: Sequence[str]) -> Iterator[Room]:
    yield Plain()


class Sandbox(Struct, frozen=True):
    """A session to try a toolchain as in; without an environment, or without a room, a clean one is taken."""

    environment: Mapping[str, str] = MappingProxyType({})  # GOENV names the file that its go would read
    room: Callable[[Sequence[str]], AbstractContextManager[Room]] = _plainly  # given folders that stay real
