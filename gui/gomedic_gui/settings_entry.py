"""What the lists of the settings page have in common: fields to enter one more, what is said of it, buttons, and their order."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QGridLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from gomedic_gui.button import Button
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label


def line(name: str, example: str, changed: Callable[[], None]) -> QLineEdit:
    """Return a field with an example in it; `changed` is called at every key."""
    field = QLineEdit(placeholderText=example)
    field.setObjectName(name)
    field.textChanged.connect(changed)
    return field


def button(name: str, words: str, explained: str, pressed: Callable[[], None]) -> Button:
    """Return a button."""
    made = Button()
    made.setObjectName(name)
    made.say(words, explained)
    made.clicked.connect(pressed)
    return made


def remark(name: str) -> GlyphRow:
    """Return a row for what is said of an entry, hidden until there is something."""
    row = GlyphRow(size=16)
    row.setObjectName(name)
    row.hide()
    return row


def say(row: GlyphRow, level: str, words: str) -> None:
    """Say something in such a row, to a screen reader too."""
    row.show_level(level, words)
    row.show()
    row.announce()


def clear(fields: Sequence[QLineEdit], row: GlyphRow) -> None:
    """Empty the fields, and forget what was said: what they held was added."""
    for field in fields:
        field.clear()
    row.hide()


def grid(stretches: Mapping[int, int]) -> QGridLayout:
    """Return a grid for the fields, whose columns take these shares of the width."""
    made = QGridLayout()
    made.setHorizontalSpacing(10)
    for column, share in stretches.items():
        made.setColumnStretch(column, share)
    return made


def stack(box: QWidget, introduction: str, parts: Sequence[QWidget | QLayout]) -> None:
    """Put an introduction and parts below each other into a box."""
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(label(introduction, muted=True))
    for part in parts:
        if isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
