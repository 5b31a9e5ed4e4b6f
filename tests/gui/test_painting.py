"""What is painted by hand: the guilty line, the changes, the signs, the winner of a ladder, in both schemes."""

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gomedic_gui.case import Excerpt
from gomedic_gui.code_box import CodeBox
from gomedic_gui.diff_box import DiffBox
from gomedic_gui.finding_delegate import _lines
from gomedic_gui.icons import LEVELS, application_icon, paint_level
from gomedic_gui.palette import DARK, LIGHT, palette, value
from gomedic_gui.session_links import SessionLinks
from gomedic_gui.style import wear
from gui.conftest import OpenWindow
from gui.samples import SESSIONS, Clinic

EXCERPT = Excerpt("/x", 12, 10, ("before", "before", "guilty, and the last"))
DIFF = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n same\n-old\n+new\r\n@@ -9 +9 @@\n end\n\\ No newline at end of file\n"


@pytest.fixture(params=[LIGHT, DARK])
def scheme(request: pytest.FixtureRequest, dressed: QApplication) -> Iterator[str]:
    wear(dressed, request.param)
    yield request.param
    wear(dressed, LIGHT)


def colours(picture: QImage, row: int | None = None) -> Counter[str]:
    rows = range(picture.height()) if row is None else [row]
    return Counter(picture.pixelColor(x, y).name() for y in rows for x in range(picture.width()))


def shown(widget: QWidget, qtbot: QtBot) -> QImage:
    qtbot.addWidget(widget)
    widget.resize(400, 120)
    widget.show()
    qtbot.waitExposed(widget)
    return widget.grab().toImage()


def test_the_guilty_line_has_a_ground_from_edge_to_edge(scheme: str, qtbot: QtBot) -> None:
    box = CodeBox(EXCERPT, "error")
    picture = shown(box, qtbot)
    soft = value("error-soft", scheme)
    rows = [y for y in range(picture.height()) if colours(picture, y)[soft] > picture.width() / 3]
    line = box.fontMetrics().lineSpacing()
    assert abs(len(rows) - line) <= 2
    middle = rows[len(rows) // 2]
    assert picture.pixelColor(picture.width() - 4, rows[1]).name() == soft
    assert value("error", scheme) in colours(picture, middle), "the arrow is missing"


def test_what_goes_and_what_comes_have_grounds_and_signs(scheme: str, qtbot: QtBot) -> None:
    box = DiffBox(DIFF, "x")
    seen = colours(shown(box, qtbot))
    assert seen[value("removed", scheme)] > 1000
    assert seen[value("added", scheme)] > 1000
    assert box.toPlainText().split("\n") == ["  same", "- old", "+ new", "  ⋯", "  end"]


def test_every_level_has_a_shape_of_its_own(scheme: str) -> None:
    shapes = {level: silhouette(level, scheme) for level in LEVELS}
    assert len(set(shapes.values())) == len(LEVELS)
    assert all(shapes.values())


def silhouette(level: str, scheme: str) -> tuple[bool, ...]:
    """Return which points of a raster a sign covers."""
    picture = QImage(24, 24, QImage.Format.Format_ARGB32)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    paint_level(painter, QRectF(0, 0, 24, 24), level, palette(scheme))
    painter.end()
    return tuple(picture.pixelColor(x, y).alpha() > 128 for y in range(24) for x in range(24))


def test_the_winner_of_a_ladder_stands_out(scheme: str, examined: OpenWindow) -> None:
    window = examined(Clinic())
    window.tabs.setCurrentWidget(window.sessions)
    view = window.sessions.ladder
    picture = view.viewport().grab().toImage()
    winner, other = (row_of(view.visualRect(view.model().index(row, 0)), picture) for row in (1, 3))
    assert winner[value("ok-soft", scheme)] > 500
    assert other[value("ok-soft", scheme)] == 0


def row_of(area: QRect, picture: QImage) -> Counter[str]:
    return colours(picture.copy(area))


def test_the_chosen_finding_and_its_sign_are_seen(scheme: str, examined: OpenWindow) -> None:
    view = examined(Clinic()).findings.findings
    seen = row_of(view.visualRect(view.currentIndex()), view.viewport().grab().toImage())
    assert seen[value("chosen", scheme)] > 500
    assert seen[value("error", scheme)] > 50


def test_a_new_palette_reaches_what_is_already_shown(
    examined: OpenWindow, dressed: QApplication, qtbot: QtBot
) -> None:
    window = examined(Clinic())
    wear(dressed, DARK)
    ground = window.rect().bottomLeft() + QPoint(3, -3)
    qtbot.waitUntil(lambda: window.grab().toImage().pixelColor(ground).name() == value("window", DARK))
    links = window.findings.panel.findChild(SessionLinks)
    qtbot.waitUntil(lambda: value("hover", DARK) in window.findings.panel.findChild(SessionLinks).text())
    assert links is not None
    wear(dressed, LIGHT)


def test_a_session_of_a_finding_is_a_link(qtbot: QtBot, dressed: object) -> None:
    links = SessionLinks(("terminal", "process:4711"), SESSIONS)
    qtbot.addWidget(links)
    assert links.accessibleName() == "Where it shows: New terminal, Running: bash (4711)"
    with qtbot.waitSignal(links.session_chosen) as chosen:
        links.linkActivated.emit("process:4711")
    assert chosen.args == ["process:4711"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("short", 40, ["short"]),
        ("one two three", 8, ["one two", "three"]),
        ("from /usr/bin/go now", 8, ["from", "/usr/", "bin/go", "now"]),
        ("终端运行的是旧版，不是新版", 12, ["终端运行的是", "旧版，不是新", "版"]),
        ("终端运行的是，旧版", 12, ["终端运行的", "是，旧版"]),
        ("x" * 50, 8, ["x" * 8, "x" * 8, "x" * 8, "xxxxxxx…"]),
        ("", 8, [""]),
    ],
)
def test_a_sentence_is_broken_where_it_may_be(text: str, width: int, lines: list[str]) -> None:
    assert _lines(text, Cells(), width) == lines  # type: ignore[arg-type]


class Cells:
    """Measures as a terminal does: Chinese letters are two cells wide. Fonts differ from machine to machine."""

    def horizontalAdvance(self, text: str) -> int:  # noqa: N802 - Qt's name
        return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)

    def elidedText(self, text: str, _mode: object, width: int) -> str:  # noqa: N802 - Qt's name
        if self.horizontalAdvance(text) <= width:
            return text
        while self.horizontalAdvance(text) > width - 1:
            text = text[:-1]
        return text + "…"


def test_the_program_has_an_icon_at_every_size(dressed: object) -> None:
    picture = application_icon().pixmap(64, 64).toImage()
    assert picture.pixelColor(QPointF(32, 8).toPoint()).name() == "#0b8aa5"
