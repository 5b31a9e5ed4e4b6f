"""What a shell knows while its start-up files are read."""

from collections.abc import Callable, Mapping

from gomedic.images.shell.nodes import Body
from gomedic.model import Account, Origin
from gomedic.sessions.script import Mode
from gomedic.sessions.trace import Change, Frame

UNKNOWN = "\0"  # stands in a value for what cannot be told; no value of a shell can have it


class Shell:
    """The variables, functions and whereabouts of one start-up, and the story of what changed."""

    def __init__(
        self, family: str, path: str, mode: Mode, env: Mapping[str, str], account: Account,
        decide: Callable[[], bool], arguments: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.family = family
        self.path = path
        self.mode = mode
        self.account = account
        self.values = dict(env)
        self.exported = set(env)
        self.functions: dict[str, Body] = {}
        self.aliases: dict[str, str] = {}
        self.arguments = list(arguments)
        self.frames: list[Frame] = []
        self.changes: list[Change] = []
        self.files: list[str] = []
        self.reached: dict[str, set[int]] = {}
        self.returned: dict[str, int] = {}
        self.doubts: list[Origin] = []
        self.decide = decide  # what to take a condition for that cannot be told
        self.steps = 0

    def at(self, line: int) -> None:
        """Go on to a line of the current file."""
        if self.frames and line:
            file = self.frames[-1].file
            self.frames[-1] = Frame(file, line)
            self.reached.setdefault(file, set()).add(line)

    def set(self, name: str, value: str | None, text: str = "", *, export: bool | None = None) -> None:
        """Give a variable a value (None: take it away), and tell the story."""
        before = self.values.get(name)
        if value is None:
            self.values.pop(name, None)
            self.exported.discard(name)
        else:
            self.values[name] = value
            if export is not None:
                (self.exported.add if export else self.exported.discard)(name)
        shown = (
            name == "PATH" or name in self.exported or before is not None or name.startswith(("GO", "CGO_"))
        )
        if shown:
            frames = tuple(reversed(self.frames))
            after = None if value is None else said(value)
            self.changes.append(
                Change(
                    name, None if before is None else said(before), after, name in self.exported, frames, text
                )
            )

    def doubt(self, text: str) -> None:
        """Remember that something here cannot be told."""
        place = self.frames[-1] if self.frames else Frame("unknown", 0)
        chain = tuple(f"{frame.file}:{frame.line}" for frame in reversed(self.frames[:-1]))
        self.doubts.append(Origin(place.file, place.line or None, text, chain))

    def environment(self) -> dict[str, str]:
        """Return what a program would get."""
        return {name: said(value) for name, value in self.values.items() if name in self.exported}


def said(value: str) -> str:
    """Return a value as it is shown: `?` for what is not known."""
    return value.replace(UNKNOWN, "?")
