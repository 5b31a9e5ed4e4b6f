"""The person's own environment, free of traces of our bundle or virtual environment."""

import os
from collections.abc import Mapping

_KEPT = "GOMEDIC_PERSON_"
# Beginnings of the names that the bundle's launcher hands on as GOMEDIC_PERSON_NAME, and this gives back
# (packaging/dist/launcher.c has the same list).
TAKEN = (
    "GCONV_PATH",
    "GLIBC_TUNABLES",
    _KEPT,
    "LD_",
    "OPENSSL_",
    "PYTHON",
    "QML2_IMPORT_PATH",
    "QML_IMPORT_PATH",
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "_MEIPASS",
    "_PYI_",
)
_BUNDLE_ONLY = ("_PYI_", "_MEIPASS")
_INTO_BUNDLE = (
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
    "QT_QPA_FONTDIR",
    "QML2_IMPORT_PATH",
    "QML_IMPORT_PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GI_TYPELIB_PATH",
    "TCL_LIBRARY",
    "TK_LIBRARY",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONEXECUTABLE",
)
_ALWAYS = ("PYSIDE6_OPTION_PYTHON_ENUM", "PYTHONUNBUFFERED_BY_GOMEDIC")


def person_environment(
    environ: Mapping[str, str], *, bundle: str | None, prefix: str | None
) -> dict[str, str]:
    """Return `environ` as it was before our bundle or virtual environment changed it.

    `bundle` is the folder a PyInstaller bundle unpacked itself to, `prefix` the folder of the virtual
    environment the program runs in; each None where there is none. The bundle's launcher keeps all that it
    takes; where only the boot loader ran, it saved the person's LD_LIBRARY_PATH as LD_LIBRARY_PATH_ORIG, and
    only if it was set (PyInstaller manual, "LD_LIBRARY_PATH").
    A virtual environment that is not ours is the person's and stays.
    """
    if bundle is not None and _KEPT in environ:
        return _given_back(environ)
    env = {name: value for name, value in environ.items() if name not in _ALWAYS}
    if bundle is not None:
        env = _without_bundle(env, bundle)
    if prefix is not None:
        env = _without_virtual_environment(env, prefix)
    return env


def _given_back(environ: Mapping[str, str]) -> dict[str, str]:
    """Return exactly what the launcher was started with: what it took under its own name, and nothing of ours."""
    return {
        name.removeprefix(_KEPT): value
        for name, value in environ.items()
        if name != _KEPT and (name.startswith(_KEPT) or not name.startswith(TAKEN))
    }


def _without_bundle(env: dict[str, str], bundle: str) -> dict[str, str]:
    original = env.pop("LD_LIBRARY_PATH_ORIG", None)
    env.pop("LD_LIBRARY_PATH", None)
    if original is not None:
        env["LD_LIBRARY_PATH"] = original
    return {
        name: value
        for name, value in env.items()
        if not name.startswith(_BUNDLE_ONLY) and not (name in _INTO_BUNDLE and bundle in value)
    }


def _without_virtual_environment(env: dict[str, str], prefix: str) -> dict[str, str]:
    if os.path.realpath(env.get("VIRTUAL_ENV", "/")) == os.path.realpath(prefix):
        for name in ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "_OLD_VIRTUAL_PATH", "_OLD_VIRTUAL_PS1"):
            env.pop(name, None)
    if "PATH" in env:
        ours = os.path.join(prefix, "bin")
        env["PATH"] = ":".join(entry for entry in env["PATH"].split(":") if entry != ours)
    return env
