"""The quiet offer to examine again, below the pages, so that nothing above it moves."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gomedic.model import Examination
from gomedic.texts import N_
from gomedic_gui.announcing import announce
from gomedic_gui.button import Button
from gomedic_gui.doctor import Doctor
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.places import tilde
from gomedic_gui.text import tr
from gomedic_gui.watches import Watches

_ENTRY = "/go"  # of PATH: the folder says more to a person than the command in it


class ChangeBar(QFrame):
    """Shows what has changed since the examination; what is left alone is not offered again until it changes more."""

    examine_requested = Signal()
    ended = Signal()  # nothing is being looked at any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._home = ""
        self.watches = Watches(doctor, self)
        self.watches.changed.connect(self._offer)
        self.watches.ended.connect(self.ended)
        self._words = GlyphRow(size=16)
        self._examine = Button("again")
        self._examine.setObjectName("examine-changed")
        self._examine.say(tr(N_("E&xamine")), tr(N_("Looks at everything again; changes nothing (F5)")))
        self._examine.clicked.connect(self.examine_requested)
        self._leave = Button(look="quiet")
        self._leave.setObjectName("leave-changed")
        self._leave.say(tr(N_("Leave it")), tr(N_("What is shown stays as it was examined")))
        self._leave.clicked.connect(self.hide)
        self._lay_out()
        self.hide()

    @property
    def is_busy(self) -> bool:
        """Whether something is being looked at."""
        return self.watches.is_busy

    def begin(self, examination: Examination) -> None:
        """Watch what this examination rests on."""
        self._home = examination.account.home
        self.watches.begin(examination)

    def set_free(self, free: bool) -> None:
        """Say whether an examination could be begun now."""
        self.watches.hold(not free)
        self._examine.setEnabled(free)

    def stop(self) -> None:
        """Watch no more."""
        self.watches.stop()

    def _offer(self, paths: tuple[str, ...]) -> None:
        if paths:
            sentence = self._sentence(paths)
            self._words.show_level("hint", sentence)
            announce(self, sentence)
        self.setVisible(bool(paths))

    def _sentence(self, paths: tuple[str, ...]) -> str:
        first = tilde(paths[0].removesuffix(_ENTRY).rstrip("/"), self._home)
        if len(paths) == 1:
            return tr(N_("{path} changed. Examine again?"), path=first)
        if len(paths) == 2:
            return tr(N_("{path} and one more place changed. Examine again?"), path=first)
        return tr(N_("{path} and {n} more places changed. Examine again?"), path=first, n=len(paths) - 1)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 6, 12, 6)
        row.setSpacing(10)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._examine)
        row.addWidget(self._leave)
