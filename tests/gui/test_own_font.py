"""Chinese never shows as boxes: where no font here has it, the window brings its own, and only there."""

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from PySide6.QtGui import QRawFont

from gomedic.texts import catalogue_for
from loading import ROOT

FONT = ROOT / "gui/gomedic_gui/font/gomedic-sans-sc.otf"
LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
CHINESE = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
SHOW = """
import json
from PySide6.QtGui import QFont, QTextLayout
from gomedic_gui.app import application
from gomedic_gui.text import tr

app = application("zh_CN")

def drawn(font):
    layout = QTextLayout("新终端 Go", font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return {run.rawFont().familyName(): list(run.glyphIndexes()) for run in layout.glyphRuns()}

print(json.dumps({"said": tr("Copy"), "plain": drawn(app.font()), "code": drawn(QFont("monospace"))}))
"""


@pytest.fixture(params=["latin", "none", "chinese"])
def fonts(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """A font configuration of its own: with Latin letters, with none at all, with Chinese."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    for kind, file in (("latin", LATIN), ("chinese", CHINESE)):
        if request.param == kind:
            if not file.exists():
                pytest.skip(f"there is no {file}")
            shutil.copy(file, folder)
    config = tmp_path / "fonts.conf"
    config.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    return request.param, config


def test_chinese_is_drawn_with_real_letters(fonts: tuple[str, Path], tmp_path: Path) -> None:
    kind, config = fonts
    env = {
        **os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["said"] == "复制"
    for drawn in (seen["plain"], seen["code"]):
        assert [glyphs for glyphs in drawn.values() if 0 in glyphs] == []
        assert ("gomedic Sans SC" in drawn) is (kind != "chinese")


def test_the_font_has_every_letter_of_our_texts() -> None:
    font = QRawFont(str(FONT), 12)
    texts = catalogue_for("zh_CN")._catalog  # type: ignore[attr-defined]
    signs = {sign for text in texts.values() for sign in text if unicodedata.category(sign)[0] in "LNP"}
    lacking = {sign for sign in signs if not font.supportsCharacter(ord(sign))}
    assert lacking == set(), "run packaging/make_font.py"


def test_the_font_is_small_and_its_licence_comes_with_it() -> None:
    assert FONT.stat().st_size <= 2_500_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT.parent / "OFL.txt").read_text()
