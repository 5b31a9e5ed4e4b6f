"""Whose this gomedic is: its own bundle's, which can be copied, or a package manager's."""

import json
import os
import sys
from importlib import metadata
from importlib.util import find_spec

from msgspec import Struct

from gomedic import bundled


class Owner(Struct, frozen=True):
    """Who brought the gomedic that runs, and what starts it."""

    name: str  # bundle source pipx, or the installer's own name: pip, uv
    folder: str  # the bundle, the sources, or the Python environment
    command: str  # what starts it
    has_window: bool
    files: frozenset[str] = frozenset()  # that the installer put there

    @property
    def copies(self) -> bool:
        """Whether install-self copies the program."""
        return self.name == "bundle"


def owner() -> Owner:
    """Return who owns the gomedic that runs."""
    window = _is_there("gomedic_gui") and _is_there("PySide6")
    folder = bundled.bundle_folder()
    if folder is not None:
        return Owner("bundle", folder, os.path.join(folder, "gomedic"), window)
    command = os.path.join(sys.prefix, "bin", "gomedic")
    try:
        brought = metadata.distribution("gomedic")
    except metadata.PackageNotFoundError:
        return Owner("source", _sources(), command, window)
    direct = json.loads(brought.read_text("direct_url.json") or "{}")
    if direct.get("dir_info", {}).get("editable"):
        return Owner("source", _sources(), command, window)
    name = "pipx" if os.path.exists(os.path.join(sys.prefix, "pipx_metadata.json")) else _installer(brought)
    files = frozenset(os.path.realpath(str(file.locate())) for file in brought.files or ())
    return Owner(name, sys.prefix, command, window, files)


def _is_there(module: str) -> bool:
    return find_spec(module) is not None


def _installer(brought: metadata.Distribution) -> str:
    return (brought.read_text("INSTALLER") or "").strip() or "pip"


def _sources() -> str:
    """Return the top folder of the sources: this file is core/gomedic/self_install/owner.py in it."""
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))))
