"""How the window looks beyond its colours: Fusion with a style sheet made from the palette."""

from collections.abc import Mapping
from importlib.resources import files

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gomedic_gui.palette import CONTRAST, CONTRAST_DARK, DARK, LIGHT, NAMES, SCHEMES, palette, value

_SHEET = """
QPushButton {
    padding: 6px 14px; border: 1px solid @border; border-radius: 6px; background: @surface; color: @text; }
QPushButton:hover { background: @hover; }
QPushButton:disabled { color: @disabled; background: @window; }
QPushButton:focus { border: 2px solid @focus; padding: 5px 13px; }
QPushButton[primary="true"] {
    background: @accent; color: @on-accent; border-color: @accent; font-weight: bold; padding: 7px 18px; }
QPushButton[primary="true"]:hover { background: @accent-hover; }
QPushButton[primary="true"]:focus { border: 2px solid @text; padding: 6px 17px; }
QPushButton[primary="true"]:disabled { background: @border; border-color: @border; color: @muted; }
QPushButton[quiet="true"] { border-color: transparent; background: transparent; color: @link; padding: 4px 6px 4px 3px; }
QPushButton[quiet="true"]:hover { background: @hover; }
QPushButton[quiet="true"]:focus { border: 2px solid @focus; padding: 3px 5px 3px 2px; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[narrow="true"] { padding: 6px 6px; }
QPushButton[narrow="true"]:focus { padding: 5px 5px; }
QTabWidget::pane { border: none; border-top: 1px solid @border; }
QTabWidget::tab-bar { left: 8px; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab {
    padding: 8px 10px; margin: 0; border: none; border-bottom: 3px solid transparent; color: @muted; background: transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { border-bottom-color: @focus; color: @text; }
QTabBar::tab:focus { color: @link; }
QTreeView, QListView { border: none; background: @window; outline: none; }
QListView[plain="true"] { border: 1px solid @border; border-radius: 6px; background: @surface; }
QListView[plain="true"]:focus { border: 2px solid @focus; }
QListView[plain="true"]::item { padding: 4px 8px; color: @text; }
QListView[plain="true"]::item:selected { background: @chosen; color: @text; }
QTreeView { padding-top: 8px; }
QTreeView#chain { border: 1px solid @border; border-radius: 6px; background: @surface; padding: 6px 0; }
QTreeView#chain:focus { border: 2px solid @focus; }
QTableView {
    border: 1px solid @border; border-radius: 6px; background: @surface; outline: none; gridline-color: transparent; }
QTableView:focus { border: 2px solid @focus; }
QTableView::item { padding: 5px 8px; border: none; color: @text; }
QTableView::item:selected { background: @chosen; color: @text; }
QHeaderView::section {
    padding: 6px 8px; border: none; border-bottom: 1px solid @border; background: transparent; color: @muted; }
QHeaderView { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QPlainTextEdit {
    border: 1px solid @border; border-radius: 6px; background: @surface; color: @text;
    selection-background-color: @accent; selection-color: @on-accent; }
QPlainTextEdit:focus { border: 2px solid @focus; }
QLineEdit, QComboBox {
    padding: 5px 8px; border: 1px solid @border; border-radius: 6px; background: @surface; color: @text;
    selection-background-color: @accent; selection-color: @on-accent; }
QLineEdit:focus, QComboBox:focus { border: 2px solid @focus; padding: 4px 7px; }
QLineEdit:disabled, QComboBox:disabled { color: @disabled; background: @window; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("@icons/arrow.svg"); width: 12px; height: 12px; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid @muted; border-radius: 4px; background: @surface; }
QCheckBox::indicator:checked { border-color: @accent; background: @accent; image: url("@icons/check.svg"); }
QCheckBox::indicator:focus { border: 2px solid @focus; width: 14px; height: 14px; }
QCheckBox::indicator:checked:focus { border-color: @text; }
QCheckBox::indicator:disabled { border-color: @disabled; background: @window; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; padding: 0; }
QComboBox QAbstractItemView {
    border: 1px solid @border; background: @surface; color: @text;
    selection-background-color: @chosen; selection-color: @text; }
QRadioButton { spacing: 8px; padding: 3px 6px; border: 1px solid transparent; border-radius: 4px; }
QRadioButton:focus { border-color: @focus; }
QRadioButton::indicator {
    width: 12px; height: 12px; border: 2px solid @muted; border-radius: 8px; background: @surface; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid @focus; }
QProgressBar { border: none; border-radius: 3px; background: @border; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { border-radius: 3px; background: @focus; }
QHeaderView::section:vertical { border: none; color: @muted; padding: 0 8px; }
QTableCornerButton::section { background: @surface; border: none; border-bottom: 1px solid @border; }
QScrollBar:vertical { width: 12px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 12px; background: transparent; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; } QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget { background: transparent; }
QFrame#header, QFrame#bar { background: @surface; border: none; }
QFrame#header { border-bottom: 1px solid @border; }
QFrame#bar { border-top: 1px solid @border; }
QFrame#card { background: @surface; border: 1px solid @border; border-radius: 8px; }
QLabel[muted="true"] { color: @muted; }
QLabel[level="ok"] { color: @ok; } QLabel[level="hint"] { color: @hint; } QLabel[level="warning"] { color: @warning; }
QLabel[level="error"] { color: @error; } QLabel[level="unknown"] { color: @unknown; }
QSplitter::handle { background: @border; }
QToolTip { border: 1px solid @border; padding: 4px; background: @surface; color: @text; }
QMenu { background: @surface; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 6px 18px; border-radius: 4px; }
QMenu::item:selected { background: @chosen; color: @text; }
"""


def sheet(scheme: str) -> str:
    """Return the style sheet in the colours of a scheme."""
    text = _SHEET.replace("@icons", str(files("gomedic_resources") / "icons"))
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace("@" + name, value(name, scheme))
    return text


def wear(app: QApplication, scheme: str) -> None:
    """Show the application in a scheme."""
    app.setPalette(palette(scheme))
    app.setStyleSheet(sheet(scheme))


def follow_desktop(app: QApplication, env: Mapping[str, str]) -> None:
    """Show light or dark, with more contrast where the desktop asks for it, now and whenever it changes.

    GOMEDIC_COLOURS, one of the palette's SCHEMES, overrides the desktop.
    """
    wear(app, wanted_scheme(app, env))
    hints = app.styleHints()
    hints.colorSchemeChanged.connect(lambda _new: wear(app, wanted_scheme(app, env)))
    if hasattr(hints, "accessibility"):  # Qt 6.10 and later
        more = hints.accessibility()
        more.contrastPreferenceChanged.connect(lambda _new: wear(app, wanted_scheme(app, env)))


def wanted_scheme(app: QApplication, env: Mapping[str, str]) -> str:
    """Return the scheme that the person asked for: by GOMEDIC_COLOURS, else by the desktop."""
    if (forced := env.get("GOMEDIC_COLOURS")) in SCHEMES:
        return str(forced)
    dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    if _wants_contrast(app, env):
        return CONTRAST_DARK if dark or env.get("GTK_THEME", "").endswith("Inverse") else CONTRAST
    return DARK if dark else LIGHT


def _wants_contrast(app: QApplication, env: Mapping[str, str]) -> bool:
    hints = app.styleHints()  # held, for what it gives goes with it
    if hasattr(hints, "accessibility"):  # Qt 6.10 and later
        more = hints.accessibility()
        if more.contrastPreference() is Qt.ContrastPreference.HighContrast:
            return True
    return env.get("GTK_THEME", "").startswith("HighContrast")
