"""What of Qt and of the system's libraries travels along in the bundle."""

import encodings
import os
import pkgutil
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

Entry = tuple[str, str, str]  # name in the bundle, file it comes from, kind

# fmt: off
NOT_USED = [
    "tkinter", "_tkinter", "unittest", "test", "pydoc", "doctest", "lib2to3", "distutils", "setuptools", "pip", "xmlrpc",
    "curses", "_curses", "readline", "numpy", "IPython", "PIL", "pdb", "sqlite3", "_sqlite3", "multiprocessing",
    "concurrent.futures.process", "_pydecimal", "ftplib", "zstandard._cffi", "zstandard.backend_cffi", "cffi",
    "pygments", "markdown_it", "rich.markdown", "rich.syntax",  # rich brings them for what gomedic never prints
]
# Encodings that no machine with Go has in a locale: DOS's (zip archives have 437), the Macintosh's, mainframes'.
_ENCODINGS = re.compile(r"cp(?!437|874|932|936|949|950|125.)\d+|mac_.*|palmos|hp_roman8|ptcp154|mbcs|oem")
NOT_USED += [
    f"encodings.{module.name}"
    for module in pkgutil.iter_modules(encodings.__path__)
    if _ENCODINGS.fullmatch(module.name)
]
QT_NOT_USED = [
    f"PySide6.Qt{name}"
    for name in ("DBus", "Network", "Qml", "Quick", "OpenGL", "Sql", "Test", "PrintSupport")
]
# gpgv and its libraries are a quarter of pysequoia.
GPGV = ("/usr/bin/gpgv", ".")
HEADLESS_NOT_USED = [
    "PySide6", "shiboken6", "gomedic_gui", "pysequoia", "lzma", "_lzma",
    "asyncio.proactor_events", "asyncio.windows_events", "asyncio.windows_utils", "rich._win32_console",
    # no Chinese or Western locale has them
    "_codecs_jp", "_codecs_kr", "_codecs_hk", "_codecs_iso2022", "encodings.johab",
]
SMALLER = {"unicodedata": "/opt/python/small/unicodedata.so"}
# fmt: on
# libwayland: Debian 11's lacks wl_proxy_marshal_flags, and whoever has Wayland has it.
OF_THE_HOST = re.compile(
    r"(libwayland-|libc\.|libm\.|libdl\.|libpthread\.|librt\.|libresolv\.|libutil\.|ld-linux)"
)
# Qt needs them although it never draws with them; a bare system has none, and PyInstaller leaves them to the host.
BROUGHT = ("libGL.so.1", "libEGL.so.1", "libX11.so.6", "libX11-xcb.so.1", "libxcb.so.1")
_LIBRARIES = f"/usr/lib/{os.uname().machine}-linux-gnu"
_PLUGINS = re.compile(
    r"/plugins/(platforms/libq(xcb|wayland(-generic)?|offscreen)\.so|platforminputcontexts/lib(compose|ibus)platform"
    r"|iconengines/libqsvgicon|imageformats/libqsvg|platformthemes/libqxdgdesktopportal"
    r"|wayland-shell-integration/libxdg-shell|wayland-decoration-client/lib(adwaita|bradient))"
)
_TRANSLATIONS = re.compile(r"/translations/qtbase_(en|zh_CN)\.qm$")


def is_wanted(name: str) -> bool:
    """Whether a file of Qt is for the window: plug-ins and translations stand in lists, everything else is."""
    if "/plugins/" in name:
        return bool(_PLUGINS.search(name))
    if "/translations/" in name:
        return bool(_TRANSLATIONS.search(name))
    return not OF_THE_HOST.match(PurePath(name).name)


def smaller(name: str) -> str | None:
    """Return the smaller file that does instead of a module of the bundle."""
    return SMALLER.get(PurePath(name).name.partition(".")[0])


def as_python(binaries: Iterable[Entry]) -> list[Entry]:
    """Return the modules whose compiled form is only faster at what gomedic has it do a few times a day."""
    compiled = (entry for entry in binaries if entry[0].startswith("charset_normalizer"))
    return [
        (f"charset_normalizer.{module}", os.path.join(os.path.dirname(source), f"{module}.py"), "PYMODULE")
        for _name, source, _kind in compiled
        for module in [os.path.basename(source).partition(".")[0]]
    ]


def needed_by(path: str) -> list[str]:
    """Return the sonames that a library or program is linked with."""
    listed = subprocess.run(["readelf", "-dW", path], capture_output=True, text=True, check=False).stdout
    return re.findall(r"NEEDED.*\[(.*)\]", listed)


def brought(binaries: Iterable[Entry], found: Callable[[str], str | None]) -> list[Entry]:
    """Return what to add so that the window needs no graphics library of the host's."""
    have = {PurePath(name).name for name, _source, _kind in binaries}
    added, to_do = [], [name for name in BROUGHT if name not in have]
    while to_do:
        name = to_do.pop()
        path = found(name)
        if name in have or path is None or OF_THE_HOST.match(name):
            continue
        have.add(name)
        added.append((name, path, "BINARY"))
        to_do += needed_by(path)
    return added


def in_system(name: str) -> str | None:
    """Return where the build system has a library."""
    path = os.path.join(_LIBRARIES, name)
    return path if os.path.exists(path) else None


def only_linked(
    binaries: Sequence[Entry], needed: Callable[[str], list[str]] = needed_by
) -> tuple[list[Entry], list[str]]:
    """Return the binaries without libraries that nothing links to any more, and the names of these."""
    by_name = {PurePath(entry[0]).name: entry for entry in binaries}
    used = {name for name, entry in by_name.items() if not _is_library(entry)}
    to_do = [by_name[name] for name in used]
    while to_do:
        for name in needed(to_do.pop()[1]):
            if name in by_name and name not in used:
                used.add(name)
                to_do.append(by_name[name])
    return [entry for entry in binaries if PurePath(entry[0]).name in used], sorted(set(by_name) - used)


def _is_library(entry: Entry) -> bool:
    """Whether it is there for others only; extension modules, plug-ins and Python itself are loaded by name."""
    path = PurePath(entry[0])
    named = re.match(r"lib.*\.so", path.name) and not path.name.startswith("libpython")
    return bool(named) and str(path.parent) in (".", "PySide6/Qt/lib")
