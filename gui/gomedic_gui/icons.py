"""Our own icons, tinted from the palette and sharp at every scale."""

import re
from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gomedic_gui.palette import colour

BUTTON_ICON = QSize(20, 16)
LEVELS = ("ok", "hint", "warning", "error", "unknown")


@cache
def _source(name: str) -> bytes:
    return (files("gomedic_resources") / "icons" / f"{name}.svg").read_bytes()


def paint_icon(
    painter: QPainter, area: QRectF, name: str, shape: QColor, mark: QColor, ground: QColor | None = None
) -> None:
    """Paint an icon: what is black in its file in `shape`, white in `mark`, of a mid grey in `ground`."""
    _renderer(name, shape.name(), mark.name(), (ground or mark).name()).render(painter, area)


@cache
def _renderer(name: str, shape: str, mark: str, ground: str) -> QSvgRenderer:
    tints = {b"#000000": shape.encode(), b"#ffffff": mark.encode(), b"#777777": ground.encode()}
    tinted = re.sub(
        rb"#000000|#ffffff|#777777", lambda found: tints[found[0]], _source(name)
    )  # at once: a mark may be black
    return QSvgRenderer(QByteArray(tinted))


def paint_level(painter: QPainter, area: QRectF, level: str, shown: QPalette) -> None:
    """Paint the glyph of a level: each has a shape of its own, not only a colour."""
    tint = level if level in LEVELS else "muted"
    paint_icon(painter, area, level, colour(tint, shown), colour("on-level", shown))


def level_pixmap(level: str, size: int, ratio: float, shown: QPalette) -> QPixmap:
    """Return the glyph of a level, `size` wide on a screen with that device pixel ratio."""
    return _pixmap(level, size, ratio, colour(level, shown), colour("on-level", shown))


def icon(name: str, shown: QPalette, tint: str = "text") -> QIcon:
    """Return an icon for buttons, in a colour of the palette in use; BUTTON_ICON wide, with room at its right."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        for mode, shape in ((QIcon.Mode.Normal, tint), (QIcon.Mode.Disabled, "disabled")):
            sign = _pixmap(name, BUTTON_ICON.height(), ratio, colour(shape, shown), colour("on-level", shown))
            made.addPixmap(_widened(sign, ratio), mode)
    return made


def _widened(sign: QPixmap, ratio: float) -> QPixmap:
    made = QPixmap(BUTTON_ICON * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.drawPixmap(0, 0, sign)
    painter.end()
    return made


def application_icon() -> QIcon:
    """Return the program's own icon."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256, 512):
        made.addPixmap(_pixmap("gomedic", size, 1.0, QColor("black"), QColor("white")))
    return made


def _pixmap(name: str, size: int, ratio: float, shape: QColor, mark: QColor) -> QPixmap:
    made = QPixmap.fromImage(_image(name, round(size * ratio), shape.name(), mark.name()))
    made.setDevicePixelRatio(ratio)
    return made


@cache
def _image(name: str, size: int, shape: str, mark: str) -> QImage:
    made = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_icon(painter, QRectF(made.rect()), name, QColor(shape), QColor(mark))
    painter.end()
    return made
