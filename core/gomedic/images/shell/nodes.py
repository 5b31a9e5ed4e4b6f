"""The commands of a shell script, as values."""

from __future__ import annotations

from msgspec import Struct

from gomedic.images.shell.words import Piece


class Word(Struct, frozen=True):
    """A word of a command."""

    pieces: tuple[Piece, ...]


class Simple(Struct, frozen=True):
    """Assignments, and a command with its arguments."""

    line: int
    assignments: tuple[tuple[str, Word, bool], ...]  # name, value, whether appended
    words: tuple[Word, ...]


class Test(Struct, frozen=True):
    """`[[ … ]]`: words and operators as they stand."""

    line: int
    words: tuple[Word | str, ...]


class Branch(Struct, frozen=True):
    """`if` and `elif`: conditions with what follows, and `else`."""

    line: int
    branches: tuple[tuple[Body, Body], ...]
    otherwise: Body


class Case(Struct, frozen=True):
    """`case`: the word, and patterns with what follows; the last tells whether it goes on (`;&`)."""

    line: int
    word: Word
    branches: tuple[tuple[tuple[Word, ...], Body], ...]


class For(Struct, frozen=True):
    """`for`: over words, or over the positional parameters."""

    line: int
    name: str
    words: tuple[Word, ...] | None
    body: Body


class Loop(Struct, frozen=True):
    """`while` and `until`."""

    line: int
    condition: Body
    body: Body


class Group(Struct, frozen=True):
    """`{ … }`, or `( … )`, whose changes nobody outside sees."""

    line: int
    body: Body
    apart: bool


class Function(Struct, frozen=True):
    """A function's definition."""

    line: int
    name: str
    body: Body


class Pipe(Struct, frozen=True):
    """Commands whose output is the next one's input: each in a shell of its own."""

    line: int
    commands: tuple[Node, ...]


class Chain(Struct, frozen=True):
    """Commands joined by && and ||; `negated` tells for each whether `!` stood before it."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


class Not(Struct, frozen=True):
    """`! command`."""

    command: Node


class Background(Struct, frozen=True):
    """`command &`."""

    command: Node


class Unclear(Struct, frozen=True):
    """What could not be understood, and all that follows it."""

    line: int


Node = (
    Simple | Test | Branch | Case | For | Loop | Group | Function | Pipe | Chain | Not | Background | Unclear
)
Body = tuple[Node, ...]
