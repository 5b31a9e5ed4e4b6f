"""Whether a window can be opened here, and how large. Qt ends the whole program when it cannot."""

import ctypes
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QSize

from gomedic.texts import N_, Message

_NO_SCREEN_NEEDED = ("offscreen", "minimal", "vnc")
_WANTED = QSize(1080, 700)
_FRAME = QSize(16, 48)  # of a window manager, at most


def fitting(available: QSize) -> QSize:
    """Return the size to open with on a screen with so much room."""
    return _WANTED.boundedTo(available - _FRAME)


def obstacle(env: Mapping[str, str]) -> Message | None:
    """Return why no window can be opened, None when one can."""
    if env.get("QT_QPA_PLATFORM", "").startswith(_NO_SCREEN_NEEDED) or env.get("WAYLAND_DISPLAY"):
        return None
    display = env.get("DISPLAY")
    if not display:
        return Message(N_("There is no display here to open a window on. Use: gomedic check"))
    library = _missing_library()
    if library is not None:
        return Message(
            N_("The window cannot be opened, a library is missing: {library}"), {"library": library}
        )
    if not _answers(display):
        values = {"display": display}
        return Message(
            N_("The display {display} does not answer, so no window can be opened. Use: gomedic check"),
            values,
        )
    return None


def _missing_library() -> str | None:
    """Return what the loader says of Qt's X11 plug-in when it cannot be loaded."""
    plugin = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms", "libqxcb.so")
    if not plugin.exists():
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error)
    return None


def _answers(display: str) -> bool:
    """Ask the X server as Qt will: xcb_connect(3), xcb_connection_has_error(3)."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # not known; Qt brings its own
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed
