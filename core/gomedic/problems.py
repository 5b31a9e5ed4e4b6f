"""What can go wrong with a repair, in words."""

from msgspec import Struct

from gomedic.texts import Message


class Left(Struct, frozen=True):
    """A path that is not as it was, and where what it held lies (None: no content was saved)."""

    path: str
    saved: str | None


class RepairError(Exception):
    """A repair could not be done; the machine is as it was."""

    def __init__(self, message: Message, left: tuple[Left, ...] = ()) -> None:
        super().__init__(str(message))
        self.message = message
        self.left = left


class BusyError(RepairError):
    """Another repair is under way."""


class StaleError(RepairError):
    """Something changed since; `left` names it, and for an undo where the saved content lies."""


class RollbackError(RepairError):
    """What was begun could not be put back; `left` names every path concerned."""


class NeedsRootError(RepairError):
    """The steps need root, which could not be had; `commands` is what an administrator would type."""

    def __init__(self, message: Message, commands: tuple[str, ...]) -> None:
        super().__init__(message)
        self.commands = commands
