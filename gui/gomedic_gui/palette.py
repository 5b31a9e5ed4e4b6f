"""The colours, light and dark. No other module names a colour."""

from PySide6.QtGui import QColor, QPalette

LIGHT, DARK = "light", "dark"

# name: (light, dark). Every pair that text is read on is tested for contrast.
_COLOURS = {
    "window": ("#f5f6f8", "#1b1d21"),
    "surface": ("#ffffff", "#24272c"),
    "text": ("#1b1f24", "#e8eaed"),
    "muted": ("#57606a", "#a4adb8"),
    "disabled": ("#8a929b", "#6f7780"),
    "border": ("#d3d8de", "#3b4047"),
    "scroll": ("#aeb6bf", "#565d66"),
    "hover": ("#eaedf0", "#2e3238"),
    "accent": ("#00718a", "#1b7f95"),
    "focus": ("#00718a", "#41abc4"),
    "accent-hover": ("#005f74", "#176f83"),
    "on-accent": ("#ffffff", "#ffffff"),
    "link": ("#00667d", "#5cc6de"),
    "chosen": ("#dcedf1", "#263f47"),
    "ok": ("#1a7f37", "#4ac26b"),
    "hint": ("#0a63b8", "#6cb6ff"),
    "warning": ("#8f5f00", "#e0a72e"),
    "error": ("#c01c28", "#ff7b72"),
    "unknown": ("#57606a", "#a4adb8"),
    "on-level": ("#ffffff", "#1b1d21"),
    "ok-soft": ("#e2f4e7", "#1f3527"),
    "hint-soft": ("#e3effb", "#1f3145"),
    "warning-soft": ("#fbf0d5", "#3a301a"),
    "error-soft": ("#fde7e7", "#43262a"),
    "unknown-soft": ("#e9ecef", "#30343a"),
    "added": ("#dcf5e3", "#1c3a26"),
    "removed": ("#fde0e0", "#48252a"),
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
    return _COLOURS[name][scheme == DARK]


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
    return DARK if shown.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def colour(name: str, shown: QPalette) -> QColor:
    """Return a colour in the scheme of the palette that is in use."""
    return QColor(value(name, scheme_of(shown)))
