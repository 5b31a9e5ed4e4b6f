"""A fix before it is carried out: every step in words, with what it changes."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gomedic.model import Finding, Fix, InstallToolchain, Step
from gomedic.plans import is_wish
from gomedic.preview import outline
from gomedic.proof import Proof
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.edits_box import EditsBox
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.proof_box import ProofBox
from gomedic_gui.purge import purges
from gomedic_gui.scroll import Scroll
from gomedic_gui.step_card import step_card
from gomedic_gui.text import tr
from gomedic_gui.toolchains_plan import body_of, button_of
from gomedic_gui.wording import version_in_words

_WAY_BACK = N_("What is there now is kept: you can take this back at any time.")
_NO_WAY_BACK = N_("This is the one change that cannot be taken back.")


class PreviewPage(QWidget):
    """Shows a fix; asks for it to be done, or not."""

    agreed = Signal()
    declined = Signal()
    other_chosen = Signal(object, object)  # Finding, Fix to be shown instead

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proof = ProofBox(self)
        self._proof.hide()
        self._shows_proof = False
        self._scroll = Scroll()
        self._do = Button(look="primary")
        self._do.setObjectName("do")
        self._do.clicked.connect(self.agreed)
        self._not_now = Button()
        self._not_now.setObjectName("not-now")
        self._not_now.press_by("Esc")
        self._not_now.clicked.connect(self.declined)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._bar())

    def show_fix(self, finding: Finding, fix: Fix) -> None:
        """Show a fix and its steps; what it would change comes with `show_proof`."""
        focused = self.focusWidget()
        name = focused.objectName() if isinstance(focused, QAbstractButton) else ""
        not_now = N_("Ne&ver mind") if is_wish(finding) else N_("&Not now")
        self._not_now.say(tr(not_now), tr(N_("Changes nothing (Esc)")))
        self._proof.setParent(self)  # out of what is replaced
        self._shows_proof = not is_wish(finding)
        if is_wish(finding):
            self._show_plan(finding, fix)
        else:
            self._proof.begin()
            self._scroll.setWidget(_body(finding, fix, self._proof, self._new_edits()))
            self._do.say(tr(N_("&Do it")), tr(N_("Makes the changes shown here, and examines again")))
        self._promise.setText(tr(_NO_WAY_BACK if purges(fix) else _WAY_BACK))
        same = self._scroll.findChild(QAbstractButton, name) if name else None
        (same or self._do).setFocus()  # who changes something stays there

    def _show_plan(self, finding: Finding, fix: Fix) -> None:
        """Show what somebody asked for outright."""
        # what a link leads to does not show in a copy, so there is no proof
        # not now: the widget that chose is in what is replaced
        choose = partial(QTimer.singleShot, 0, self)
        body = body_of(
            finding,
            fix,
            lambda other: choose(lambda: self.other_chosen.emit(finding, other)),
            self._new_edits(),
        )
        self._scroll.setWidget(body)
        self._do.say(*button_of(fix))

    def show_proof(self, proof: Proof | None) -> None:
        """Show what the fix that is shown would change; None where that could not be tried."""
        if self._shows_proof:
            self._proof.show_proof(proof)

    def show_edits(self, steps: tuple[Step, ...]) -> None:
        """Show what an installation would change in start-up files."""
        self._edits.show_steps(steps)

    def _new_edits(self) -> EditsBox:
        self._edits = EditsBox()
        return self._edits

    @property
    def is_waiting(self) -> bool:
        """Whether what the fix would change is not known yet."""
        return self._shows_proof and self._proof.is_waiting

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(10)
        self._promise = label(muted=True)
        row.addWidget(self._promise, 1)
        row.addWidget(self._not_now)
        row.addWidget(self._do)
        return bar


def _body(finding: Finding, fix: Fix, proof: ProofBox, edits: EditsBox) -> QWidget:
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(24, 18, 24, 18)
    layout.setSpacing(10)
    layout.addWidget(label(tr(N_("This is what would be done")), scale=0.92, bold=True, muted=True))
    layout.addWidget(label(tr(fix.title), scale=1.3, bold=True))
    layout.addWidget(label(tr(N_("Against: {message}"), message=finding.message), muted=True))
    if fix.note is not None:
        note = GlyphRow()
        note.show_level("hint", tr(fix.note))
        layout.addWidget(note)
    layout.addWidget(proof)
    proof.show()
    if fix.install is not None:
        layout.addWidget(step_card(installing(fix.install)))
        layout.addWidget(edits)
    for number, step in enumerate(outline(fix.steps), 1):
        words = tr(step.words)
        layout.addWidget(
            step_card(f"{number}.  {words}" if len(fix.steps) > 1 else words, step.diff, step.privileged)
        )
    layout.addStretch(1)
    return body


def installing(wanted: InstallToolchain) -> str:
    """Return what is fetched, in words."""
    newest = N_("Download the newest Go, check that it is genuine and complete, and put it in place")
    named = N_("Download {version}, check that it is genuine and complete, and put it in place")
    text = newest if wanted.version == "latest" else named
    return tr(text, version=version_in_words(wanted.version))
