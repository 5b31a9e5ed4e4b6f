"""What fixes would do, tried in a copy beside all else: nobody has to wait for it."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QThreadPool, Signal

from gomedic.doctor import Offer
from gomedic.model import Examination, Finding, Fix, InstallToolchain, Step
from gomedic.plans import is_wish
from gomedic.proof import Proof
from gomedic_gui.case import Case
from gomedic_gui.doctor import Doctor
from gomedic_gui.task import Task


class Trials(QObject):
    """Tries fixes of one case, one after the other, and remembers which to offer first."""

    proved = Signal(object, object, object)  # Finding, Fix, Proof or None
    offered = Signal(object, object)  # Finding, Offer
    edits_known = Signal(object, object)  # Fix, steps
    ended = Signal()  # nothing is being tried any more

    def __init__(self, doctor: Doctor, owner: QObject) -> None:
        super().__init__(owner)
        self._doctor = doctor
        self._case: Case | None = None
        self._offers: dict[str, Offer] = {}  # by finding
        self._asked: set[str] = set()
        self._tasks: list[Task] = []
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    @property
    def is_busy(self) -> bool:
        """Whether something is being tried."""
        return bool(self._tasks)

    def begin(self, case: Case) -> None:
        """Forget what was learnt of an earlier case, and try the fixes of this one from now on."""
        if case is self._case:
            return
        self.stop()
        self._case, self._offers, self._asked = case, {}, set()

    def stop(self) -> None:
        """Ask what is being tried to stop; nothing of it is told any more."""
        self._case = None
        for task in self._tasks:
            task.cancel()

    def ask_offer(self, finding: Finding) -> None:
        """Have `offered` tell which fix of a finding to offer first, at once if it is known."""
        if finding.id in self._offers:
            self.offered.emit(finding, self._offers[finding.id])
        elif self._case is not None and finding.fixes and finding.id not in self._asked:
            self._asked.add(finding.id)
            case = self._case
            task = Task(self._doctor.best_fix(case.examination, finding), self)
            task.delivered.connect(lambda offer: self._learn(case, finding, offer))
            task.failed.connect(lambda _failure: self._learn(case, finding, Offer.untried(finding.fixes)))
            self._start(task)

    def ask_edits(self, fix: Fix) -> None:
        """Have `edits_known` tell what an installation would change in start-up files."""
        if self._case is None or fix.install is None or fix.install.to is not None:
            return
        task = Task(_edits(self._doctor, self._case.examination, fix.install), self)
        task.delivered.connect(lambda steps: self.edits_known.emit(fix, steps))
        self._start(task)

    def ask_proof(self, finding: Finding, fix: Fix) -> None:
        """Have `proved` tell what a fix would do, at once if it is known."""
        if self._case is None or is_wish(finding):
            return
        offer = self._offers.get(finding.id)
        known = [trial for trial in (offer.first, *offer.failed) if trial] if offer else []
        trial = next((trial for trial in known if trial.fix == fix), None)
        if trial is not None:
            self.proved.emit(finding, fix, trial.proof)
            return
        task = Task(self._doctor.prove(self._case.examination, finding, fix), self)
        task.delivered.connect(lambda proof: self._tell(finding, fix, proof))
        task.failed.connect(lambda _failure: self._tell(finding, fix, None))
        self._start(task)

    def _learn(self, case: Case, finding: Finding, offer: Offer) -> None:
        if case is self._case:
            self._offers[finding.id] = offer
            self.offered.emit(finding, offer)

    def _tell(self, finding: Finding, fix: Fix, proof: Proof | None) -> None:
        self.proved.emit(finding, fix, proof)

    def _start(self, task: Task) -> None:
        task.ended.connect(lambda: self._end(task))
        self._tasks.append(task)
        task.start(self._pool)

    def _end(self, task: Task) -> None:
        self._tasks.remove(task)
        task.deleteLater()
        if not self._tasks:
            self.ended.emit()


def _edits(doctor: Doctor, seen: Examination, wanted: InstallToolchain) -> Iterator[tuple[Step, ...]]:
    yield doctor.edits_of(seen, wanted)
