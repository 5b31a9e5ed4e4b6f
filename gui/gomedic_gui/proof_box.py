"""What a fix would change, tried in a copy: which Go each kind of session has, and would have."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gomedic.proof import Proof
from gomedic.texts import N_
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.map_model import MapModel
from gomedic_gui.map_view import MapView
from gomedic_gui.save_button import SaveButton
from gomedic_gui.text import tr


class ProofBox(QFrame):
    """Waits for a proof; shows what it says in a sentence, and the sessions before and after as a picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(14, 12, 14, 14)
        self._rows.setSpacing(6)
        self._top = QHBoxLayout()
        self._top.addWidget(label(tr(N_("What it would change")), bold=True), 1)
        self._rows.addLayout(self._top)
        self._waiting = label(tr(N_("Trying it in a copy of your files…")), muted=True)
        self._rows.addWidget(self._waiting)
        self.is_waiting = True

    def show_proof(self, proof: Proof | None) -> None:
        """Show what came of the trial; None where it could not be made."""
        self.is_waiting = False
        self._waiting.hide()
        self._tell(*_verdict(proof))
        if proof is not None and any(change.before or change.after for change in proof.sessions):
            self._rows.addWidget(self._picture(proof))

    def _picture(self, proof: Proof) -> MapView:
        picture = MapView(MapModel(proof.sessions))
        save = SaveButton()
        save.told.connect(self._tell)
        save.offer(tr(N_("Which Go, where")), picture, picture.accessibleName)
        self._top.addWidget(save)
        return picture

    def _tell(self, level: str, words: str) -> None:
        row = GlyphRow()
        row.show_level(level, words)
        row.setAccessibleName(words)
        self._rows.addWidget(row)


def _verdict(proof: Proof | None) -> tuple[str, str]:
    if proof is None:
        unknown = N_("This cannot be tried beforehand; gomedic examines again right after the change.")
        return "unknown", tr(unknown)
    if not proof.helps:
        return "warning", tr(N_("In the copy this did not help; another way may."))
    if all(change.before == change.after for change in proof.sessions):
        return "ok", tr(N_("Every session keeps the Go it has, and the problem is gone."))
    return "ok", tr(N_("In a copy of your files the problem is gone."))
