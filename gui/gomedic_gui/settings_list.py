"""A short list of settings of one kind, each with what is known of it and a button that takes it out."""

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.labels import label
from gomedic_gui.text import tr


class Line(Struct, frozen=True):
    """One of them, in words."""

    title: str
    details: tuple[str, ...]
    number: int | None  # in the account's own file; None: of the machine's, which cannot be taken out here


class SettingsList(QWidget):
    """Shows lines on cards."""

    dropped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines; the same ones keep the focus that they have."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for line in self._lines:
            self._layout.addWidget(self._card(line))

    def _card(self, line: Line) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(line.title, bold=True))
        for detail in line.details:
            words.addWidget(label(detail, muted=True))
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        if line.number is None:
            row.addWidget(label(tr(N_("Set for the whole machine")), muted=True), 1)
        else:
            row.addWidget(self._drop_button(line.title, line.number), 0, Qt.AlignmentFlag.AlignVCenter)
        return card

    def _drop_button(self, title: str, number: int) -> Button:
        drop = Button()
        drop.setObjectName("drop")
        drop.say(tr(N_("Take out")), tr(N_("Takes it out of the settings file")))
        drop.setAccessibleName(tr(N_("Take out: {name}"), name=title))
        drop.clicked.connect(lambda: self.dropped.emit(number))
        return drop
