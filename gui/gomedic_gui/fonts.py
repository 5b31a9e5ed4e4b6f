"""The font of the window: the desktop's, never too small, and able to show the language."""

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

_SMALLEST = 10.0  # points


def set_font(app: QApplication) -> None:
    """Let no text of the window be smaller than ten points."""
    font = app.font()
    if 0 < font.pointSizeF() < _SMALLEST:
        font.setPointSizeF(_SMALLEST)
        app.setFont(font)


def can_show(language: str) -> bool:
    """Return whether any font here has the letters of a language."""
    if language != "zh_CN":
        return True
    return bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
