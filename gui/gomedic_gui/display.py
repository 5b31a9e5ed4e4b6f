"""Whether a window can be opened here, and how large. Qt ends the whole program when it cannot."""

import ctypes
import os
import socket
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


def platforms(env: Mapping[str, str]) -> str:
    """Return which of Qt's platforms to open the window on, the first that works (QT_QPA_PLATFORM)."""
    return "wayland;xcb" if env.get("WAYLAND_DISPLAY") and _obstacle_on_wayland(env) is None else "xcb"


def obstacle(env: Mapping[str, str]) -> Message | None:
    """Return why no window can be opened, None when one can: on Wayland, else on X11."""
    if env.get("QT_QPA_PLATFORM", "").startswith(_NO_SCREEN_NEEDED):
        return None
    if not env.get("WAYLAND_DISPLAY"):
        return _obstacle_on_x11(env)
    on_wayland = _obstacle_on_wayland(env)
    return on_wayland and (_obstacle_on_x11(env) if env.get("DISPLAY") else on_wayland)


def _obstacle_on_wayland(env: Mapping[str, str]) -> Message | None:
    library = _missing_library("libqwayland*.so")
    if library is not None:
        return _missing(library)
    display = env["WAYLAND_DISPLAY"]
    socket_path = os.path.join(env.get("XDG_RUNTIME_DIR", ""), display)  # wl_display_connect(3)
    if not env.get("WAYLAND_SOCKET") and not _listens(socket_path):
        return _silent(display)
    return None


def _obstacle_on_x11(env: Mapping[str, str]) -> Message | None:
    display = env.get("DISPLAY")
    if not display:
        return Message(N_("There is no display here to open a window on. Use: gomedic check"))
    library = _missing_library("libqxcb.so")
    if library is not None:
        return _missing(library)
    return None if _answers(display) else _silent(display)


def _missing(library: str) -> Message:
    return Message(N_("The window cannot be opened, a library is missing: {library}"), {"library": library})


def _silent(display: str) -> Message:
    return Message(
        N_("The display {display} does not answer, so no window can be opened. Use: gomedic check"),
        {"display": display},
    )


def _missing_library(plugins: str) -> str | None:
    """Return what the loader says of Qt's plug-ins with such names when none can be loaded."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforms")
    complaint = None
    for plugin in sorted(folder.glob(plugins)):
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            complaint = str(
                error.__cause__ or error
            )  # a bundle's ctypes puts words of its own before the loader's
        else:
            return None
    return complaint


def _listens(path: str) -> bool:
    """Tell whether a compositor takes connections at its socket."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(path)
    except OSError:
        return False
    return True


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
