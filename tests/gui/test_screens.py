"""Small screens and both languages: nothing is cut off, nothing asks for more room than there is."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from gomedic_gui.display import fitting
from gomedic_gui.window import Window
from gui.conftest import OpenWindow
from gui.samples import HEALTHY, OLD_RECEIPT, PREPEND, RECEIPT, SHADOWED, Clinic

SMALL = QSize(800, 600)


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest, english: None) -> str:
    if request.param == "zh_CN":
        request.getfixturevalue("chinese")
    return str(request.param)


def small(window: Window, qtbot: QtBot) -> Window:
    window.resize(SMALL)
    qtbot.waitUntil(lambda: window.size() == SMALL)
    return window


def cut_off(window: Window) -> list[str]:
    """Return the texts that have less room than they need."""
    words = [*window.findChildren(QLabel), *window.findChildren(QPushButton)]
    return [each.text() for each in words if each.isVisible() and is_cut_off(each)]


def is_cut_off(shown: QLabel | QPushButton) -> bool:
    if isinstance(shown, QLabel) and shown.wordWrap():
        return shown.height() < shown.heightForWidth(shown.width())
    return shown.width() < shown.minimumSizeHint().width()


@pytest.mark.usefixtures("language")
def test_every_page_fits_a_small_screen(examined: OpenWindow, qtbot: QtBot) -> None:
    clinic = Clinic()
    clinic.receipts = (RECEIPT, OLD_RECEIPT)
    window = small(examined(clinic), qtbot)
    assert cut_off(window) == []
    for page in (window.sessions, window.history):
        window.tabs.setCurrentWidget(page)
        assert cut_off(window) == []
    window.preview(SHADOWED, PREPEND)
    assert cut_off(window) == []
    assert window.minimumSizeHint().width() <= SMALL.width()
    assert window.minimumSizeHint().height() <= SMALL.height()


@pytest.mark.usefixtures("language")
def test_the_healthy_page_fits_a_small_screen(examined: OpenWindow, qtbot: QtBot) -> None:
    assert cut_off(small(examined(Clinic(HEALTHY)), qtbot)) == []


@pytest.mark.parametrize(
    ("available", "size"),
    [(QSize(1920, 1080), QSize(1080, 700)), (SMALL, QSize(784, 552)), (QSize(1024, 4000), QSize(1008, 700))],
)
def test_the_window_opens_no_larger_than_the_screen(available: QSize, size: QSize) -> None:
    assert fitting(available) == size


def test_the_way_out_of_the_first_finding_is_seen_without_scrolling(
    examined: OpenWindow, qtbot: QtBot
) -> None:
    window = small(examined(Clinic()), qtbot)
    fix = window.findChild(QPushButton, "fix")
    assert fix.visibleRegion().boundingRect().size() == fix.size()
    assert not any(area.isAncestorOf(fix) for area in window.findChildren(QScrollArea))


@pytest.mark.usefixtures("chinese")
def test_the_window_speaks_chinese(examined: OpenWindow) -> None:
    window = examined(Clinic())
    assert window.findChild(QLabel, "headline").text() == "在新打开的终端里，Go 不能正常工作。"
    assert window.findChild(QPushButton, "fix").text() == "修复(&F)…"
    assert window.tabs.tabText(1) == "哪里用哪个 Go(&G)"
