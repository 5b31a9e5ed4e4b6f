"""The parts of something that is done one after the other, ticked off as they pass."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gomedic.texts import N_
from gomedic_gui.text import tr
from gomedic_gui.toolchains_checklist import LEFT_OUT, NOW, PASSED, TO_COME, Row

_MOST = 7  # rows at a time: the window may be low
_BEFORE = 2  # of them, that have passed


class PartList(QWidget):
    """Shows where things are; of many, those around the one that is under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(N_("What is done, one after the other")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        self.rows = [Row(detailed=False) for _number in range(_MOST)]
        for row in self.rows:
            layout.addWidget(row)
        self.begin(())

    def begin(self, titles: Sequence[str]) -> None:
        """Show that all is still to come; without a title, nothing."""
        self._titles = tuple(titles)
        self.setVisible(bool(titles))
        self.show_at(-1)

    def show_at(self, at: int, failed: Sequence[int] = ()) -> None:
        """Show that the part of this number is under way, and those before it have passed but for the `failed`."""
        first = max(0, min(at - _BEFORE, len(self._titles) - _MOST))
        for number, row in enumerate(self.rows, first):
            row.setVisible(number < len(self._titles))
            if number < len(self._titles):
                state = TO_COME if number > at else NOW if number == at else PASSED
                row.show_state(LEFT_OUT if number in failed else state, self._titles[number])
