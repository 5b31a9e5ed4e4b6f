"""The lines of a file that belong to what is chosen in a picture."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gomedic.model import Evidence
from gomedic_gui.case import Case
from gomedic_gui.evidence_box import EvidenceBox


class LinesShown(QWidget):
    """Shows a place in a file with its neighbours, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 0)
        self._shown: tuple[Evidence | None, object] = (None, None)
        self.hide()

    def show_place(self, place: Evidence | None, case: Case, level: str = "hint") -> None:
        """Show a line of a file; None: nothing is to be shown."""
        excerpt = case.excerpts.get((place.file or "", place.line or 0)) if place is not None else None
        if (place, excerpt) == self._shown:
            return
        self._shown = (place, excerpt)
        self._clear()
        if place is not None:
            box = EvidenceBox(place, excerpt, level, case.examination.account.home)
            self._layout.addWidget(box)
            box.show()
        self.setVisible(place is not None)

    def _clear(self) -> None:
        while (old := self._layout.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
