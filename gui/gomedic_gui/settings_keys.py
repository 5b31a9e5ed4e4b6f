"""Signing keys beside Google's: what each may vouch for, and a way to add one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QWidget

from gomedic.settings import Key
from gomedic.texts import N_
from gomedic.toolchain.errors import ToolchainError
from gomedic_gui import settings_entry as entry
from gomedic_gui.settings_field import SettingField
from gomedic_gui.settings_list import Line, SettingsList
from gomedic_gui.text import tr

if TYPE_CHECKING:
    from gomedic.settings_edit import Own


class KeysBox(QWidget):
    """Asks for a key to be added or taken out; shows the fingerprint of each."""

    added = Signal(object)  # Key
    dropped = Signal(int)

    def __init__(self, fingerprint: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fingerprint = fingerprint
        self._list = SettingsList()
        self._list.dropped.connect(self.dropped)
        self._added = entry.button(
            "add-key",
            tr(N_("Add &this key")),
            tr(N_("It may then vouch for such versions of this mirror, and for no other")),
            self._add,
        )
        self.source = QComboBox()
        self.source.setObjectName("key-source")
        self.file = entry.line("key-file", "/etc/gomedic/keys/campus.asc", self._show_ready)
        self.file.editingFinished.connect(self._look)
        self.prefix = entry.line("key-prefix", "go1.22.5-campus", self._show_ready)
        self.entry = SettingField(tr(N_("Names of the versions it may sign begin with")), self.prefix)
        self._seen = entry.remark("fingerprint")
        self._lay_out()
        self._show_ready()

    def show_own(self, own: "Own") -> None:
        """Show the keys that are set, and the sources that a new one can be for."""
        mine = len(own.settings.keys)
        lines = [
            self._line(key, number if number < mine else None) for number, key in enumerate(own.whole.keys)
        ]
        self._list.show_lines(lines)
        chosen = self.source.currentText()
        self.source.clear()
        self.source.addItems([source.name for source in own.whole.sources])
        self.source.setCurrentText(chosen)
        self._show_ready()

    def clear(self) -> None:
        """Empty the fields: what they held was added."""
        entry.clear((self.file, self.prefix), self._seen)

    def _line(self, key: Key, number: int | None) -> Line:
        bound = tr(N_("only for {prefix}… of {sources}"), prefix=key.prefix, sources=", ".join(key.sources))
        return Line(key.file, (bound, self._described(key.file)[1]), number)

    def _described(self, file: str) -> tuple[str, str]:
        """Return the fingerprint of a key in words, or why there is none, with its level."""
        try:
            found = self._fingerprint(file)
        except ToolchainError as error:  # BadKey
            return "error", tr(error.message)
        blocks = " ".join(found[at : at + 4] for at in range(0, len(found), 4))
        return "ok", tr(N_("Fingerprint {blocks}"), blocks=blocks)

    def _look(self) -> None:
        """Show whose key it is, before it is trusted with anything."""
        file = self.file.text().strip()
        self._seen.setVisible(bool(file))
        if file:
            entry.say(self._seen, *self._described(file))

    def _choose(self) -> None:
        dialog = QFileDialog(self, tr(N_("Choose a key")))
        dialog.setObjectName("choose-key")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, file: str) -> None:
        self.file.setText(file)
        self._look()

    def _add(self) -> None:
        self.added.emit(
            Key(self.file.text().strip(), (self.source.currentText(),), self.prefix.text().strip())
        )

    def _show_ready(self) -> None:
        whole = bool(self.file.text().strip() and self.prefix.text().strip() and self.source.count())
        self.source.setEnabled(self.source.count() > 0)
        self._added.setEnabled(whole)

    def _lay_out(self) -> None:
        chosen = entry.button(
            "choose-key-file", tr(N_("Choose a &file…")), tr(N_("An OpenPGP public key")), self._choose
        )
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(SettingField(tr(N_("File of the key")), self.file), 1)
        row.addWidget(chosen, 0, Qt.AlignmentFlag.AlignBottom)
        grid = entry.grid({0: 2, 1: 1})
        grid.addWidget(self.entry, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(SettingField(tr(N_("of the mirror")), self.source), 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._added, 0, 2, Qt.AlignmentFlag.AlignBottom)
        words = N_(
            "Google's key is built in. A further key counts for one mirror, and never for a version of Google's."
        )
        entry.stack(self, tr(words), (self._list, row, self._seen, grid))
