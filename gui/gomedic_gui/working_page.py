"""Something long at work: what it is doing, how far it is, and a way to stop it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic_gui.button import Button
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.part_list import PartList
from gomedic_gui.text import listed, tr
from gomedic_gui.toolchains_checklist import CheckList

_PERCENT, _AMOUNT = N_("{percent} %"), N_("{done} of {size} MB")
_SPEED, _LEFT = N_("{speed} MB/s"), N_("{left} left")


class WorkingPage(QWidget):
    """Shows progress; asks to be cancelled."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label(scale=1.3, bold=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._what = label(muted=True)
        self._what.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._password = GlyphRow()
        self._password.show_level(
            "hint",
            tr(
                N_(
                    "You may be asked for a password, in a window or in the terminal that gomedic was started from."
                )
            ),
        )
        self._steps = CheckList()
        self._parts = PartList()
        self._done, self._count = 0, 1
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(tr(N_("Progress")))
        self._cancel = Button("stop")
        self._cancel.setObjectName("cancel-work")
        self._cancel.press_by("Esc")
        self._cancel.clicked.connect(self._ask_to_cancel)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(80, 40, 80, 40)
        layout.setSpacing(14)
        layout.addStretch(2)
        for widget in (self._title, self._bar, self._what, self._password):
            layout.addWidget(widget)
        layout.addSpacing(6)
        layout.addWidget(self._steps)
        layout.addWidget(self._parts)
        layout.addSpacing(10)
        layout.addLayout(row)
        layout.addStretch(3)

    def begin(
        self, title: str, *, may_ask: bool = False, installs: bool = False, parts: Sequence[str] = ()
    ) -> None:
        """Show that something begins.

        `may_ask`: that a password may be asked for; `installs`: a toolchain; `parts`: what is done one after the other.
        """
        self._parts.begin(parts)
        self._done, self._count = 0, max(1, len(parts))
        self._steps.setVisible(installs)
        self._steps.begin()
        self._password.setVisible(may_ask)
        self._title.setText(title)
        self._what.setText("")
        self._bar.setRange(0, 0)
        self._cancel.setEnabled(True)
        leaves = N_("Stops; what is done by then stays, and nothing is left half done (Esc)")
        explained = leaves if parts else N_("Stops, and leaves the computer as it was (Esc)")
        self._cancel.say(tr(N_("&Cancel")), tr(explained))

    def show_part(self, at: int, failed: Sequence[int] = ()) -> None:
        """Show that the part of this number is under way, and which of those before it failed."""
        self._done = at
        self._parts.show_at(at, failed)
        show_fraction(self._bar, at / self._count)

    def show_progress(self, progress: Progress) -> None:
        """Show a piece of progress."""
        self._what.setText(_in_words(progress))
        self._steps.show_progress(progress)
        show_fraction(self._bar, self._overall(progress.fraction))

    def _overall(self, fraction: float | None) -> float | None:
        """Return how far the whole is, of which one part is so far."""
        return fraction if self._count == 1 else (self._done + (fraction or 0)) / self._count

    @property
    def has_fetched(self) -> bool:
        """Whether something of a toolchain was fetched, which is kept."""
        return self._steps.has_fetched

    def _ask_to_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._what.setText(tr(N_("Stopping…")))
        self.cancel_requested.emit()


def _in_words(progress: Progress) -> str:
    """Return what is going on; of a download how far it is, how fast and how long still: from where is told below."""
    values, transfer = progress.what.values, progress.transfer
    if transfer is None or progress.fraction is None or not {"done", "size", "speed", "left"} <= set(values):
        return tr(progress.what)
    percent = tr(_PERCENT, percent=int(progress.fraction * 100))
    amount = tr(Message(_AMOUNT, values))
    speed = tr(Message(_SPEED, values)) if transfer.speed else ""
    left = tr(Message(_LEFT, values)) if transfer.seconds_left is not None else ""
    return listed([percent, amount, speed, left])


def show_fraction(bar: QProgressBar, fraction: float | None) -> None:
    """Show how far something is; None: not known."""
    if fraction is None:
        bar.setRange(0, 0)
    else:
        bar.setRange(0, 1000)
        bar.setValue(round(fraction * 1000))
