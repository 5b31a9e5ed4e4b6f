"""A field for a pasted message: several lines, but Return asks and Tab leads on."""

from PySide6.QtCore import QMimeData, QSize, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from gomedic.pasted import LONGEST
from gomedic.texts import N_
from gomedic_gui.labels import code_font
from gomedic_gui.text import tr

_ROWS = 4


class AskField(QPlainTextEdit):
    """Takes a message; of a very long paste only what is looked at."""

    asked = Signal()  # Return

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(code_font())
        self.setTabChangesFocus(True)
        self.setAccessibleName(tr(N_("The error message")))
        self.setAccessibleDescription(tr(N_("Return looks for its cause, Shift+Return begins a new line")))
        self.setPlaceholderText("go: command not found")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        margin = 2 * (self.frameWidth() + int(self.document().documentMargin())) + 4
        return QSize(400, _ROWS * self.fontMetrics().lineSpacing() + margin)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, self.sizeHint().height())

    def insert_pasted(self, text: str) -> None:
        """Put a text in place of what is chosen: its two ends, where it is longer than is looked at."""
        if len(text) > LONGEST:
            text = f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
        self.insertPlainText(text.replace("\0", ""))

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        self.insert_pasted(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.matches(QKeySequence.StandardKey.InsertParagraphSeparator):
            self.asked.emit()
        else:
            super().keyPressEvent(event)
