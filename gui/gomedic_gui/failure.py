"""What could not be done, in words."""

from msgspec import Struct

from gomedic.problems import NeedsRootError, RepairError
from gomedic.texts import N_, Message


class Failure(Struct, frozen=True):
    """A sentence, and what belongs to it."""

    message: Message
    left: tuple[
        tuple[str, str], ...
    ] = ()  # path that is not as it was, and where what it held lies ("": nowhere)
    commands: tuple[str, ...] = ()  # what an administrator would type


def failure_of(error: Exception) -> Failure:
    """Return the sentence that an error of the core carries, or one made of its name."""
    carried = getattr(error, "message", None)
    message = carried if isinstance(carried, Message) else _unexpected(error)
    left = error.left if isinstance(error, RepairError) else ()
    commands = error.commands if isinstance(error, NeedsRootError) else ()
    return Failure(message, tuple((each.path, each.saved or "") for each in left), commands)


def _unexpected(error: Exception) -> Message:
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Message(N_("gomedic itself ran into something it does not know ({what})."), {"what": what})
