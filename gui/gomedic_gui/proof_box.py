"""What a fix would change, tried in a copy: which Go each kind of session has, and would have."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gomedic.proof import Change, Proof
from gomedic.texts import N_
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.text import tr
from gomedic_gui.wording import kind_in_words, version_in_words


class ProofBox(QFrame):
    """Waits for a proof, and shows it in words, a line for each kind of session that changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(14, 12, 14, 14)
        self._rows.setSpacing(6)
        self._rows.addWidget(label(tr(N_("What it would change")), bold=True))
        self._waiting = label(tr(N_("Trying it in a copy of your files…")), muted=True)
        self._rows.addWidget(self._waiting)
        self.is_waiting = True

    def show_proof(self, proof: Proof | None) -> None:
        """Show what came of the trial; None where it could not be made."""
        self.is_waiting = False
        self._waiting.hide()
        for level, words in _lines(proof):
            row = GlyphRow()
            row.show_level(level, words)
            row.setAccessibleName(words)
            self._rows.addWidget(row)


def _lines(proof: Proof | None) -> list[tuple[str, str]]:
    if proof is None:
        return [
            (
                "unknown",
                tr(N_("This cannot be tried beforehand; gomedic examines again right after the change.")),
            )
        ]
    lines = [_line(change) for change in proof.sessions if change.before != change.after]
    if not lines and proof.helps:
        lines.append(("ok", tr(N_("Every session keeps the Go it has, and the problem is gone."))))
    if not proof.helps:
        lines.append(("warning", tr(N_("In the copy this did not help; another way may."))))
    return lines


def _line(change: Change) -> tuple[str, str]:
    before, after = _in_words(change.before), _in_words(change.after)
    words = tr(N_("{session}: {then} → {now}"), session=kind_in_words(change.kind), then=before, now=after)
    return "ok" if change.after else "warning", words


def _in_words(version: str | None) -> str:
    return version_in_words(version) if version else tr(N_("No Go"))
