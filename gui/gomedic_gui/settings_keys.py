"""Signing keys beside Google's: what each may vouch for, and a way to add one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from gomedic.settings import Key
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.failure import failure_of
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
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
        self.file = QLineEdit(placeholderText="/etc/gomedic/keys/campus.asc")
        self.file.setObjectName("key-file")
        self.file.editingFinished.connect(self._look)
        self.prefix = QLineEdit(placeholderText="go1.22.5-campus")
        self.prefix.setObjectName("key-prefix")
        self.source = QComboBox()
        self.source.setObjectName("key-source")
        for field in (self.file, self.prefix):
            field.textChanged.connect(self._show_ready)
        self.entry = SettingField(tr(N_("Names of the versions it may sign begin with")), self.prefix)
        self._where = SettingField(tr(N_("File of the key")), self.file)
        self._seen = GlyphRow(size=16)
        self._seen.setObjectName("fingerprint")
        self._seen.hide()
        self._make_buttons()
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
        for field in (self.file, self.prefix):
            field.clear()
        self._seen.hide()

    def _line(self, key: Key, number: int | None) -> Line:
        bound = tr(N_("only for {prefix}… of {sources}"), prefix=key.prefix, sources=", ".join(key.sources))
        return Line(key.file, (bound, self._described(key.file)[1]), number)

    def _described(self, file: str) -> tuple[str, str]:
        """Return the fingerprint of a key in words, or why there is none, with its level."""
        try:
            found = self._fingerprint(file)
        except Exception as error:  # noqa: BLE001 - said beside the key
            return "error", tr(failure_of(error).message)
        blocks = " ".join(found[at : at + 4] for at in range(0, len(found), 4))
        return "ok", tr(N_("Fingerprint {blocks}"), blocks=blocks)

    def _look(self) -> None:
        """Show whose key it is, before it is trusted with anything."""
        file = self.file.text().strip()
        self._seen.setVisible(bool(file))
        if file:
            self._seen.show_level(*self._described(file))
            self._seen.announce()

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

    def _make_buttons(self) -> None:
        self._chosen = Button()
        self._chosen.setObjectName("choose-key-file")
        self._chosen.say(tr(N_("Choose a &file…")), tr(N_("An OpenPGP public key")))
        self._chosen.clicked.connect(self._choose)
        self._added = Button()
        self._added.setObjectName("add-key")
        self._added.say(
            tr(N_("Add &this key")),
            tr(N_("It may then vouch for such versions of this mirror, and for no other")),
        )
        self._added.clicked.connect(self._add)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._where, 1)
        row.addWidget(self._chosen, 0, Qt.AlignmentFlag.AlignBottom)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.addWidget(self.entry, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(SettingField(tr(N_("of the mirror")), self.source), 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._added, 0, 2, Qt.AlignmentFlag.AlignBottom)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        words = N_(
            "Google's key is built in. A further key counts for one mirror, and never for a version of Google's."
        )
        layout.addWidget(label(tr(words), muted=True))
        layout.addWidget(self._list)
        layout.addLayout(row)
        layout.addWidget(self._seen)
        layout.addLayout(grid)
