"""The Go module that the person works in: its go line, toolchain line and workspace."""

import os
import re

from msgspec import Struct

from gomedic.host import Host


class Project(Struct, frozen=True):
    """A folder inside a Go module."""

    folder: str
    module: str  # path of the go.mod
    go_line: str = ""  # "1.22.1"; "" when there is none
    toolchain_line: str = ""  # "go1.22.2"
    line: int | None = None  # of the go line
    has_vendor: bool = False


def probe(host: Host, folder: str | None) -> Project | None:
    """Return the module around `folder` (default: the current folder); None when it is in none."""
    start = os.path.abspath(os.path.join(host.cwd, folder or ""))
    at = start
    while True:
        module = os.path.join(at, "go.mod")
        if os.path.isfile(module):
            return _read(host, start, module)
        if at == "/":
            return None
        at = os.path.dirname(at)


def _read(host: Host, folder: str, module: str) -> Project:
    text = host.text(module) or ""
    go_line = re.search(r"^go[ \t]+(\S+)", text, re.MULTILINE)
    toolchain = re.search(r"^toolchain[ \t]+(\S+)", text, re.MULTILINE)
    return Project(
        folder, module,
        go_line[1] if go_line else "",
        toolchain[1] if toolchain else "",
        text.count("\n", 0, go_line.start()) + 1 if go_line else None,
        os.path.isdir(os.path.join(os.path.dirname(module), "vendor")),
    )  # fmt: skip
