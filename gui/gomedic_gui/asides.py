"""Work beside all else, which nobody waits for."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QThreadPool, Signal

from gomedic_gui.failure import Failure
from gomedic_gui.task import Task

_THREADS = 2  # a proof does not wait for a slow server


class Asides(QObject):
    """Runs generators on threads of its own; the owner must outlive them: it closes when `ended` was told and none is left."""

    ended = Signal()

    def __init__(self, owner: QObject, threads: int = _THREADS) -> None:
        super().__init__(owner)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._tasks: list[Task] = []

    @property
    def busy(self) -> bool:
        """Whether any is still at work."""
        return bool(self._tasks)

    def run(
        self,
        work: Iterator[object],
        on_result: Callable[..., None],
        on_failure: Callable[[Failure], None] = lambda _failure: None,
        on_progress: Callable[..., None] = lambda _progress: None,
    ) -> Task:
        """Begin; what comes of it is told on the GUI thread."""
        task = Task(work, self)
        task.progressed.connect(on_progress)
        task.delivered.connect(on_result)
        task.failed.connect(on_failure)
        task.ended.connect(lambda: self._after(task))
        self._tasks.append(task)
        task.start(self._pool)
        return task

    def cancel(self) -> None:
        """Ask all to stop at their next gap."""
        for task in self._tasks:
            task.cancel()

    def _after(self, task: Task) -> None:
        self._tasks.remove(task)
        task.deleteLater()
        self.ended.emit()
