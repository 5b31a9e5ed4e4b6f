"""What came of it, and the way back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gomedic.texts import N_
from gomedic_gui.announcing import announce
from gomedic_gui.button import Button
from gomedic_gui.commands_box import CommandsBox
from gomedic_gui.glyph import Glyph
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.outcome import Outcome
from gomedic_gui.text import tr


class ResultPage(QWidget):
    """Shows an outcome; asks to take it back, or to go on."""

    take_back_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._take_back = Button("back")
        self._take_back.setObjectName("take-back-result")
        self._take_back.say(tr(N_("&Take it back")), tr(N_("Puts every file back as it was")))
        self._take_back.clicked.connect(self.take_back_requested)
        self._close = Button(look="primary")
        self._close.setObjectName("close-result")
        self._close.say(tr(N_("&Back to the overview")), tr(N_("Shows what is found now (Esc)")))
        self._close.press_by("Esc")
        self._close.clicked.connect(self.closed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._bar())

    def show_outcome(self, outcome: Outcome) -> None:
        """Show what came of it."""
        self._scroll.setWidget(_body(outcome))
        self._take_back.setVisible(outcome.can_be_taken_back)
        self._close.setFocus()
        announce(self, outcome.headline, *(line.words for line in outcome.lines), urgent=True)

    def set_free(self, free: bool) -> None:
        """Say whether a fix could be taken back now."""
        self._take_back.setEnabled(free)

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


def _body(outcome: Outcome) -> QWidget:
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(24, 24, 24, 18)
    layout.setSpacing(12)
    top = QHBoxLayout()
    top.setSpacing(14)
    sign = Glyph(36)
    sign.show_level(outcome.level)
    top.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    top.addWidget(label(outcome.headline, scale=1.3, bold=True), 1, Qt.AlignmentFlag.AlignVCenter)
    layout.addLayout(top)
    layout.addSpacing(4)
    for line in outcome.lines:
        row = GlyphRow()
        row.show_level(line.level, line.words)
        row.setContentsMargins(50, 0, 0, 0)
        layout.addWidget(row)
    if outcome.commands:
        layout.addWidget(CommandsBox(outcome.commands))
    layout.addStretch(1)
    return body
