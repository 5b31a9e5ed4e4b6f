"""The desktop finds the program, groups its windows and shows its icon: entry, metainfo, app id, class."""

import configparser
import os
import shutil
import subprocess
import sys
import tomllib
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from gomedic_gui.app import DESKTOP_FILE
from gomedic_gui.icons import application_icon
from loading import ROOT

ENTRY = ROOT / f"resources/gomedic_resources/integration/{DESKTOP_FILE}.desktop"
METAINFO = ROOT / f"resources/gomedic_resources/integration/{DESKTOP_FILE}.metainfo.xml"
ICONS = ROOT / "resources/gomedic_resources/icons"


def accepts(*words: str) -> None:
    """Run a validator; skip where it is not installed."""
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_desktop_entry_is_valid() -> None:
    accepts("desktop-file-validate", str(ENTRY))


def test_the_metainfo_is_valid() -> None:
    accepts("appstreamcli", "validate", "--no-net", str(METAINFO))


def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ENTRY, "utf-8")
    return parser["Desktop Entry"]


def test_both_speak_chinese_too() -> None:
    assert {name for name in entry() if name.endswith("[zh_CN]")} == {
        f"{name}[zh_CN]" for name in ("GenericName", "Comment", "Keywords")
    }
    root = ElementTree.parse(METAINFO).getroot()
    for tag in ("summary", "description/p"):
        said = [each.get("{http://www.w3.org/XML/1998/namespace}lang") for each in root.findall(tag)]
        assert said.count(None) == said.count("zh_CN") > 0


def test_all_name_the_same_program() -> None:
    root = ElementTree.parse(METAINFO).getroot()
    assert root.findtext("id") == DESKTOP_FILE
    assert root.findtext("launchable") == ENTRY.name
    assert (ICONS / f"{entry()['Icon']}.svg").is_file()
    assert (ICONS / f"{entry()['Icon']}-symbolic.svg").is_file()
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shared = build["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert {path for path in shared if not (ROOT / path).is_file()} == set()
    assert entry()["Exec"] in build["project"]["scripts"]


def test_the_application_says_which_entry_is_its_own(dressed: QApplication) -> None:
    assert dressed.desktopFileName() == DESKTOP_FILE


@pytest.mark.parametrize("size", [16, 24, 32, 48, 64, 128, 256, 512])
def test_the_icon_is_sharp_at_every_size(size: int, dressed: QApplication) -> None:
    image = (
        application_icon()
        .pixmap(
            size,
            size,
        )
        .toImage()
    )
    assert image.width() == size * image.devicePixelRatio()
    white = sum(image.pixelColor(x, y).lightness() > 240 for x in range(size) for y in range(size))
    assert 0.04 < white / size**2 < 0.3, "the line can hardly be seen"
    assert image.pixelColor(0, 0).alpha() == 0


def test_the_symbolic_icon_is_of_one_colour(dressed: QApplication) -> None:
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(ICONS / "gomedic-symbolic.svg")).render(painter, QRectF(image.rect()))
    painter.end()
    colours = [image.pixelColor(x, y) for x in range(64) for y in range(64)]
    assert {each.name() for each in colours if each.alpha() == 255} == {QColor("#2e3436").name()}


PROGRAM = """
from gomedic_gui.app import application
from PySide6.QtWidgets import QMainWindow
app = application("en")
window = QMainWindow()
window.show()
print(int(window.winId()), flush=True)
app.exec()
"""


def test_windows_are_grouped_under_the_entry(display: str) -> None:
    if shutil.which("xprop") is None:
        pytest.skip("xprop is missing (apt install x11-utils)")
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "xcb"},
    ) as program:
        assert program.stdout is not None
        window = program.stdout.readline().strip()
        told = subprocess.run(
            ["xprop", "-id", window, "WM_CLASS", "_NET_WM_NAME", "_KDE_NET_WM_DESKTOP_FILE", "_NET_WM_ICON"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        program.terminate()
    assert f'"{entry()["StartupWMClass"]}"' in told.splitlines()[0]
    assert DESKTOP_FILE in told
