"""One step of a fix as a card: in words, with what it changes."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from gomedic.texts import N_
from gomedic_gui.diff_box import DiffBox
from gomedic_gui.glyph_row import root_mark
from gomedic_gui.labels import label
from gomedic_gui.text import tr


def step_card(words: str, diff: str | None = None, privileged: bool = False) -> QFrame:
    """Return the card of a step; `privileged`: it needs root."""
    card = QFrame()
    card.setObjectName("card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(14, 12, 14, 14)
    layout.setSpacing(8)
    layout.addWidget(label(words, bold=True))
    if privileged:
        layout.addLayout(needs_root())
    if diff:
        layout.addWidget(DiffBox(diff, words))
    return card


def needs_root() -> QHBoxLayout:
    """Return the shield and the words that mark what needs an administrator."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(root_mark())
    row.addWidget(label(tr(N_("Needs an administrator's password"))), 1)
    return row
