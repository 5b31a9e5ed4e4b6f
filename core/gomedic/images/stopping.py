"""How work on an image is ended from outside: whoever waits for it no more sets an event."""

import threading
from typing import TypeAlias

Event: TypeAlias = threading.Event


class Cancelled(Exception):  # noqa: N818 - named for what it tells
    """Nobody waits for the work any more."""


def go_on(cancelled: Event | None) -> None:
    """Return where the work is still wanted. Raises Cancelled; called wherever much is still to come."""
    if cancelled is not None and cancelled.is_set():
        raise Cancelled
