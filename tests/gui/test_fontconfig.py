"""What fontconfig does not understand of the system's settings is nobody's concern."""

import os
import subprocess
import sys
from pathlib import Path

SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><of-a-newer-one/><dir>/usr/share/fonts</dir></fontconfig>
"""
WINDOW = """
import sys
if "quietly" in sys.argv:
    from gomedic_gui.fontconfig import read_settings_quietly
    read_settings_quietly()
from PySide6.QtGui import QFontDatabase, QGuiApplication
app = QGuiApplication([])
print(len(QFontDatabase.families()) > 0)
sys.stderr.write("heard")
"""


def said(tmp_path: Path, *words: str) -> tuple[str, str]:
    (tmp_path / "fonts.conf").write_text(SETTINGS)
    env = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip(), done.stderr


def test_its_complaints_are_not_shown(tmp_path: Path) -> None:
    fonts, complaints = said(tmp_path)
    assert "of-a-newer-one" in complaints
    assert said(tmp_path, "quietly") == (fonts, "heard")
