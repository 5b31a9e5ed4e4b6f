"""Every page in a language two fifths longer: nothing is cut off, and no text has escaped translation."""

import os
import re
import subprocess
import sys

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabBar
from pytestqt.qtbot import QtBot

from gomedic.pseudo import pseudo
from gomedic.texts import catalogue_for, language_of
from gomedic_gui.text import speak
from gomedic_gui.window import Window
from gui.conftest import PATIENCE, OpenWindow
from gui.samples import ILL, OLD_RECEIPT, RECEIPT
from gui.samples_toolchains import Shop
from gui.test_keyboard import is_shown, pages
from gui.test_screens import is_cut_off, small

PHRASE = re.compile(r"\b[a-z]{3,} [a-z]{3,}\b")  # two plain words in a row are English


@pytest.fixture
def window(examined: OpenWindow, qtbot: QtBot, english: None) -> Window:
    speak(catalogue_for("pseudo"))
    clinic = Shop()
    clinic.examination = ILL
    clinic.receipts = (RECEIPT, OLD_RECEIPT)
    made = small(examined(clinic), qtbot)
    made.changes._offer(("/home/student/.bashrc",))
    return made


@pytest.mark.parametrize(
    ("text", "longer"),
    [
        ("&Do it", "[&Dó ít ~]"),
        ("Install Go {version} for you", "[Íñštáll Gó {version} fór ýóú ~~~~~ ~~~~]"),
        ("run `go version`", "[rúñ `go version` ~~~~~]"),
        ("{done}/{size}", "{done}/{size}"),
        ("", ""),
    ],
)
def test_a_text_in_the_language_that_nobody_speaks(text: str, longer: str) -> None:
    assert pseudo(text) == longer


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({"GOMEDIC_LANGUAGE": "pseudo", "LANG": "zh_CN.UTF-8"}, "pseudo"),
        ({"GOMEDIC_LANGUAGE": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"GOMEDIC_LANGUAGE": "tlh", "LANG": "zh_CN.UTF-8"}, "zh_CN"),
    ],
)
def test_the_language_can_be_chosen_by_the_environment(env: dict[str, str], language: str) -> None:
    assert language_of(env) == language


def test_no_text_is_cut_off(window: Window, qtbot: QtBot) -> None:
    cut: dict[str, list[str]] = {}
    for page in pages(window, qtbot):
        QApplication.processEvents()
        words = [*window.findChildren(QLabel), *window.findChildren(QAbstractButton)]
        shown = [each for each in words if is_shown(each) and each.text()]
        cut[page] = [each.text() for each in shown if is_cut_off(each)]
        assert window.size() == QSize(800, 600), page
    assert {page: texts for page, texts in cut.items() if texts} == {}


def test_no_text_has_escaped_translation(window: Window, qtbot: QtBot) -> None:
    for page in pages(window, qtbot):
        acting = [each.text() for each in window.findChildren(QAbstractButton) if is_shown(each)]
        bars = [bar for bar in window.findChildren(QTabBar) if bar.isVisible()]
        acting += [bar.tabText(number) for bar in bars for number in range(bar.count())]
        told = [each.text() for each in window.findChildren(QLabel) if is_shown(each)]
        plain = [text for text in acting if len(text) > 1 and "[" not in text and "/" not in text]
        plain += [text for text in told if "[" not in text and PHRASE.search(re.sub(r"<[^>]*>", "", text))]
        assert (page, plain) == (page, [])


def test_nothing_is_cut_off_on_a_screen_of_200_percent() -> None:
    """A process of its own: the scale is settled when the application starts."""
    if os.environ.get("QT_SCALE_FACTOR") == "2":
        pytest.skip("this is that process")
    env = os.environ | {
        "QT_SCALE_FACTOR": "2",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:xdist",
        __file__,
        "-k",
        "cut_off and not percent",
    ]
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=PATIENCE / 100, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
