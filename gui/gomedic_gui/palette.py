"""The colours: light, dark, and both with high contrast. No other module names a colour."""

from PySide6.QtGui import QColor, QPalette

LIGHT, DARK = "light", "dark"
CONTRAST, CONTRAST_DARK = "contrast", "contrast-dark"
SCHEMES = (LIGHT, DARK, CONTRAST, CONTRAST_DARK)

# name: one colour for each of SCHEMES. Every pair that text is read on is tested for contrast.
_COLOURS = {
    "window": ("#f5f6f8", "#1b1d21", "#ffffff", "#000000"),
    "surface": ("#ffffff", "#24272c", "#ffffff", "#000000"),
    "text": ("#1b1f24", "#e8eaed", "#000000", "#ffffff"),
    "muted": ("#57606a", "#a4adb8", "#262626", "#e6e6e6"),
    "disabled": ("#8a929b", "#6f7780", "#595959", "#a6a6a6"),
    "border": ("#d3d8de", "#3b4047", "#000000", "#ffffff"),
    "scroll": ("#aeb6bf", "#565d66", "#404040", "#cccccc"),
    "hover": ("#eaedf0", "#2e3238", "#e0e0e0", "#262626"),
    "accent": ("#00718a", "#1b7f95", "#003d4d", "#7fe3f5"),
    "focus": ("#00718a", "#41abc4", "#003d4d", "#ffd60a"),
    "accent-hover": ("#005f74", "#176f83", "#000000", "#ffffff"),
    "on-accent": ("#ffffff", "#ffffff", "#ffffff", "#000000"),
    "link": ("#00667d", "#5cc6de", "#003d4d", "#7fe3f5"),
    "chosen": ("#dcedf1", "#263f47", "#d0e8ee", "#00333d"),
    "ok": ("#1a7f37", "#4ac26b", "#00420f", "#7ee787"),
    "hint": ("#0a63b8", "#6cb6ff", "#003a75", "#a5d0ff"),
    "warning": ("#8f5f00", "#e0a72e", "#533500", "#ffcf5c"),
    "error": ("#c01c28", "#ff7b72", "#7a0010", "#ffb3ad"),
    "unknown": ("#57606a", "#a4adb8", "#262626", "#e6e6e6"),
    "on-level": ("#ffffff", "#1b1d21", "#ffffff", "#000000"),
    "ok-soft": ("#e2f4e7", "#1f3527", "#ffffff", "#000000"),
    "hint-soft": ("#e3effb", "#1f3145", "#ffffff", "#000000"),
    "warning-soft": ("#fbf0d5", "#3a301a", "#ffffff", "#000000"),
    "error-soft": ("#fde7e7", "#43262a", "#ffffff", "#000000"),
    "unknown-soft": ("#e9ecef", "#30343a", "#ffffff", "#000000"),
    "added": ("#dcf5e3", "#1c3a26", "#dcf5e3", "#00330f"),
    "removed": ("#fde0e0", "#48252a", "#fde0e0", "#4d0008"),
}
_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "error",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on-accent",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Link: "link",
    QPalette.ColorRole.LinkVisited: "link",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Accent: "accent",
}
NAMES = tuple(_COLOURS)


def value(name: str, scheme: str) -> str:
    """Return a colour as #rrggbb."""
    return _COLOURS[name][SCHEMES.index(scheme)]


def palette(scheme: str) -> QPalette:
    """Return the palette of a scheme; roles not named here are derived by Qt from button and window."""
    made = QPalette(QColor(value("surface", scheme)), QColor(value("window", scheme)))
    for role, name in _ROLES.items():
        made.setColor(role, QColor(value(name, scheme)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(value("disabled", scheme)))
    return made


def scheme_of(shown: QPalette) -> str:
    """Return which scheme a palette belongs to."""
    link = shown.color(QPalette.ColorRole.Link)  # other colours a style sheet changes in a widget's palette
    ours = next((scheme for scheme in SCHEMES if QColor(value("link", scheme)) == link), None)
    return ours or (DARK if shown.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT)


def colour(name: str, shown: QPalette) -> QColor:
    """Return a colour in the scheme of the palette that is in use."""
    return QColor(value(name, scheme_of(shown)))
