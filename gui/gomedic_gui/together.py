"""Several fixes as one: the plan shown, carried out, taken back, and what came of it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, Signal

from gomedic.model import Examination, Receipt
from gomedic.texts import N_
from gomedic.together import Plan, promising
from gomedic_gui.case import Case, examining
from gomedic_gui.case_of_many import TakenBackMany, TreatedMany, taking_back_many, treating_many
from gomedic_gui.failure import Failure
from gomedic_gui.outcome import Outcome
from gomedic_gui.outcome_of_many import outcome_of_fixes, outcome_of_return
from gomedic_gui.plan_parts import parts_of_plan, parts_of_return
from gomedic_gui.plan_words import (
    promise_of_plan,
    promise_of_return,
    title_of_plan,
    title_of_return,
    verdict_of_plan,
)
from gomedic_gui.task import Task
from gomedic_gui.text import tr

if TYPE_CHECKING:
    from gomedic.taking_back import Prospect
    from gomedic_gui.window import Window


class Together(QObject):
    """Leads through several changes of the machine, on the pages of a window. Plans are made beside all else."""

    ended = Signal()  # no plan is being made any more

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self._page = window.plan_page
        self._tasks: list[Task] = []  # the last is what the page waits for
        self._plan: Plan | None = None
        self._receipts: tuple[Receipt, ...] = ()
        self._before: Examination | None = None
        self._known: TreatedMany | TakenBackMany | None = None  # of what is under way
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._page.agreed.connect(self._do)
        self._page.declined.connect(self._leave)

    @property
    def is_busy(self) -> bool:
        """Whether a plan is being made."""
        return bool(self._tasks)

    def stop(self) -> None:
        """Make no plan any more."""
        for task in self._tasks:
            task.cancel()

    # ------------------------------------------------------------ the plan

    def preview(self) -> None:
        """Show what fixing all that is safe would do."""
        window = self._window
        if window.is_busy or window.case is None:
            return
        seen = window.case.examination
        small, title = tr(N_("This is what would be done")), title_of_plan(len(promising(seen)))
        self._page.begin(small, title, proves=True)
        explained = tr(N_("Makes the changes shown here, one fix after the other"))
        self._page.name_actions(tr(N_("&Do it all")), explained, tr(N_("&Not now")))
        self._ask(window.doctor.many.plan(seen), partial(self._show_plan, window.case))

    def preview_return(self, receipts: Sequence[Receipt]) -> None:
        """Show what taking these fixes back would do."""
        window = self._window
        if window.is_busy or window.case is None or not receipts:
            return
        small, title = tr(N_("This is what would be taken back")), title_of_return(len(receipts))
        self._page.begin(small, title, proves=False)
        explained = tr(N_("Puts back what is shown here, the newest first"))
        self._page.name_actions(tr(N_("&Take back")), explained, tr(N_("Ne&ver mind")))
        work = _once(lambda: window.doctor.many.prospects(receipts))
        self._ask(work, partial(self._show_prospects, window.case))

    def _ask(self, work: Iterator[object], show: Callable[[Any], None]) -> None:
        """Make a plan; one that is still being made is given up."""
        self.stop()
        self._plan, self._receipts = None, ()
        self._window.pages.setCurrentWidget(self._page)
        task = Task(work, self)
        task.progressed.connect(lambda value: self._page.show_progress(value) if self._awaits(task) else None)
        task.delivered.connect(lambda value: show(value) if self._awaits(task) else None)
        task.failed.connect(lambda failure: self._show_failure(failure) if self._awaits(task) else None)
        task.ended.connect(lambda: self._end(task))
        self._tasks.append(task)
        task.start(self._pool)

    def _awaits(self, task: Task) -> bool:
        return task is self._tasks[-1] and not task.is_cancelled

    def _show_failure(self, failure: Failure) -> None:
        self._page.show_failure(tr(failure.message))

    def _end(self, task: Task) -> None:
        self._tasks.remove(task)
        task.deleteLater()
        if not self._tasks:
            self.ended.emit()

    def _is_shown_for(self, case: Case) -> bool:
        return self._window.case is case and self._window.pages.currentWidget() is self._page

    def _show_plan(self, case: Case, plan: Plan) -> None:
        if not self._is_shown_for(case):
            return
        self._plan = plan
        self._page.show_plan(
            title_of_plan(len(plan.parts)), parts_of_plan(plan), promise=promise_of_plan(plan),
            can_do=bool(plan.parts), proof=plan.proof, verdict=verdict_of_plan(plan),
        )  # fmt: skip

    def _show_prospects(self, case: Case, prospects: "tuple[Prospect, ...]") -> None:
        if not self._is_shown_for(case):
            return
        self._receipts = tuple(each.receipt for each in prospects if each.why_not is None)
        self._page.show_plan(
            title_of_return(len(self._receipts), len(prospects)), parts_of_return(prospects, case.examination.account.home),
            promise=promise_of_return(prospects), can_do=bool(self._receipts),
        )  # fmt: skip

    def _leave(self) -> None:
        self.stop()
        self._window.show_overview()

    # ------------------------------------------------------------ done

    def _do(self) -> None:
        if self._plan is not None:
            self._treat(self._plan)
        else:
            self.take_back(self._receipts)

    def _treat(self, plan: Plan) -> None:
        window = self._window
        if window.is_busy or window.case is None:
            return
        titles = [tr(fix.title) for _finding, fix in plan.chosen]
        asks = any(fix.needs_root for _finding, fix in plan.chosen)
        window.show_working(title_of_plan(len(titles)), may_ask=asks, parts=titles)
        self._begin(window.case.examination)
        work = treating_many(window.doctor, window.case, plan.chosen)
        window.begin(work, window.show_progress, self._after_part)

    def take_back(self, receipts: Sequence[Receipt]) -> None:
        """Take fixes back, the newest first."""
        window = self._window
        if not receipts or window.gives_way(partial(self.take_back, receipts)):
            return
        if window.is_busy or window.case is None:
            return
        ordered = sorted(receipts, key=lambda receipt: receipt.id, reverse=True)
        asks = any(step.privileged for receipt in ordered for step in receipt.steps)
        titles = [tr(receipt.title) for receipt in ordered]
        window.show_working(title_of_return(len(titles)), may_ask=asks, parts=titles)
        self._begin(window.case.examination)
        work = taking_back_many(window.doctor, ordered)
        window.begin(work, window.show_progress, self._after_return)

    def _begin(self, before: Examination) -> None:
        self._before, self._known = before, None

    def _after_part(self, treated: TreatedMany) -> None:
        self._known, course, window = treated, treated.course, self._window
        if not course.over:
            window.working.show_part(course.at, _failed(treated))
            return
        outcome = self._outcome()
        self._known = None
        treatment = course.treatment
        seen = window.pages.currentWidget() in (window.working, window.result)
        if outcome is not None and (seen or (treatment is not None and treatment.taken_back)):
            window.show_result(outcome, treated.case)
        else:
            window.show_case(treated.case)
        if treatment is not None and not treatment.settled:
            window.let_build()

    def _after_return(self, taken: TakenBackMany) -> None:
        self._known, window = taken, self._window
        if taken.case is None:
            at = len(taken.course.wanted) if taken.course.over else taken.course.at
            window.working.show_part(at, _failed(taken))
            return
        outcome = self._outcome()
        self._known = None
        if outcome is not None:
            window.show_result(outcome, taken.case)

    # ------------------------------------------------------------ stopped, or failed

    def outcome_of_stop(self) -> tuple[Outcome, Case | None] | None:
        """Return what came of what was stopped, and the case by then; None where it was no work of this."""
        return self._came_to_less(stopped=True)

    def outcome_of_failure(self, failure: Failure) -> tuple[Outcome, Case | None] | None:
        """Return what came of what failed, and the case by then; None where it was no work of this."""
        return self._came_to_less(failure=failure)

    def _came_to_less(
        self, *, stopped: bool = False, failure: Failure | None = None
    ) -> tuple[Outcome, Case | None] | None:
        known = self._known
        outcome = self._outcome(stopped=stopped, failure=failure)
        self._known = None
        if known is None or outcome is None:
            return None
        if isinstance(known, TakenBackMany) and known.course.restored:
            self._window.do_afterwards(self._examine_behind)
        return outcome, known.case

    def _outcome(self, *, stopped: bool = False, failure: Failure | None = None) -> Outcome | None:
        known, before = self._known, self._before
        if known is None or before is None:
            return None
        if isinstance(known, TreatedMany):
            return outcome_of_fixes(known.course, before, known.case, stopped=stopped, failure=failure)
        return outcome_of_return(known.course, before, known.case, stopped=stopped, failure=failure)

    def _examine_behind(self) -> None:
        """Examine, for what was taken back, and leave the page that tells of it."""
        window = self._window
        window.header.set_busy(True)
        window.begin(examining(window.doctor), window.header.show_progress, self._show_behind)

    def _show_behind(self, case: Case) -> None:
        if case.settled:
            self._window.show_case(case, soon=True)


def _once(ask: Callable[[], object]) -> Iterator[object]:
    yield ask()


def _failed(known: TreatedMany | TakenBackMany) -> list[int]:
    """Return the numbers of the parts that came to nothing."""
    if isinstance(known, TakenBackMany):
        kept = {each.receipt.id for each in known.course.kept}
        return [number for number, receipt in enumerate(known.course.wanted) if receipt.id in kept]
    missed = {left.finding.id for left in known.course.missed}
    return [number for number, (finding, _fix) in enumerate(known.course.chosen) if finding.id in missed]
