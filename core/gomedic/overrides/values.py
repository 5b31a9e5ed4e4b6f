"""The values of the what-if table: a way to override the machine's Go, and what it would give each session."""

import os
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.model import EditFile, MakeLink, Origin, Session, Step
from gomedic.probes.go_settings import GoSettings
from gomedic.sessions.base import Base
from gomedic.texts import Message

STARTED = ("terminal", "ssh", "login", "command")  # by a shell that reads start-up files
ACCOUNT, ROOT, IMAGE_AUTHOR = "account", "root", "image"

Rebase = Callable[[Mapping[str, Base]], Mapping[str, Base]]


class Target(Struct, frozen=True):
    """The Go that shall come to be the one that runs."""

    root: str
    version: str  # "go1.22.10"; "" for a stand-in
    stand_in: bool = False  # there is no such tree: one without content stands for it in the view

    @property
    def folder(self) -> str:
        """The folder with its go command."""
        return os.path.join(self.root, "bin")

    @property
    def binary(self) -> str:
        """Its go command."""
        return os.path.join(self.folder, "go")

    @property
    def name(self) -> str:
        """What its release is called, for commands that name one."""
        return self.version or "goX.Y.Z"


class Way(Struct, frozen=True):
    """One way to override the machine's Go, as data: what it changes, and how its success is told."""

    id: str
    by: str  # who can do it: ACCOUNT ROOT IMAGE_AUTHOR
    title: Message
    judge: "Callable[[Seen], Outcome]"
    how: tuple[Message, ...] = ()  # what one would type, or write where
    steps: tuple[Step, ...] = ()
    links: tuple[str, ...] = ()  # go commands that shall lead to the target
    folder: str = ""  # on whose place in PATH it depends
    rebase: Rebase | None = None  # what it changes before any start-up file
    beyond: Mapping[str, Message] = field(default_factory=dict)  # kinds of session it cannot reach, and why
    untried: Mapping[str, Message] = field(
        default_factory=dict
    )  # kinds it may reach, which cannot be seen here
    note: Message | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it changes."""
        return tuple(step.path for step in self.steps if isinstance(step, EditFile))

    @property
    def links_to_lay(self) -> tuple[str, ...]:
        """Those of its links that no step makes."""
        made = {step.path for step in self.steps if isinstance(step, MakeLink)}
        return tuple(path for path in self.links if path not in made)


class Seen(Struct, frozen=True):
    """A session as it would be, and what it takes to judge it."""

    way: Way
    target: Target
    facts: Facts  # of the machine as it is
    host: Host  # the machine as it would be
    settings: GoSettings  # of the machine as it would be
    before: Session
    after: Session
    now: Callable[[Origin], Origin | None]  # from a line as it would stand to the line as it stands now


class Outcome(Struct, frozen=True):
    """What a way would give one kind of session."""

    kind: str
    state: str  # works fails untried
    version: str | None = None  # of the Go that `go` would be; None: no go, or not known
    path: str | None = None  # of that go
    already: bool = False  # it runs the target as things are
    reason: Message | None = None  # why not
    place: Origin | None = None  # the line that defeats it, as the file is now


class Row(Struct, frozen=True):
    """One way, and what it would give."""

    way: Way
    outcomes: tuple[Outcome, ...]
    tried: bool  # whether sessions really started with it in place

    @property
    def works(self) -> tuple[str, ...]:
        """The kinds of session in which it works."""
        return tuple(outcome.kind for outcome in self.outcomes if outcome.state == "works")


class Overrides(Struct, frozen=True):
    """The whole table."""

    target: Target
    sessions: tuple[Session, ...]  # as they are now
    judged: tuple[str, ...]  # kinds in which Go is expected
    rows: tuple[Row, ...]
    best: str | None  # id of the way that serves most, of those the account can go itself
    notes: tuple[Message, ...] = ()
