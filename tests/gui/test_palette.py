"""Every text can be read on its ground: contrast of at least 4.5 (WCAG 2.2, 1.4.3), of signs 3 (1.4.11)."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from gomedic_gui.icons import level_pixmap
from gomedic_gui.palette import (
    CONTRAST,
    CONTRAST_DARK,
    DARK,
    LIGHT,
    NAMES,
    SCHEMES,
    palette,
    scheme_of,
    value,
)
from gomedic_gui.style import follow_desktop, sheet, wanted_scheme, wear

GROUNDS = ("window", "surface", "hover", "chosen")
LEVELS = ("ok", "hint", "warning", "error", "unknown")
TEXTS = [
    *(("text", ground) for ground in (*GROUNDS, "added", "removed", *(f"{level}-soft" for level in LEVELS))),
    *(("muted", ground) for ground in GROUNDS),
    *(("link", ground) for ground in ("window", "surface", "hover")),
    *((level, ground) for level in LEVELS for ground in ("window", "surface")),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
]
SIGNS = [
    *((level, ground) for level in LEVELS for ground in ("chosen", "ok-soft", "hover")),
    *(("on-level", level) for level in LEVELS),
    *(("focus", ground) for ground in ("window", "surface", "chosen")),
]


def luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(QColor(first)), luminance(QColor(second))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_texts_can_be_read(scheme: str) -> None:
    poor = {pair: contrast(*(value(name, scheme) for name in pair)) for pair in TEXTS}
    least = 7 if scheme in (CONTRAST, CONTRAST_DARK) else 4.5
    assert {pair: round(ratio, 2) for pair, ratio in poor.items() if ratio < least} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_signs_can_be_seen(scheme: str) -> None:
    poor = {pair: contrast(*(value(name, scheme) for name in pair)) for pair in SIGNS}
    least = 4.5 if scheme in (CONTRAST, CONTRAST_DARK) else 3
    assert {pair: round(ratio, 2) for pair, ratio in poor.items() if ratio < least} == {}


@pytest.mark.parametrize("scheme", [CONTRAST, CONTRAST_DARK])
def test_in_high_contrast_every_edge_and_what_is_disabled_can_be_seen(scheme: str) -> None:
    pairs = [("border", "window"), ("border", "surface"), ("disabled", "window"), ("scroll", "window")]
    assert [pair for pair in pairs if contrast(*(value(name, scheme) for name in pair)) < 4.5] == []


def test_black_on_white_has_the_contrast_that_the_rule_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_palette_knows_its_scheme(scheme: str, dressed: object) -> None:
    assert scheme_of(palette(scheme)) == scheme


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_style_sheet_leaves_no_name_unreplaced(scheme: str) -> None:
    assert "@" not in sheet(scheme)
    assert len(NAMES) > 20


def test_the_application_wears_a_scheme(dressed: QApplication) -> None:
    wear(dressed, DARK)
    assert dressed.palette().color(QPalette.ColorRole.Window) == QColor(value("window", DARK))
    wear(dressed, LIGHT)
    assert dressed.palette().color(QPalette.ColorRole.Window) == QColor(value("window", LIGHT))


@pytest.mark.parametrize(
    ("env", "scheme"),
    [
        ({}, LIGHT),
        ({"GOMEDIC_COLOURS": "dark"}, DARK),
        ({"GOMEDIC_COLOURS": "contrast", "GTK_THEME": "Adwaita"}, CONTRAST),
        ({"GOMEDIC_COLOURS": "mauve"}, LIGHT),
        ({"GTK_THEME": "HighContrast"}, CONTRAST),
        ({"GTK_THEME": "HighContrastInverse"}, CONTRAST_DARK),
        ({"GTK_THEME": "Adwaita:dark"}, LIGHT),
    ],
)
def test_who_wants_which_colours(env: dict[str, str], scheme: str, dressed: QApplication) -> None:
    """Neither X11 without a desktop nor the offscreen platform knows of dark or of contrast."""
    assert wanted_scheme(dressed, env) == scheme


def test_a_change_of_the_desktop_is_followed_at_once(dressed: QApplication) -> None:
    env: dict[str, str] = {}
    follow_desktop(dressed, env)
    env["GTK_THEME"] = "HighContrast"
    dressed.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    assert scheme_of(dressed.palette()) == CONTRAST
    env.clear()
    dressed.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    assert scheme_of(dressed.palette()) == LIGHT


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("level", LEVELS)
def test_a_sign_has_its_mark_in_every_scheme(level: str, scheme: str, dressed: object) -> None:
    image = level_pixmap(level, 48, 1.0, palette(scheme)).toImage()
    seen = {image.pixelColor(x, y).name() for x in range(12, 36) for y in range(12, 40)}
    assert {value(level, scheme), value("on-level", scheme)} <= seen
