"""What the window opens sees the person's environment, name by name, and nothing of this program's."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gomedic.host import Host
from gomedic_gui.opening import SCHEMES, Opener

XDG_OPEN = """#!/bin/sh
cat /proc/$$/environ > "$HOME/environ"
printf '%s' "$1" > "$HOME/asked.new"
mv "$HOME/asked.new" "$HOME/asked"
"""


@pytest.fixture
def opening(qapp: QApplication, home: Path) -> Iterator[dict[str, str]]:
    """The environment of a person whose desktop notes what it is asked to open."""
    programs = home / "bin"
    programs.mkdir()
    (programs / "xdg-open").write_text(XDG_OPEN)
    (programs / "xdg-open").chmod(0o755)
    env = {
        "HOME": str(home),
        "PATH": f"{programs}:/usr/bin:/bin",
        "LD_LIBRARY_PATH": "/their/lib",
        "是": "one\ntwo",
    }
    opener = Opener(Host(env, str(home), Host.this_machine().account), qapp)
    yield env
    for scheme in SCHEMES:
        QDesktopServices.unsetUrlHandler(scheme)
    opener.deleteLater()


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        (QUrl.fromLocalFile("/tmp/设置 #1.toml"), "/tmp/设置 #1.toml"),
        (QUrl("https://go.dev/doc/#中"), "https://go.dev/doc/#%E4%B8%AD"),
    ],
)
def test_it_opens_in_the_persons_environment(
    opening: dict[str, str], home: Path, qtbot: QtBot, address: QUrl, asked: str
) -> None:
    assert QDesktopServices.openUrl(address)
    qtbot.waitUntil(lambda: (home / "asked").exists(), timeout=30_000)
    assert (home / "asked").read_text() == asked
    seen = dict(
        entry.split("=", 1) for entry in os.fsdecode((home / "environ").read_bytes()).split("\0") if entry
    )
    assert seen == opening
