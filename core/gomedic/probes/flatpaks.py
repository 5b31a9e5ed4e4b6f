"""Editors that run in Flatpak's sandbox, and whether they have a Go in there."""

import os
import re

from msgspec import Struct

from gomedic.host import Host

_EDITORS = {
    "com.visualstudio.code": "VS Code", "com.visualstudio.code-oss": "Code - OSS", "com.vscodium.codium": "VSCodium",
    "com.jetbrains.GoLand": "GoLand", "com.jetbrains.IntelliJ-IDEA-Community": "IntelliJ IDEA", "dev.zed.Zed": "Zed",
}  # fmt: skip
_EXTENSION = "runtime/org.freedesktop.Sdk.Extension.golang"
_ENABLED = re.compile(r"^FLATPAK_ENABLE_SDK_EXT=(.*)$", re.MULTILINE)


class Sandboxed(Struct, frozen=True):
    """An editor in a sandbox of its own."""

    name: str
    app: str
    folder: str  # where it keeps its data
    override: str  # the account's own settings of the sandbox
    has_extension: bool  # Go's SDK extension is installed
    enables: tuple[str, ...]  # the SDK extensions that the override turns on


def probe(host: Host) -> tuple[Sandboxed, ...]:
    """Return the editors that the account has run from a Flatpak (flatpak-override(1), the editors' own notes)."""
    data = host.place("XDG_DATA_HOME", ".local/share", "flatpak")
    extension = any(os.path.isdir(os.path.join(top, _EXTENSION)) for top in (data, "/var/lib/flatpak"))
    found = []
    for app, name in _EDITORS.items():
        folder, override = os.path.join(host.home, ".var/app", app), os.path.join(data, "overrides", app)
        if os.path.isdir(folder):
            said = _ENABLED.search(host.text(override) or "")
            enables = tuple(said[1].replace(";", ",").split(",")) if said else ()
            found.append(Sandboxed(name, app, folder, override, extension, enables))
    return tuple(found)
