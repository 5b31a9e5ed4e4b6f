"""Several changes as one plan, before anything is done: each in words and as a diff, and what is left out and why."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gomedic.model import Progress
from gomedic.proof import Proof
from gomedic.texts import N_
from gomedic_gui.announcing import announce
from gomedic_gui.button import Button
from gomedic_gui.labels import label
from gomedic_gui.proof_box import ProofBox
from gomedic_gui.scroll import Scroll
from gomedic_gui.text import tr

_TOGETHER, _ROOM = 8, 6000  # parts, and pixels that they do not need
Makers = Iterator[QWidget | None]  # None: a part grew that was given before


class PlanPage(QWidget):
    """Shows a plan part by part; asks for it to be done, or not. Nothing can be agreed to before all is shown."""

    agreed = Signal()
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proof = ProofBox(self)
        self._proof.hide()
        self._scroll = Scroll()
        self._coming: Makers = iter(())
        self._count = 0  # parts that are shown
        self._then: Callable[[], None] = lambda: None
        self._building = QTimer(self, singleShot=True, interval=0)
        self._building.timeout.connect(self._build)
        self._do = Button(look="primary")
        self._do.setObjectName("do-all")
        self._do.clicked.connect(self.agreed)
        self._not_now = Button()
        self._not_now.setObjectName("not-now-all")
        self._not_now.press_by("Esc")
        self._not_now.clicked.connect(self.declined)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._bar())

    def begin(self, small: str, title: str, *, proves: bool) -> None:
        """Show that a plan is being made; `proves`: with which Go each session gets by it."""
        self._building.stop()
        self.is_waiting = True
        self._proof.setParent(self)  # out of what is replaced
        self._proof.hide()
        self._scroll.setWidget(self._body(small, title))
        if proves:
            self._proof.begin()
            self._insert(self._proof)
            self._proof.show()
        self._promise.setText("")
        self._do.setEnabled(False)
        self._not_now.setFocus()

    def name_actions(self, agree: str, explained: str, decline: str) -> None:
        """Say what the buttons do that agree, and decline."""
        self._do.say(agree, explained)
        self._not_now.say(decline, tr(N_("Changes nothing (Esc)")))

    def show_progress(self, progress: Progress) -> None:
        """Show how far the making of the plan is."""
        self._going_on.setText(tr(progress.what))
        self._going_on.show()

    def show_plan(
        self, title: str, parts: Makers, *, promise: str, can_do: bool, proof: Proof | None = None,
        verdict: tuple[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Show a plan; its parts are made one in each turn of the event loop, however many there are."""
        self._title.setText(title)
        self._going_on.hide()
        self._proof.show_proof(proof, verdict)
        self._coming, self._count = parts, 0
        self._then = lambda: self._settle(promise, can_do)
        self._building.start()

    def show_failure(self, words: str) -> None:
        """Show why there is no plan."""
        self.is_waiting = False
        self._proof.hide()
        self._going_on.setText(words)
        self._going_on.show()
        announce(self, words, urgent=True)

    def _build(self) -> None:
        try:
            made = next(self._coming)
        except StopIteration:
            self._shown.setMinimumHeight(0)
            self._then()
            return
        if made is not None:
            self._add(made)
        self._building.start()

    def _add(self, widget: QWidget) -> None:
        """Add a part, to a few others, where there is room: else all that is there were moved to make some, and back."""
        if self._count % _TOGETHER == 0:
            self._shown.setMinimumHeight(self._shown.height() + _ROOM)
            self._few = Section((), above=0)
            self._insert(self._few)
        self._count += 1
        self._few.add(widget)

    def _settle(self, promise: str, can_do: bool) -> None:
        self.is_waiting = False
        self._promise.setText(promise)
        self._do.setEnabled(can_do)
        if can_do and self._not_now.hasFocus():
            self._do.setFocus()
        announce(self, self._title.text(), promise)

    def _body(self, small: str, title: str) -> QWidget:
        body = QWidget()
        self._layout = QVBoxLayout(body)
        self._layout.setContentsMargins(24, 18, 24, 18)
        self._layout.setSpacing(10)
        self._layout.addWidget(label(small, scale=0.92, bold=True, muted=True))
        self._title = label(title, scale=1.3, bold=True)
        self._layout.addWidget(self._title)
        self._going_on = label(muted=True)
        self._layout.addWidget(self._going_on)
        self._going_on.hide()
        self._layout.addStretch(1)
        self._shown = body
        return body

    def _insert(self, widget: QWidget) -> None:
        self._layout.insertWidget(self._layout.count() - 1, widget)

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


class Section(QWidget):
    """Things that belong together, some room above them; it reckons its height by itself when another comes."""

    def __init__(self, widgets: Sequence[QWidget], above: int = 8) -> None:
        super().__init__()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, above, 0, 0)
        self._rows.setSpacing(8)
        for widget in widgets:
            self.add(widget)

    def add(self, widget: QWidget) -> None:
        """Add something below the rest."""
        self._rows.addWidget(widget)
