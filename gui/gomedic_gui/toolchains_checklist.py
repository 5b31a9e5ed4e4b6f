"""The steps of an installation as a small list, ticked off as they pass."""

from msgspec import structs
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gomedic import stages
from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic_gui.icons import paint_icon, paint_level
from gomedic_gui.labels import label
from gomedic_gui.palette import colour
from gomedic_gui.text import tr

TO_COME, NOW, PASSED, LEFT_OUT = "to come", "now", "passed", "left out"
_STATES = {TO_COME: N_("to come"), NOW: N_("under way"), PASSED: N_("done"), LEFT_OUT: N_("left out")}
_ITEMS = (  # stages, what it is called, what it is called once it has passed
    ((stages.LOOK, stages.FETCH), N_("Fetch it"), N_("Fetched")),
    ((stages.SUM,), N_("Compare its SHA-256"), N_("SHA-256 compared")),
    ((stages.SIGNATURE,), N_("Check its signature"), N_("Signature checked")),
    ((stages.UNPACK,), N_("Unpack it"), N_("Unpacked")),
    ((stages.TRY,), N_("Try it: build and run a program"), N_("Tried: it builds and runs a program")),
    ((stages.WRITE, stages.PLACE), N_("Put it into its place"), N_("In its place")),
    ((stages.EXAMINE, stages.BUILD), N_("Examine the sessions again"), N_("Sessions examined again")),
)
_LEFT_OUT = {stages.SIGNATURE: N_("Signature not checked"), stages.TRY: N_("Not tried")}
_TOLD = (stages.SUM, stages.SIGNATURE)  # whose last word is what came of them


class CheckList(QWidget):
    """Follows the progress of an installation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        self.rows = [Row() for _item in _ITEMS]
        for row in self.rows:
            layout.addWidget(row)
        self.setAccessibleName(tr(N_("Steps of the installation")))
        self.begin()

    def begin(self) -> None:
        """Show that all is still to come."""
        self._said: dict[int, str] = {}
        self._seen: set[int] = set()
        self._at = -1
        self._show()

    @property
    def has_fetched(self) -> bool:
        """Whether something of the release was fetched."""
        return self._at > 0 or 0 in self._said

    def show_progress(self, progress: Progress) -> None:
        """Tick off what comes before the stage that the progress is of."""
        at = next((n for n, item in enumerate(_ITEMS) if progress.step in item[0]), None)
        if at is None or at < self._at:
            return
        self._at = at
        self._seen.add(at)
        if progress.transfer is not None:
            self._said[at] = progress.transfer.source
        elif progress.step in _TOLD:
            self._said[at] = tr(_by_day(progress.what))
        self._show()

    def _show(self) -> None:
        for number, (row, item) in enumerate(zip(self.rows, _ITEMS, strict=True)):
            state = self._state(number)
            words = {PASSED: item[2], LEFT_OUT: _LEFT_OUT.get(item[0][0], "")}.get(state, item[1])
            row.show_state(state, tr(words), self._detail(number, state))

    def _state(self, number: int) -> str:
        """Return how it stands with a step; one of which nothing was heard was not made."""
        if number >= self._at:
            return NOW if number == self._at else TO_COME
        may_be_left_out = _ITEMS[number][0][0] in _LEFT_OUT
        return LEFT_OUT if may_be_left_out and number not in self._seen else PASSED

    def _detail(self, number: int, state: str) -> str:
        said = self._said.get(number, "")
        if number == 0 and said:
            return tr(N_("from {source}"), source=said)
        return said if state == PASSED else ""


def _by_day(told: Message) -> Message:
    """Shorten the time at which something was signed to its day."""
    made = str(told.values.get("made", ""))
    return structs.replace(told, values={**told.values, "made": made[:10]}) if made else told


class Row(QWidget):
    """One thing to be done, and how it stands with it."""

    def __init__(self, *, detailed: bool = True) -> None:
        super().__init__()
        self._sign = _Sign()
        self._words = label()
        self._detail = label(muted=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._words, 2)
        if detailed:
            layout.addWidget(self._detail, 3)

    def show_state(self, state: str, words: str, detail: str = "") -> None:
        """Show how it stands, in words and with a sign."""
        self.state = state
        self._sign.show_state(state)
        self._words.setText(words)
        font = self._words.font()
        font.setBold(state == NOW)
        self._words.setFont(font)
        self._detail.setText(detail)
        self.setAccessibleName(
            tr(N_("{step}: {state}. {detail}"), step=words, state=tr(_STATES[state]), detail=detail).strip()
        )


class _Sign(QWidget):
    """A tick, a warning, an arrow or an empty ring; each has a shape of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._state = TO_COME
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, state: str) -> None:
        self._state = state
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(18, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        area, shown = QRectF(self.rect()), self.palette()
        if self._state in (PASSED, LEFT_OUT):
            paint_level(painter, area, "ok" if self._state == PASSED else "warning", shown)
        else:
            name, tint = ("runs", "focus") if self._state == NOW else ("none", "muted")
            paint_icon(painter, area, name, colour(tint, shown), colour("surface", shown))
        painter.end()
