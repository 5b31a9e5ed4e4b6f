"""What came of it, and the way back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gomedic.model import Receipt
from gomedic.texts import N_
from gomedic_gui.announcing import announce
from gomedic_gui.button import Button
from gomedic_gui.commands_box import CommandsBox
from gomedic_gui.glyph import Glyph
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.map_model import DONE, MapModel, spoken
from gomedic_gui.map_view import MapView
from gomedic_gui.outcome import Outcome
from gomedic_gui.save_button import SaveButton
from gomedic_gui.scroll import Scroll
from gomedic_gui.text import tr

_INDENT = 50


class ResultPage(QWidget):
    """Shows an outcome; asks to take it back, or to go on."""

    take_back_requested = Signal(object)  # receipts, to be taken back together; none: the newest
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scroll = Scroll()
        self._take_back = Button("back")
        self._take_back.setObjectName("take-back-result")
        self._receipts: tuple[Receipt, ...] = ()
        self._take_back.clicked.connect(lambda: self.take_back_requested.emit(self._receipts))
        self._close = Button(look="primary")
        self._close.setObjectName("close-result")
        self._close.say(tr(N_("&Back to the overview")), tr(N_("Shows what is found now (Esc)")))
        self._close.press_by("Esc")
        self._close.clicked.connect(self.closed)
        self._scroll.setWidget(self._body())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._bar())

    def show_outcome(self, outcome: Outcome) -> None:
        """Show what came of it."""
        self._sign.show_level(outcome.level)
        self._headline.setText(outcome.headline)
        self._model.show_changes(outcome.changes)
        self._map_box.setVisible(bool(outcome.changes))
        self._said.hide()
        self._show_lines(outcome)
        self._scroll.verticalScrollBar().setValue(0)
        self._receipts = outcome.receipts
        count = len(outcome.receipts)
        several = N_("&Take both back") if count == 2 else N_("&Take all {n} back")
        text = several if count > 1 else N_("&Take it back")
        self._take_back.say(tr(text, n=count), tr(N_("Puts every file back as it was")))
        self._take_back.setVisible(outcome.can_be_taken_back)
        self._close.setFocus()
        changed = [spoken(change) for change in outcome.changes if change.before != change.after]
        announce(self, outcome.headline, *changed, *(line.words for line in outcome.lines), urgent=True)

    def set_free(self, free: bool) -> None:
        """Say whether a fix could be taken back now."""
        self._take_back.setEnabled(free)

    def _show_lines(self, outcome: Outcome) -> None:
        while (old := self._lines.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for line in outcome.lines:
            row = GlyphRow()
            row.show_level(line.level, line.words)
            row.setContentsMargins(_INDENT, 0, 0, 0)
            self._lines.addWidget(row)
        if outcome.commands:
            self._lines.addWidget(CommandsBox(outcome.commands))

    # ------------------------------------------------------------ how it is put together

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(10)
        row.addStretch(1)
        row.addWidget(self._take_back)
        row.addWidget(self._close)
        return bar

    def _body(self) -> QWidget:
        """Return what is shown; the map stays, for what walks through its cells may hold on to it."""
        self._sign = Glyph(36)
        self._headline = label(scale=1.3, bold=True)
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._headline, 1, Qt.AlignmentFlag.AlignVCenter)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(12)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(24, 24, 24, 18)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self._picture())
        layout.addLayout(self._lines)
        layout.addStretch(1)
        return body

    def _picture(self) -> QWidget:
        self._model = MapModel(headings=DONE)
        self.map = MapView(self._model, tr(N_("Which Go each session had before, and has now")))
        self._said = GlyphRow()
        self._said.hide()
        save = SaveButton()
        save.told.connect(self._tell)
        save.offer(tr(N_("Which Go, where")), self.map, self.map.accessibleName)
        self._map_box = QWidget()
        layout = QVBoxLayout(self._map_box)
        layout.setContentsMargins(_INDENT, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.map)
        below = QHBoxLayout()
        below.addWidget(self._said, 1)
        below.addWidget(save, 0, Qt.AlignmentFlag.AlignRight)
        layout.addLayout(below)
        return self._map_box

    def _tell(self, level: str, words: str) -> None:
        self._said.show_level(level, words)
        self._said.show()
