"""The top of the window: the verdict, and the two actions that are always there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QProgressBar, QVBoxLayout, QWidget

from gomedic.model import Progress, Receipt
from gomedic.texts import N_, Message
from gomedic_gui.announcing import announce
from gomedic_gui.button import Button
from gomedic_gui.glyph import Glyph
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.text import tr
from gomedic_gui.verdict import Verdict
from gomedic_gui.working_page import show_fraction


class Header(QFrame):
    """Shows a verdict or what is going on; asks to examine, to stop, or to take the last fix back."""

    examine_requested = Signal()
    thorough_requested = Signal()
    cancel_requested = Signal()
    take_back_requested = Signal()
    keys_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._glyph = Glyph(40)
        self._headline = label(scale=1.5, bold=True)
        self._headline.setObjectName("headline")
        self._details = label(muted=True)
        self._details.setObjectName("details")
        self._notes = GlyphRow(size=16)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(tr(N_("Progress")))
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._make_buttons()
        self._lay_out()
        self.set_busy(False)
        self.show_notes(())
        self.show_last_fix(None)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the verdict, and let a screen reader say it."""
        self._glyph.show_level(verdict.level)
        is_news = verdict.headline != self._headline.text()
        self._headline.setText(verdict.headline)
        self._details.setText(verdict.details)
        if is_news:
            announce(self._headline, verdict.headline, verdict.details)

    def show_progress(self, progress: Progress) -> None:
        """Show what is being done, below the verdict that still stands."""
        self._details.setText(tr(progress.what))
        show_fraction(self._bar, progress.fraction)

    def show_notes(self, notes: tuple[Message, ...]) -> None:
        """Show what the person should know of the examination itself."""
        self._notes.show_level("hint", "\n".join(tr(note) for note in notes))
        self._notes.setVisible(bool(notes))

    def show_last_fix(self, receipt: Receipt | None) -> None:
        """Offer to take back a fix (None: there is none to take back)."""
        self._receipt = receipt
        self._take_back.setVisible(receipt is not None)
        title = tr(receipt.title) if receipt else ""
        self._take_back.say(tr(N_("Ta&ke back")), tr(N_("Takes back: {title} (Ctrl+Z)"), title=title))

    def set_busy(self, busy: bool, *, cancellable: bool = True) -> None:
        """Show whether work is going on; `cancellable`: offer here to stop it."""
        self._bar.setVisible(busy and cancellable)
        self._bar.setRange(0, 0)
        self._cancel.setVisible(busy and cancellable)
        self._cancel.setEnabled(True)
        for button in (self._again, self._ways):
            button.setVisible(not (busy and cancellable))
            button.setEnabled(not busy)
        self._take_back.setEnabled(not busy)

    def show_stopping(self) -> None:
        """Show that the work was asked to stop."""
        self._cancel.setEnabled(False)
        self._details.setText(tr(N_("Stopping…")))

    def _make_buttons(self) -> None:
        self._again = Button("again")
        self._again.setObjectName("again")
        self._again.say(tr(N_("&Examine again")), tr(N_("Looks at everything again; changes nothing (F5)")))
        self._again.clicked.connect(self.examine_requested)
        self._ways = Button("down")
        self._ways.setObjectName("ways-to-examine")
        self._ways.setProperty("narrow", True)
        self._ways.setAccessibleName(tr(N_("Ways to examine")))
        self._ways.setToolTip(self._ways.accessibleName())
        self._ways.setMenu(self._menu())
        self._cancel = Button("stop")
        self._cancel.setObjectName("cancel")
        self._cancel.say(tr(N_("&Cancel")), tr(N_("Stops the examination")))
        self._cancel.clicked.connect(self.cancel_requested)
        self._keys = Button(look="quiet")
        self._keys.setObjectName("keys")
        self._keys.say("?", tr(N_("Shows the keys that work here (F1)")))
        self._keys.setAccessibleName(tr(N_("Keys")))
        self._keys.clicked.connect(self.keys_requested)
        self._take_back = Button("back")
        self._take_back.setObjectName("take-back")
        self._take_back.clicked.connect(self.take_back_requested)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        again = menu.addAction(tr(N_("Examine again")))
        again.triggered.connect(self.examine_requested)
        thoroughly = menu.addAction(tr(N_("Examine thoroughly: also build a small program")))
        thoroughly.triggered.connect(self.thorough_requested)
        return menu

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._headline)
        words.addWidget(self._details)
        words.addWidget(self._notes)
        row = QHBoxLayout()
        row.setContentsMargins(18, 16, 18, 8)
        row.setSpacing(14)
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        for button in (self._take_back, self._again, self._ways, self._cancel, self._keys):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self._bar)
