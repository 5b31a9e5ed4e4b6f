"""Run the core's generators off the GUI thread."""

import time
from collections.abc import Iterator
from threading import Event

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from gomedic.model import Progress
from gomedic_gui.failure import failure_of

_PAUSE = 0.05  # seconds
_LONGEST_TURN = 1.0  # seconds; after that, nobody is there to draw


class Task(QObject):
    """Works through a generator on a pool thread; its signals arrive on the GUI thread.

    Each value is a `Progress` or the result; the gap between two values is where the work can be
    cancelled: the generator is then closed. A result that was reached all the same is delivered,
    because it is true. `ended` always comes last.
    """

    progressed = Signal(object)  # Progress
    delivered = Signal(object)  # the result
    failed = Signal(object)  # Failure
    ended = Signal()

    def __init__(self, work: Iterator[object], owner: QObject) -> None:
        super().__init__(owner)
        self._work = work
        self._cancelled = Event()
        self._drawn = Event()  # what was delivered last
        self._drawn.set()
        self.delivered.connect(self._let_draw)
        self._last_told = ""
        self._last_time = 0.0

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._cancelled.is_set()

    def start(self, pool: QThreadPool) -> None:
        """Begin, on a thread of `pool`; the owner must outlive the work."""
        pool.start(self._run)

    def cancel(self) -> None:
        """Ask it to stop at its next gap; returns at once."""
        self._cancelled.set()

    def _run(self) -> None:
        try:
            self._step_through()
        except Exception as error:  # noqa: BLE001 - said to the person, on the GUI thread
            self.failed.emit(failure_of(error))
        self.ended.emit()

    def _deliver(self, value: object) -> None:
        """Deliver a value, but not in the same turn of the event loop as the one before."""
        self._drawn.wait(_LONGEST_TURN)
        self._drawn.clear()
        self.delivered.emit(value)

    def _let_draw(self) -> None:
        """Wait for the turn after the next one: what a value asks to be drawn in the next one comes first."""
        QTimer.singleShot(0, lambda: QTimer.singleShot(0, self._drawn.set))

    def _is_worth_telling(self, value: Progress) -> bool:
        """Keep a flood of progress from the GUI thread: something new at once, the same at most every 50 ms."""
        now = time.monotonic()
        if value.what.text == self._last_told and now - self._last_time < _PAUSE:
            return False
        self._last_told, self._last_time = value.what.text, now
        return True

    def _step_through(self) -> None:
        for value in self._work:
            if not isinstance(value, Progress):
                self._deliver(value)
            elif self._cancelled.is_set():
                break
            elif self._is_worth_telling(value):
                self.progressed.emit(value)
        close = getattr(self._work, "close", None)
        if close is not None:
            close()
