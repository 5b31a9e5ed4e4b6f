"""Labels of the few kinds that the window has."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QLabel


def label(text: str = "", *, scale: float = 1.0, bold: bool = False, muted: bool = False) -> QLabel:
    """Return a label that wraps, can be selected with the mouse, and grows with the person's font."""
    made = QLabel(text)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setFont(scaled(made.font(), scale, bold))
    if muted:
        made.setProperty("muted", True)
    return made


def scaled(font: QFont, scale: float, bold: bool = False) -> QFont:
    """Return `font` in another size."""
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * scale)
    made.setBold(bold)
    return made


def code_font() -> QFont:
    """Return the desktop's fixed font, with the application's families behind it for Chinese."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setFamilies([made.family(), *QApplication.font().families()])
    made.setPointSizeF(QApplication.font().pointSizeF())
    return made


def set_level(shown: QLabel, level: str) -> None:
    """Show a label in the colour of a level ("" for none)."""
    shown.setProperty("level", level)
    shown.style().unpolish(shown)
    shown.style().polish(shown)
