"""The desktop's own file dialogs are asked for only where they are sure to come."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gomedic_gui.portal import THEME, theme_for_dialogs


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A desktop's session with a portal that shows file dialogs."""
    service = tmp_path / "share/dbus-1/services/org.freedesktop.portal.Desktop.service"
    part = tmp_path / "share/xdg-desktop-portal/portals/gtk.portal"
    for file, text in (
        (service, "[D-BUS Service]\n"),
        (part, "Interfaces=org.freedesktop.impl.portal.FileChooser\n"),
    ):
        file.parent.mkdir(parents=True)
        file.write_text(text)
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        yield {
            "XDG_CURRENT_DESKTOP": "GNOME",
            "XDG_DATA_DIRS": f"/nowhere:{tmp_path}/share",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus,guid=1",
        }


def test_a_desktop_with_a_portal_shows_its_own(env: dict[str, str], tmp_path: Path) -> None:
    assert theme_for_dialogs(env) == THEME
    del env["DBUS_SESSION_BUS_ADDRESS"]
    assert theme_for_dialogs(env) is None
    assert theme_for_dialogs(env | {"XDG_RUNTIME_DIR": str(tmp_path)}) == THEME


@pytest.mark.parametrize(
    "other",
    [
        {"QT_QPA_PLATFORMTHEME": "kde"},
        {"SSH_CONNECTION": "10.0.0.2 1 10.0.0.1 22"},
        {"XDG_CURRENT_DESKTOP": ""},
        {"XDG_DATA_DIRS": "/nowhere"},
        {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/proc/1/cmdline-of-nobody"},
        {"DBUS_SESSION_BUS_ADDRESS": "unix:abstract=/tmp/dbus-1"},
    ],
)
def test_where_it_might_not_come_qt_shows_one(env: dict[str, str], other: dict[str, str]) -> None:
    assert theme_for_dialogs(env | other) is None


def test_a_portal_without_file_dialogs_is_not_asked(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "share/xdg-desktop-portal/portals/gtk.portal").write_text("Interfaces=other\n")
    assert theme_for_dialogs(env) is None
