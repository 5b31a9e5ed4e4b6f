"""A push button with one of our icons, which follows the palette."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget

from gomedic_gui.icons import BUTTON_ICON, icon


class Button(QPushButton):
    """A button. `look` is "" , "primary" (one per page) or "quiet"."""

    def __init__(self, icon_name: str = "", look: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._tint = {"primary": "on-accent", "quiet": "link"}.get(look, "text")
        if look:
            self.setProperty(look, True)
        self._tinted_for = 0
        self.setIconSize(BUTTON_ICON)
        self._tint_icon()

    def say(self, text: str, explained: str = "") -> None:
        """Set the text, and what a tool tip and a screen reader add to it."""
        self.setText(text)
        self.setToolTip(explained)
        self.setAccessibleDescription(explained)

    def press_by(self, keys: str) -> None:
        """Let keys press it too, beside its mnemonic, which a shortcut of the button's own would replace."""
        QShortcut(QKeySequence(keys), self, self.click)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._tint_icon()

    def _tint_icon(self) -> None:
        if not self._icon_name:
            return
        key = self.palette().window().color().rgb()
        if key != self._tinted_for:
            self._tinted_for = key
            self.setIcon(icon(self._icon_name, self.palette(), self._tint))
