"""What an installation would change in start-up files, as words and as diffs."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gomedic.model import Step
from gomedic.preview import outline
from gomedic.texts import N_
from gomedic_gui.labels import label
from gomedic_gui.step_card import step_card
from gomedic_gui.text import tr

_NONE = N_("No start-up file has to be changed for that: new sessions find it already.")


class EditsBox(QWidget):
    """Is empty until it is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(10)

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        """Show the edits, each with its diff, or that there are none."""
        shown = outline(steps)
        for step in shown:
            self._rows.addWidget(step_card(tr(step.words), step.diff, step.privileged))
        if not shown:
            self._rows.addWidget(label(tr(_NONE), muted=True))
