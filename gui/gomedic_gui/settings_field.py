"""One setting: its name, the field, what it means, and beside it what is wrong with it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label


class SettingField(QWidget):
    """A field under its name; `show_error` says beside it why what was entered does not count."""

    def __init__(self, name: str, field: QWidget, explained: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        field.setAccessibleName(field.accessibleName() or name)
        field.setAccessibleDescription(explained)
        self._error = GlyphRow(size=16)
        self._error.setObjectName("error")
        self._error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        if name:
            layout.addWidget(label(name, scale=0.92, bold=True, muted=True))
        layout.addWidget(field)
        layout.addWidget(self._error)
        if explained:
            layout.addWidget(label(explained, muted=True))

    def show_error(self, words: str) -> None:
        """Say what is wrong, "" for nothing."""
        self._error.show_level("error", words)
        self._error.setVisible(bool(words))
        if words:
            self._error.announce()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
