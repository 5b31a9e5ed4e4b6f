"""The window: puts the pages together, and runs one thing at a time off the GUI thread."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from gomedic.model import Finding, Fix, Progress, Receipt
from gomedic.texts import N_
from gomedic_gui.case import Case, examining
from gomedic_gui.display import fitting
from gomedic_gui.doctor import Doctor
from gomedic_gui.failure import Failure
from gomedic_gui.icons import application_icon
from gomedic_gui.middle import Middle
from gomedic_gui.outcome import Outcome, outcome_of_cancelling, outcome_of_failure
from gomedic_gui.shortcuts import add_shortcuts, show_keys
from gomedic_gui.tab_order import move_focus
from gomedic_gui.text import tr
from gomedic_gui.together import Together
from gomedic_gui.treatments import Treatments
from gomedic_gui.trials import Trials
from gomedic_gui.verdict import Verdict, verdict_of, verdict_so_far
from gomedic_gui.work import Work


class Window(QMainWindow):
    """Shows what the doctor finds, and has done what the person chooses.

    Not made `at_once`, it is but a header and a word of welcome, which are painted soon; `finish` makes the rest.
    """

    def __init__(self, doctor: Doctor, *, at_once: bool = True) -> None:
        super().__init__()
        self._doctor = doctor
        self._is_finished = False
        self._case: Case | None = None
        self._work = Work(self)
        self.trials = Trials(doctor, self)
        self._closing = self._is_building = False
        self._afterwards: Callable[[], None] | None = None
        self._recolour = QTimer(self, singleShot=True, interval=0)
        self._recolour.timeout.connect(self._show_again)
        self.setWindowTitle("gomedic")
        self.setWindowIcon(application_icon())
        self.resize(fitting(self.screen().availableSize()))
        self.setMinimumSize(640, 440)
        self._middle = Middle(doctor)
        self.setCentralWidget(self._middle)
        self.first_painted = self._middle.first_painted
        self.header, self.pages, self.welcome = self._middle.header, self._middle.pages, self._middle.welcome
        if at_once:
            self.finish()
        else:
            self._say_looking()

    def finish(self) -> None:
        """Make the rest of the window, if that has not been done yet."""
        if not self._is_finished:
            self._is_finished = True
            self._fill()
            self._connect()
            self._make_shortcuts()

    def examine_thoroughly(self) -> None:
        """Examine, show the case, and go on to build a program in each session."""
        self.examine(thoroughly=True)

    def examine(self, *, thoroughly: bool = False) -> None:
        """Examine, and show the case."""
        if self._work.is_busy:
            return
        if self._case is None:
            self._say_looking()
            self.pages.setCurrentWidget(self.welcome)
        self._leave_header()
        self.findings.begin()
        self.header.set_busy(True)
        work = examining(self._doctor, thoroughly=thoroughly)
        self._work.begin(work, self.header.show_progress, self._after_examination)

    def _say_looking(self) -> None:
        self.header.show_verdict(Verdict("unknown", tr(N_("Looking at your Go…")), ""))
        self.welcome.say(tr(N_("Nothing is changed by looking.")))

    def preview(self, finding: Finding, fix: Fix) -> None:
        """Show what a fix would do."""
        self.treatments.preview(finding, fix)

    def treat(self) -> None:
        """Carry out the fix that is shown."""
        self.treatments.treat()

    def take_back(self, receipts: Sequence[Receipt] = ()) -> None:
        """Take back fixes, several as one (none: the newest)."""
        if len(receipts) > 1:
            self.together.take_back(receipts)
        else:
            self.treatments.take_back(*receipts)

    def ask_instead(self, kinds: tuple[str, ...]) -> None:
        """Show what else could be done for these kinds of session, and what would defeat it."""
        if self._work.is_busy or self._case is None:
            return
        self.pages.setCurrentWidget(self.overrides)
        self.overrides.begin(self._case, kinds)

    def _after_trials(self) -> None:
        if self._closing:
            self.close()

    @property
    def doctor(self) -> Doctor:
        """The core's doors."""
        return self._doctor

    @property
    def case(self) -> Case | None:
        """What is shown; None before the first examination has ended."""
        return self._case

    def begin(
        self, work: Iterator[object], on_progress: Callable[[Progress], None], on_result: Callable[..., None]
    ) -> None:
        """Begin something that nothing else can be done beside."""
        self._work.begin(work, on_progress, on_result)

    def let_build(self) -> None:
        """Let what is at work go on with a build that can be given up, from the header or by taking back."""
        self._is_building = True
        self.header.set_busy(True)
        self.result.set_free(True)

    def gives_way(self, act: Callable[[], None]) -> bool:
        """Give up a build that is going on, and do `act` then; False where there is none."""
        if self._is_building:
            self._afterwards = act
            self.cancel()
        return self._is_building

    def do_afterwards(self, act: Callable[[], None]) -> None:
        """Do something when what is at work has ended."""
        self._afterwards = act

    @property
    def is_busy(self) -> bool:
        """Whether something is being done that nothing else can be done beside."""
        return self._work.is_busy

    def cancel(self) -> None:
        """Ask what is at work to stop."""
        if self._work.is_busy:
            self._work.cancel()
            self.header.show_stopping()

    def show_case(self, case: Case, *, soon: bool = False) -> None:
        """Show a case on every page; `soon`: on the tabs, which are not in sight, once what is has been drawn."""
        self._case = case
        self.trials.begin(case)
        self.changes.begin(case.examination)
        self.header.show_verdict(verdict_of(case.examination))
        self.header.show_notes(case.examination.notes)
        self.header.show_last_fix(case.last_fix)
        (self.tabs.show_case_soon if soon else self.tabs.show_case)(case)

    def _show_again(self) -> None:
        """Build anew what was built with colours."""
        if self._case is not None:
            self.show_case(self._case)

    def show_overview(self) -> None:
        """Go back to the findings, sessions and history."""
        self.pages.setCurrentWidget(self.tabs)
        shown = self.tabs.currentWidget()
        (self.findings.findings if shown is self.findings else shown).setFocus()

    def _after_examination(self, case: Case) -> None:
        if not case.settled:
            self._show_so_far(case)
            return
        self.show_case(case)
        self.show_overview()

    def _show_so_far(self, case: Case) -> None:
        """Show what an examination has found so far; an older verdict stands until there is a new one."""
        if self._case is None:
            self.header.show_verdict(verdict_so_far(case.examination))
        if self._case is not None or case.examination.findings:
            self.findings.show_case(case)
            if self.pages.currentWidget() is self.welcome:
                self.show_overview()

    def _forget_so_far(self) -> None:
        """Show again what is known for sure, after an examination that came to no end."""
        if self._case is not None:
            self.show_case(self._case)
        elif self.pages.currentWidget() is self.tabs:
            self.pages.setCurrentWidget(self.welcome)

    def show_progress(self, progress: Progress) -> None:
        """Show progress on the page for it, or in the header where the person is elsewhere."""
        at_work = self.pages.currentWidget() is self.working
        (self.working if at_work else self.header).show_progress(progress)

    def show_result(self, outcome: Outcome, case: Case | None = None) -> None:
        """Show what came of it, and the case as it is now."""
        if case is not None:
            self.show_case(case, soon=True)
        self.result.show_outcome(outcome)
        self.pages.setCurrentWidget(self.result)

    def _after_failure(self, failure: Failure) -> None:
        if self.pages.currentWidget() is self.working:
            self.show_result(*self.together.outcome_of_failure(failure) or (outcome_of_failure(failure),))
        else:
            self._forget_so_far()
            headline = tr(N_("The examination could not be finished."))
            self.header.show_verdict(Verdict("unknown", headline, tr(failure.message)))
            self.welcome.say(tr(N_("Press F5 to try again.")))

    def _after_work(self, was_cancelled: bool) -> None:
        if was_cancelled:
            self._after_cancelling()
        self.header.set_busy(False)
        self._set_free(True)
        self._is_building, afterwards, self._afterwards = False, self._afterwards, None
        if self._closing:
            self.close()
        elif afterwards is not None:
            afterwards()

    def _after_cancelling(self) -> None:
        """Show what holds after a cancelled task, unless it reached its result all the same."""
        if self.pages.currentWidget() is self.working:
            stopped = outcome_of_cancelling(fetched=self.working.has_fetched)
            self.show_result(*self.together.outcome_of_stop() or (stopped,))
            return
        self._forget_so_far()
        if self._case is None and self.pages.currentWidget() is self.welcome:
            self.header.show_verdict(Verdict("unknown", tr(N_("Not examined yet.")), ""))
            self.welcome.say(tr(N_("Press F5 to try again.")))

    def _leave_header(self) -> None:
        """Take the focus from a button that goes, so that the next key does not press Cancel in its place."""
        focused = self.focusWidget()
        if focused is None or self.header.isAncestorOf(focused):
            self.pages.setFocus()

    def show_working(
        self, title: str, *, may_ask: bool, installs: bool = False, parts: Sequence[str] = ()
    ) -> None:
        """Show that something begins; as `WorkingPage.begin`."""
        self.working.begin(title, may_ask=may_ask, installs=installs, parts=parts)
        self.header.set_busy(True, cancellable=False)
        self.pages.setCurrentWidget(self.working)

    def _fill(self) -> None:
        middle = self._middle
        middle.finish()
        self.changes, self.working, self.result = middle.changes, middle.working, middle.result
        self.preview_page, self.overrides, self.tabs = middle.preview_page, middle.overrides, middle.tabs
        self.findings, self.sessions = self.tabs.findings, self.tabs.sessions
        self.toolchains, self.history = self.tabs.toolchains, self.tabs.history
        self.plan_page, self._set_free = middle.plan_page, middle.set_free
        self.treatments, self.together = Treatments(self), Together(self)

    def _connect(self) -> None:
        self._work.begun.connect(lambda: self._set_free(False))
        self._work.failed.connect(self._after_failure)
        self._work.ended.connect(self._after_work)
        for asks in (self.header, self.changes, self.tabs.images):
            asks.examine_requested.connect(self.examine)
        for wants in (self.header, self.findings):
            wants.thorough_requested.connect(self.examine_thoroughly)
        self.header.cancel_requested.connect(self.cancel)
        self.header.keys_requested.connect(partial(show_keys, self))
        self.header.take_back_requested.connect(lambda: self.take_back())
        self.findings.fix_chosen.connect(self.preview)
        self.findings.all_wanted.connect(self.together.preview)
        self.findings.offer_wanted.connect(self.trials.ask_offer)
        self.trials.offered.connect(self.findings.panel.show_offer)
        self.findings.instead_wanted.connect(lambda found: self.ask_instead(found.sessions))
        self.sessions.instead_wanted.connect(lambda kind: self.ask_instead((kind,)))
        self.overrides.closed.connect(self.show_overview)
        self._beside = (
            self.trials,
            self.together,
            self.tabs,
            self.changes,
            self.overrides,
        )  # at work beside all else
        for beside in self._beside:
            beside.ended.connect(self._after_trials)
        self.toolchains.planned.connect(self.preview)
        self.toolchains.refused.connect(lambda failure: self.show_result(outcome_of_failure(failure)))
        self.preview_page.other_chosen.connect(self.preview)
        self.history.take_back_requested.connect(lambda receipt: self.take_back((receipt,)))
        self.history.several_requested.connect(self.together.preview_return)
        self.preview_page.agreed.connect(self.treat)
        self.preview_page.declined.connect(self.show_overview)
        self.working.cancel_requested.connect(self.cancel)
        self.result.take_back_requested.connect(self.take_back)
        self.result.closed.connect(self.show_overview)

    def _make_shortcuts(self) -> None:
        pages = self.tabs.shortcuts.items()
        add_shortcuts(self, {
            "F5 Ctrl+R": (tr(N_("Examine again")), self.examine),
            "Shift+F5": (tr(N_("Examine thoroughly: also build a small program")), self.examine_thoroughly),
            "Ctrl+Z": (tr(N_("Take the newest fix back")), self.take_back),
            **{keys: (self.tabs.title_of(page), partial(self._show_tab, page)) for keys, page in pages},
            "Ctrl+Q": (tr(N_("Close")), self.close),
        })  # fmt: skip

    def _show_tab(self, page: QWidget) -> None:
        if self._case is not None and not self._work.is_busy:
            self.pages.setCurrentWidget(self.tabs)
        self.tabs.setCurrentWidget(page)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        return move_focus(self.centralWidget(), forward)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._recolour.start()  # not now: Qt is going through a list of all widgets, which must not change

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        beside = self._beside if self._is_finished else ()
        if not (self._work.is_busy or any(each.is_busy for each in beside)):
            event.accept()
            return
        self._closing = True
        self.cancel()
        for each in beside:
            each.stop()
        event.ignore()  # closes when the work has stopped
