"""The font of the window: the desktop's, never too small, and able to show the language."""

from importlib.resources import as_file, files

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
    """Return whether there are the letters of a language; where no font here has Chinese, the one that came along."""
    return language != "zh_CN" or _has_chinese() or (_bring_own() and _has_chinese())


def _has_chinese() -> bool:
    return bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))


def _bring_own() -> bool:
    """Load the font that came along (packaging/make_font.py); Qt takes from it what the other fonts lack."""
    with as_file(files("gomedic_gui") / "font" / "gomedic-sans-sc.otf") as path:
        return QFontDatabase.addApplicationFont(str(path)) >= 0
