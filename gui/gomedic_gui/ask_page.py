"""Type or paste an error message: what was found that belongs to it, or honestly that nothing was."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gomedic.asking import Answer, Near, answer
from gomedic.diagnosis import Check
from gomedic.model import Finding
from gomedic.texts import N_, Message
from gomedic_gui.ask_field import AskField
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.check_page import CheckPage
from gomedic_gui.drawing import add_quietly
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.scroll import Scroll
from gomedic_gui.text import tr

_SOON = 250  # milliseconds after the last key
_LEVELS = {"found": "warning", "passed": "ok", "skipped": "unknown", "failed": "unknown", "": "unknown"}
_SAID_AS = {"not here": "hint", "other": "hint", "near": "hint", "unknown": "unknown"}


class AskPage(QStackedWidget):
    """Takes a message and answers it from the newest examination; asks for a finding to be brought up."""

    finding_chosen = Signal(str)  # its id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case: Case | None = None
        self._ways_on: list[Button] = []  # of the answer
        self.field = AskField()
        self.field.textChanged.connect(self._ask_soon)
        self.field.asked.connect(self.ask)
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self._show_answer)
        self._answers = Scroll()
        self.about = CheckPage(tr(N_("Back to the answer")))
        self.about.closed.connect(lambda: self.setCurrentIndex(0))
        self.addWidget(self._asking())
        self.addWidget(self.about)
        self.setFocusProxy(self.field)
        self._show_answer()

    def show_case(self, case: Case) -> None:
        """Answer from this case from now on."""
        self._case = case
        self._show_answer()

    def ask(self) -> None:
        """Answer at once, and lead on to what can be done."""
        self._show_answer()
        if self._ways_on:
            self._ways_on[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _asking(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(18, 16, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label(tr(N_("Which message do you get?")), scale=1.2, bold=True))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 18, 0)
        row.setSpacing(12)
        row.addWidget(self.field, 1)
        row.addLayout(self._buttons())
        layout.addLayout(row)
        layout.addWidget(self._answers, 1)
        return page

    def _buttons(self) -> QVBoxLayout:
        find = Button()
        find.setObjectName("find-cause")
        find.say(tr(N_("&Find the cause")), tr(N_("Looks through what was found here (Return)")))
        find.clicked.connect(self.ask)
        paste = Button()
        paste.setObjectName("paste")
        paste.say(tr(N_("&Insert copied text")), tr(N_("Puts what you copied last into the field (Ctrl+V)")))
        paste.clicked.connect(self._paste)
        column = QVBoxLayout()
        column.setSpacing(8)
        for button in (find, paste):
            column.addWidget(button)
        column.addStretch(1)
        return column

    def _paste(self) -> None:
        self.field.selectAll()
        self.field.insert_pasted(QGuiApplication.clipboard().text())
        self.ask()

    # ------------------------------------------------------------ the answer

    def _ask_soon(self) -> None:
        self._soon.start()

    def _show_answer(self) -> None:
        self._soon.stop()
        text = self.field.toPlainText().strip()
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 8, 18, 16)
        layout.setSpacing(10)
        if not text or self._case is None:
            words = N_(
                "Type it, or copy it from the terminal and insert it here: the whole of it, in any language."
            )
            layout.addStretch(2)
            add_quietly(layout, "ask", sentences=(tr(words),))
            layout.addStretch(3)
        else:
            self._add_answer(layout, answer(text, self._case.examination))
            layout.addStretch(1)
        self._ways_on = body.findChildren(Button)
        self._answers.setWidget(body)

    def _add_answer(self, layout: QVBoxLayout, found: Answer) -> None:
        said = GlyphRow(bold=True)
        said.setObjectName("said")
        grave = found.findings[0].severity.value if found.state == "found" else _SAID_AS[found.state]
        said.show_level(grave, tr(found.said))
        layout.addWidget(said)
        said.announce()
        for number, finding in enumerate(found.findings):
            layout.addWidget(self._finding_card(finding, first=number == 0))
        for near in found.checks:
            layout.addWidget(self._near_card(near))

    def _finding_card(self, finding: Finding, *, first: bool) -> QFrame:
        show = Button(look="primary" if first else "")
        show.setObjectName("show-finding")
        show.say(tr(N_("Show it")), tr(N_("Shows the cause, the guilty line and the way out")))
        show.setAccessibleName(tr(N_("Show: {finding}"), finding=finding.message))
        show.clicked.connect(lambda: self.finding_chosen.emit(finding.id))
        row = GlyphRow()
        row.show_level(finding.severity.value, tr(finding.message))
        return _card(row, (), show)

    def _near_card(self, near: Near) -> QFrame:
        title = Message(near.check.title)
        about = Button(look="quiet")
        about.setObjectName("about-check")
        about.say(
            tr(N_("About this kind of fault")), tr(N_("What it means, how it is cured, and who met it"))
        )
        about.setAccessibleName(tr(N_("About this kind of fault: {title}"), title=title))
        about.clicked.connect(lambda: self._show_page(near.check))
        row = GlyphRow()
        row.show_level(_LEVELS[near.state], tr(title))
        return _card(row, (tr(near.said),), about)

    def _show_page(self, check: Check) -> None:
        self.about.show_check(check)
        self.setCurrentWidget(self.about)
        self.about.begin_reading()


def _card(top: GlyphRow, below: tuple[str, ...], button: Button) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    words = QVBoxLayout()
    words.setSpacing(4)
    words.addWidget(top)
    for text in below:
        said = label(text, muted=True)
        said.setIndent(26)
        words.addWidget(said)
    layout = QHBoxLayout(card)
    layout.setContentsMargins(12, 10, 12, 10)
    layout.setSpacing(12)
    layout.addLayout(words, 1)
    layout.setAlignment(words, Qt.AlignmentFlag.AlignVCenter)
    layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
    return card
