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
    """Waits for a proof; shows what it says in a sentence, and the sessions before and after as a picture.

    It stays, whatever fix it is about: what walks through the cells of its picture may hold on to it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._model = MapModel()
        self.map = MapView(self._model, tr(N_("Which Go each session gets, now and with the fix")))
        self._save = SaveButton()
        self._save.told.connect(self._tell_saved)
        self._save.offer(tr(N_("Which Go, where")), self.map, self.map.accessibleName)
        self._waiting = label(tr(N_("Trying it in a copy of your files…")), muted=True)
        self._verdict, self._saved = GlyphRow(), GlyphRow()
        top = QHBoxLayout()
        top.addWidget(label(tr(N_("What it would change")), bold=True), 1)
        top.addWidget(self._save)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 14)
        rows.setSpacing(6)
        rows.addLayout(top)
        for each in (self._waiting, self._verdict, self.map, self._saved):
            rows.addWidget(each)
        self.begin()

    def begin(self) -> None:
        """Wait for a proof."""
        self.is_waiting = True
        self._waiting.show()
        for each in (self._verdict, self.map, self._save, self._saved):
            each.hide()

    def show_proof(self, proof: Proof | None, verdict: tuple[str, str] | None = None) -> None:
        """Show what came of the trial; None where it could not be made. `verdict`: level and sentence, else made of it."""
        self.is_waiting = False
        self._waiting.hide()
        _tell(self._verdict, *(verdict or _verdict(proof)))
        if proof is not None and any(change.before or change.after for change in proof.sessions):
            self._model.show_changes(proof.sessions)
            self.map.show()
            self._save.show()

    def _tell_saved(self, level: str, words: str) -> None:
        _tell(self._saved, level, words)


def _tell(row: GlyphRow, level: str, words: str) -> None:
    row.show_level(level, words)
    row.setAccessibleName(words)
    row.show()


def _verdict(proof: Proof | None) -> tuple[str, str]:
    if proof is None:
        unknown = N_("This cannot be tried beforehand; gomedic examines again right after the change.")
        return "unknown", tr(unknown)
    if not proof.helps:
        return "warning", tr(N_("In the copy this did not help; another way may."))
    if all(change.before == change.after for change in proof.sessions):
        return "ok", tr(N_("Every session keeps the Go it has, and the problem is gone."))
    return "ok", tr(N_("In a copy of your files the problem is gone."))
