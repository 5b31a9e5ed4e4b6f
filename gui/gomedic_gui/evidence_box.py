"""One piece of evidence: where it is, the lines themselves, and a button to copy them."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gomedic.model import Evidence
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.case import Excerpt
from gomedic_gui.code_box import CodeBox
from gomedic_gui.labels import code_font, label
from gomedic_gui.places import place
from gomedic_gui.text import tr
from gomedic_gui.wording import kind_in_words


class EvidenceBox(QWidget):
    """Shows what was seen, word for word."""

    def __init__(self, evidence: Evidence, excerpt: Excerpt | None, level: str, home: str) -> None:
        super().__init__()
        self._evidence = evidence
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._top_row(home))
        if excerpt is not None:
            layout.addWidget(CodeBox(excerpt, level))
        elif evidence.text:
            text = label(evidence.text)
            text.setFont(code_font())
            layout.addWidget(text)

    def _top_row(self, home: str) -> QHBoxLayout:
        row = QHBoxLayout()
        where = (
            place(self._evidence.file, self._evidence.line, home) if self._evidence.file else self._session()
        )
        row.addWidget(label(where, bold=True), 1)
        copy = Button("copy", "quiet")
        copy.setObjectName("copy")
        copy.say(tr(N_("Copy")), tr(N_("Copy the place and the line")))
        copy.clicked.connect(self.copy)
        row.addWidget(copy)
        return row

    def _session(self) -> str:
        return kind_in_words(self._evidence.session) if self._evidence.session else ""

    def copy(self) -> None:
        """Put FILE:LINE and the line on the clipboard."""
        seen = self._evidence
        where = f"{seen.file}:{seen.line}" if seen.line else seen.file
        QGuiApplication.clipboard().setText("\n".join(part for part in (where, seen.text) if part))
