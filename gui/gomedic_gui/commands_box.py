"""Commands for somebody to type, with a button to copy them."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.labels import label
from gomedic_gui.lines_box import LinesBox
from gomedic_gui.text import tr


class CommandsBox(QWidget):
    """Shows what somebody would type: an administrator, or who `title` says."""

    def __init__(self, commands: tuple[str, ...], title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        copy = Button("copy", "quiet")
        copy.setObjectName("copy")
        copy.say(tr(N_("Copy")), tr(N_("Copy these commands")))
        copy.clicked.connect(self.copy)
        top = QHBoxLayout()
        words = title or tr(N_("An administrator can do it with these commands:"))
        top.addWidget(label(words, bold=True), 1)
        top.addWidget(copy)
        box = LinesBox("\n".join(commands).split("\n"), {})
        box.setAccessibleName(title or tr(N_("Commands for an administrator")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0 if title else 50, 8, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(box)

    def copy(self) -> None:
        """Put the commands on the clipboard."""
        QGuiApplication.clipboard().setText("\n".join(self._commands))
