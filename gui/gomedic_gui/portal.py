"""Whether the desktop's own file dialogs can be had: through its portal, as sandboxed programs get them."""

import os
from collections.abc import Mapping
from pathlib import Path

THEME = "xdgdesktopportal"  # Qt's name for what asks the portal (QT_QPA_PLATFORMTHEME)
_SERVICE = "dbus-1/services/org.freedesktop.portal.Desktop.service"
_PORTALS = "xdg-desktop-portal/portals"
_WANTED = "org.freedesktop.impl.portal.FileChooser"
_USUAL = "/usr/local/share:/usr/share"  # XDG Base Directory Specification


def theme_for_dialogs(env: Mapping[str, str]) -> str | None:
    """Return the theme that brings the desktop's file dialogs; None where Qt's own are the surer way.

    A portal that does not answer would open no dialog at all. So it must be that of a desktop's own session, on
    a bus of this account, with a part that shows file dialogs; over ssh and with sudo it is not asked.
    """
    if "QT_QPA_PLATFORMTHEME" in env or "SSH_CONNECTION" in env or not env.get("XDG_CURRENT_DESKTOP"):
        return None
    folders = [Path(each) for each in (env.get("XDG_DATA_DIRS") or _USUAL).split(":") if each]
    if not any((folder / _SERVICE).is_file() for folder in folders):
        return None
    shown = any(_shows_files(path) for folder in folders for path in (folder / _PORTALS).glob("*.portal"))
    return THEME if shown and _is_own_bus(env) else None


def _shows_files(portal: Path) -> bool:
    try:
        return _WANTED in portal.read_text(errors="replace")
    except OSError:
        return False


def _is_own_bus(env: Mapping[str, str]) -> bool:
    address = env.get("DBUS_SESSION_BUS_ADDRESS", "")
    usual = os.path.join(env.get("XDG_RUNTIME_DIR", ""), "bus")
    path = address.removeprefix("unix:path=").split(",")[0] if address else usual
    try:
        return os.stat(path).st_uid == os.getuid()
    except OSError:
        return False
