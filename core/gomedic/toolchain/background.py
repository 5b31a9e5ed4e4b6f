"""Something long run beside a generator, which goes on telling that it is alive and can be closed."""

import queue
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from gomedic.model import Progress
from gomedic.texts import N_, Message

_FOR = N_("{what} ({seconds} s)")
_Result = TypeVar("_Result")


def beside(what: Message, work: Callable[[threading.Event], _Result]) -> Generator[Progress, None, _Result]:
    """Run `work` in a thread and return its result; yield progress once a second until it is there.

    Closing the generator sets the event that `work` is given, and waits for its end.
    """
    stop = threading.Event()
    begun = time.monotonic()
    with ThreadPoolExecutor(1, "beside") as pool:
        future: Future[_Result] = pool.submit(work, stop)
        try:
            yield Progress(what)
            while not wait((future,), timeout=1.0).done:
                seconds = int(time.monotonic() - begun)
                yield Progress(Message(_FOR, {"what": what, "seconds": seconds}))
            return future.result()
        finally:
            stop.set()


def waiting(what: Message, ask: Callable[[], _Result]) -> Generator[Progress, None, _Result]:
    """Return what `ask` returns; yield progress once a second until it is there.

    It only asks, so whoever closes the generator need not wait for the answer.
    """
    answers: queue.Queue[tuple[_Result | None, BaseException | None]] = queue.Queue()

    def run() -> None:
        try:
            answers.put((ask(), None))
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            answers.put((None, error))

    begun = time.monotonic()
    threading.Thread(target=run, name="waiting", daemon=True).start()
    yield Progress(what)
    while True:
        try:
            result, error = answers.get(timeout=1.0)
        except queue.Empty:
            seconds = int(time.monotonic() - begun)
            yield Progress(Message(_FOR, {"what": what, "seconds": seconds}))
            continue
        if error is not None:
            raise error
        return result  # type: ignore[return-value]
