"""What could be done instead: every way to override the machine's Go, tried, and what defeats it in which session."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gomedic.model import Examination, Progress
from gomedic.texts import N_
from gomedic_gui.announcing import announce
from gomedic_gui.asides import Asides
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.doctor import Doctor
from gomedic_gui.failure import Failure
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.overrides import Tried, answer_of, question_of, trying
from gomedic_gui.overrides_panel import OverridesPanel
from gomedic_gui.save_button import SaveButton
from gomedic_gui.text import tr
from gomedic_gui.working_page import show_fraction

_ASKED = N_("What could I do instead, and what would defeat it?")
_WAITING = N_("Each way is tried in a copy of your files; nothing is changed.")


class OverridesPage(QWidget):
    """Tries the ways in the background, once for each examination; shows what came of it."""

    closed = Signal()
    ended = Signal()  # nothing is at work beside any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doctor = doctor
        self._asides = Asides(self)
        self._asides.ended.connect(self.ended)
        self._seen: Examination | None = None  # what is shown, or being tried, is of this one
        self._home = ""
        self._kinds: tuple[str, ...] = ()
        self._title = label(tr(_ASKED), scale=1.3, bold=True)
        self._asked = label(muted=True)
        self._best = GlyphRow()
        self.panel = OverridesPanel()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._waiting())
        self._stack.addWidget(self.panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._top())
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._bar_below())

    @property
    def is_busy(self) -> bool:
        """Whether ways are being tried."""
        return self._asides.busy

    def stop(self) -> None:
        """Try no more."""
        if self._asides.busy:
            self._seen = None
        self._asides.cancel()

    def begin(self, case: Case, kinds: tuple[str, ...]) -> None:
        """Show what could be done, for these kinds of session above all; try it where that is not known yet."""
        self._kinds, self._home = kinds, case.examination.account.home
        self._back.setFocus()
        if self._seen is case.examination:
            self._choose()
            return
        self._seen = case.examination
        self._asides.cancel()
        self._best.hide()
        self._asked.hide()
        self._save.hide()
        self._says.setText(tr(_WAITING))
        self._progress.setRange(0, 0)
        self._progress.show()
        self._stack.setCurrentIndex(0)
        wanted = case.examination
        self._asides.run(
            trying(self._doctor),
            self._for(wanted, self._show),
            self._for(wanted, self._show_failure),
            self._for(wanted, self._show_progress),
        )

    def _for(self, wanted: Examination, tell: Callable[..., None]) -> Callable[..., None]:
        """Let only what belongs to the examination that is asked about be told."""
        return lambda value: tell(value) if self._seen is wanted else None

    def _show_progress(self, progress: Progress) -> None:
        self._says.setText(f"{tr(progress.what)}\n{tr(_WAITING)}")
        show_fraction(self._progress, progress.fraction)

    def _show(self, tried: Tried) -> None:
        best = answer_of(tried.found)
        self._best.show_level("ok" if tried.found.best else "hint", best)
        self._best.show()
        self._asked.setText(question_of(tried.found))
        self._asked.show()
        self._save.show()
        self.panel.show_tried(tried, self._home)
        self._stack.setCurrentWidget(self.panel)
        announce(self, best)
        self._choose()

    def _choose(self) -> None:
        self.panel.choose(self._kinds)
        if self._stack.currentWidget() is self.panel:
            self.panel.table.setFocus()

    def _show_failure(self, failure: Failure) -> None:
        self._seen = None
        self._progress.hide()
        self._says.setText(tr(failure.message))

    def _leave(self) -> None:
        self.stop()
        self.closed.emit()

    # ------------------------------------------------------------ how it is put together

    def _top(self) -> QVBoxLayout:
        top = QVBoxLayout()
        top.setContentsMargins(24, 18, 24, 10)
        top.setSpacing(6)
        for each in (self._title, self._asked, self._best):
            top.addWidget(each)
        return top

    def _waiting(self) -> QWidget:
        page = QWidget()
        self._says = label(muted=True)
        self._says.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._progress = QProgressBar(textVisible=False)
        self._progress.setAccessibleName(tr(N_("Progress")))
        layout = QVBoxLayout(page)
        layout.setContentsMargins(80, 20, 80, 40)
        layout.setSpacing(14)
        layout.addStretch(2)
        layout.addWidget(self._progress)
        layout.addWidget(self._says)
        layout.addStretch(3)
        return page

    def _bar_below(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("bar")
        self._back = Button("back", "primary")
        self._back.setObjectName("back-from-overrides")
        self._back.say(tr(N_("&Back")), tr(N_("Changes nothing (Esc)")))
        self._back.press_by("Esc")
        self._back.clicked.connect(self._leave)
        self._foot = label(tr(N_("Nothing is changed here: you see what each way would do.")), muted=True)
        self._save = SaveButton()
        self._save.told.connect(lambda _level, words: self._foot.setText(words))
        self._save.offer(tr(N_("What could be done instead")), self.panel.table, self._asked.text)
        row = QHBoxLayout(bar)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(10)
        row.addWidget(self._foot, 1)
        row.addWidget(self._save)
        row.addWidget(self._back)
        return bar
