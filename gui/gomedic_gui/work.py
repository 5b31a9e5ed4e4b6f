"""The one thing that is done at a time, off the GUI thread."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QThreadPool, Signal

from gomedic.model import Progress
from gomedic_gui.task import Task


class Work(QObject):
    """Runs one generator after the other; the owner must outlive it."""

    begun = Signal()
    failed = Signal(object)  # Failure
    ended = Signal(bool)  # whether somebody had asked it to stop

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._task: Task | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    @property
    def is_busy(self) -> bool:
        """Whether something is being done."""
        return self._task is not None

    def begin(
        self,
        work: Iterator[object],
        on_progress: Callable[[Progress], None],
        on_result: Callable[..., None],
    ) -> None:
        """Begin; what comes of it is told on the GUI thread."""
        self.begun.emit()
        task = Task(work, self)
        task.progressed.connect(on_progress)
        task.delivered.connect(on_result)
        task.failed.connect(self.failed)
        task.ended.connect(self._after)
        self._task = task
        task.start(self._pool)

    def cancel(self) -> None:
        """Ask it to stop at its next gap."""
        if self._task is not None:
            self._task.cancel()

    def _after(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.deleteLater()
            self.ended.emit(task.is_cancelled)
