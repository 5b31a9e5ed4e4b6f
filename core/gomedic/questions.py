"""Questions that take long, to programs and servers: each is asked once, beside other work."""

import threading
import time
from collections.abc import Callable, Generator, Hashable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

from gomedic.model import Progress
from gomedic.texts import Message

T = TypeVar("T")
PATIENCE = 3.0  # seconds for all that the network is asked
_MOMENT = 0.2  # seconds between two pieces of progress
_LAST_MOMENT = 1.0  # seconds that programs get to end once they are stopped


class Questions:
    """Asks each question on a thread of its own; whoever needs an answer waits for it.

    A program must heed `stopped`. What was asked of the network and has no answer in time is left alone.
    """

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._asked: dict[Hashable, Future[Any]] = {}
        self._outside: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()
        self._deadline: float | None = None

    def ask(self, name: Hashable, work: Callable[[], T]) -> "Future[T]":
        """Begin to ask this machine, unless that is done already; `result()` of what is returned is the answer."""
        return self._begin(self._asked, name, work)

    def ask_outside(self, name: Hashable, work: Callable[[], T]) -> "Future[T]":
        """Begin to ask the network, unless that is done already."""
        return self._begin(self._outside, name, work)

    def heard(self, name: Hashable, work: Callable[[], T], silence: T) -> T:
        """Return the network's answer, `silence` where none came while there was patience for all of them."""
        answer = self.ask_outside(name, work)
        return answer.result() if wait([answer], self._left()).done else silence

    def settle(self, what: Message, fraction: float | None = None) -> Generator[Progress, None, None]:
        """Wait for the answers to all that was asked, for the network's no longer than PATIENCE from now on."""
        self._deadline = time.monotonic() + PATIENCE
        while wait(list(self._asked.values()), _MOMENT).not_done:
            yield Progress(what, fraction)
        while self._left() and wait(list(self._outside.values()), min(_MOMENT, self._left())).not_done:
            yield Progress(what, fraction)

    def close(self) -> None:
        """Stop the programs that still run, and wait until they have ended."""
        self.stopped.set()
        wait(list(self._asked.values()), _LAST_MOMENT)

    def _left(self) -> float:
        """Return for how long the network may still be waited for."""
        if self._deadline is None:
            self._deadline = time.monotonic() + PATIENCE
        return max(0.0, self._deadline - time.monotonic())

    def _begin(
        self, asked: dict[Hashable, Future[Any]], name: Hashable, work: Callable[[], T]
    ) -> "Future[T]":
        with self._lock:
            if name in asked:
                return asked[name]
            answer: Future[T] = Future()
            asked[name] = answer
        threading.Thread(target=_answer, args=(answer, work), daemon=True).start()
        return answer


def waiting(
    answer: "Future[T]", say: Callable[[float], Message], fraction: float | None = None
) -> Generator[Progress, None, T]:
    """Wait for an answer, and return it; meanwhile tell what `say` says of the seconds spent so far."""
    begun = time.monotonic()
    while wait([answer], _MOMENT).not_done:
        yield Progress(say(time.monotonic() - begun), fraction)
    return answer.result()


def _answer(answer: "Future[T]", work: Callable[[], T]) -> None:
    try:
        answer.set_result(work())
    except BaseException as error:  # noqa: BLE001 - whoever waits for the answer is told
        answer.set_exception(error)
