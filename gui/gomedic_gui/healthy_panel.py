"""What stands in place of a finding: what was checked, or why a check could not find out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gomedic.model import CheckResult, Examination
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.drawing import add_quietly, in_the_middle
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.scroll import Scroll
from gomedic_gui.text import tr
from gomedic_gui.wording import go_in_words, kind_in_words

_WHAT = (
    N_("Which Go each way of starting work gets, and who decides that"),
    N_("PATH, GOROOT, GOPATH and the other settings of Go, with the line that set each"),
    N_("Whether every Go installation found here is complete"),
    N_("Whether your shell's start-up files can be read and come to an end"),
)
_WIDE = 640  # pixels: what belongs together stands together


class HealthyPanel(Scroll):
    """Says what was looked at. Needs no action; asks to look more thoroughly, where the person wants to be sure."""

    thorough_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thoroughly: Button | None = None
        self._free = True

    def show_healthy(self, examination: Examination) -> None:
        """Show what was checked on a machine where nothing was found."""
        outer = self._empty_body()
        outer.addStretch(2)
        add_quietly(outer, "well", sentences=(tr(N_("Nothing needs to be done.")),))
        outer.addSpacing(6)
        told = QWidget()
        outer.addLayout(in_the_middle(told, _WIDE))
        outer.addStretch(3)
        layout = QVBoxLayout(told)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label(tr(N_("What was checked")), scale=1.2, bold=True))
        for what in _WHAT:
            layout.addWidget(_line("ok", tr(what)))
        layout.addSpacing(10)
        layout.addWidget(label(tr(N_("Which Go you get")), scale=1.2, bold=True))
        for session in examination.sessions:
            name = kind_in_words(session.kind, session.label)
            words = tr(N_("{session}: {go}"), session=name, go=go_in_words(session))
            layout.addWidget(_line("ok" if session.go else "hint", words))
        layout.addSpacing(10)
        layout.addLayout(self._way_to_be_sure())

    def set_free(self, free: bool) -> None:
        """Say whether an examination could be begun now."""
        self._free = free
        if self._thoroughly is not None:
            self._thoroughly.setEnabled(free)

    def show_unknown(self, check: CheckResult) -> None:
        """Show why a check could not find out; it never counts as passed."""
        layout = self._empty_body()
        layout.addWidget(_line("unknown", tr(N_("One check could not find out"))))
        layout.addWidget(label(tr(check.reason) if check.reason else check.id, scale=1.2, bold=True))
        layout.addWidget(label(tr(N_("Nothing is known about this point; it may be all right or not."))))
        layout.addWidget(label(tr(N_("Name of the check: {check}"), check=check.id), muted=True))
        layout.addStretch(1)

    def _way_to_be_sure(self) -> QHBoxLayout:
        self._thoroughly = Button("again")
        self._thoroughly.setObjectName("thoroughly")
        explained = tr(N_("Builds a small program, as each session would, in a folder of its own (Shift+F5)"))
        self._thoroughly.say(tr(N_("Examine &thoroughly")), explained)
        self._thoroughly.setEnabled(self._free)
        self._thoroughly.clicked.connect(self.thorough_requested)
        row = QHBoxLayout()
        words = N_("To be quite sure, gomedic can also build a small program. That takes up to a minute.")
        row.addWidget(label(tr(words), muted=True), 1)
        row.addWidget(self._thoroughly)
        return row

    def _empty_body(self) -> QVBoxLayout:
        self._thoroughly = None
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(18, 18, 18, 16)
        layout.setSpacing(10)
        self.setWidget(body)
        return layout


def _line(level: str, words: str) -> GlyphRow:
    row = GlyphRow()
    row.show_level(level, words)
    return row
