"""Where a release of the person's own lies, and which of them it shall be."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.failure import Failure
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.scroll import Scroll
from gomedic_gui.text import counted, tr

if TYPE_CHECKING:
    from gomedic.toolchain.contents import Contents


class SourceForm(QWidget):
    """Asks for a file, a folder or an address, has looked what is there, and asks for one of the releases."""

    look_wanted = Signal(str)
    wanted = Signal(str, str)  # version, source
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = ""
        self._free = True
        self._make_fields()
        self._make_buttons()
        scroll = Scroll()
        scroll.setWidget(self._body())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._bar())

    def look(self, where: str) -> None:
        """Have looked what lies at a path or an address."""
        self.where.setText(where)
        self._look()

    def show_contents(self, found: "Contents") -> None:
        """Show what is there."""
        self._source = found.source if found.versions or not found.told else ""
        self.which.clear()
        self.which.addItems(list(found.versions))
        self._found.show_level(*_in_words(found))
        self._found.show()
        self._show_ready()
        self.which.setFocus()

    def show_failure(self, failure: Failure) -> None:
        """Show why nothing can be taken from there."""
        self._source = ""
        self._found.show_level("warning", tr(failure.message))
        self._found.show()
        self._show_ready()

    def set_free(self, free: bool) -> None:
        """Say whether something could be begun now."""
        self._free = free
        self._show_ready()

    def _look(self) -> None:
        if where := self.where.text().strip():
            self._source = ""
            self._found.hide()
            self._show_ready()
            self.look_wanted.emit(where)

    def _show_ready(self) -> None:
        ready = bool(self._source)
        self.which.setEnabled(ready)
        self._install.setEnabled(self._free and ready and bool(self.which.currentText().strip()))

    def _ask(self) -> None:
        self.wanted.emit(self.which.currentText().strip(), self._source)

    # ------------------------------------------------------------ how it is put together

    def _make_fields(self) -> None:
        self.where = QLineEdit()
        self.where.setObjectName("where")
        self.where.setPlaceholderText(tr(N_("A path or an address")))
        self.where.setAccessibleName(tr(N_("Where it is")))
        self.where.returnPressed.connect(self._look)
        self.which = QComboBox(editable=True)
        self.which.setObjectName("which")
        for field in (self.which, *self.which.findChildren(QLineEdit)):
            field.setAccessibleName(tr(N_("Which release")))
        self.which.editTextChanged.connect(lambda _text: self._show_ready())
        self._found = GlyphRow()
        self._found.hide()

    def _make_buttons(self) -> None:
        self._file = Button()
        self._file.setObjectName("choose-file")
        self._file.say(
            tr(N_("Choo&se a file…")), tr(N_("A bundle, or an archive with its signature beside it"))
        )
        self._file.clicked.connect(lambda: self._choose(QFileDialog.FileMode.ExistingFile))
        self._folder = Button()
        self._folder.setObjectName("choose-folder")
        self._folder.say(tr(N_("Choose a f&older…")), tr(N_("A folder of archives with their signatures")))
        self._folder.clicked.connect(lambda: self._choose(QFileDialog.FileMode.Directory))
        self._back = Button(look="quiet")
        self._back.setObjectName("leave-source")
        self._back.say(tr(N_("Ne&ver mind")), tr(N_("Goes back to the list (Esc)")))
        self._back.press_by("Esc")
        self._back.clicked.connect(self.closed)
        self._install = Button(look="primary")
        self._install.setObjectName("install-from")
        self._install.say(tr(N_("&Install…")), tr(N_("Shows what would be done before it begins")))
        self._install.clicked.connect(self._ask)
        self._install.setEnabled(False)
        self.which.setEnabled(False)

    def _choose(self, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.look)
        dialog.open()  # which returns at once

    def _body(self) -> QWidget:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        layout.addWidget(label(tr(N_("Install from a file or folder")), scale=1.2, bold=True))
        words = N_(
            "Wherever it comes from, its SHA-256 and its signature must be right, or it is not installed."
        )
        layout.addWidget(label(tr(words), muted=True))
        layout.addWidget(label(tr(N_("Where it is")), scale=0.92, bold=True, muted=True))
        layout.addWidget(self.where)
        row = QHBoxLayout()
        row.setSpacing(10)
        for button in (self._file, self._folder):
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(self._found)
        layout.addWidget(label(tr(N_("Which release")), scale=0.92, bold=True, muted=True))
        layout.addWidget(self.which)
        layout.addStretch(1)
        return body

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(10)
        row.addStretch(1)
        row.addWidget(self._back)
        row.addWidget(self._install)
        return bar


def _in_words(found: "Contents") -> tuple[str, str]:
    """Return what is there, with its level."""
    one, many = N_("{n} release for this machine is there."), N_("{n} releases for this machine are there.")
    if found.versions:
        return "ok", counted(len(found.versions), one, many)
    if found.told:
        return "warning", tr(N_("No release for this machine is there."))
    return "hint", tr(N_("It does not tell which releases it has; type the version that you want."))
