"""The Go module that the person works in: its go line, toolchain line and workspace."""

import os
import re

from msgspec import Struct
from msgspec.structs import replace

from gomedic.host import Host


class Project(Struct, frozen=True):
    """A folder inside a Go module."""

    folder: str
    module: str  # path of the go.mod
    go_line: str = ""  # "1.22.1"; "" when there is none
    toolchain_line: str = ""  # "go1.22.2"
    line: int | None = None  # of the go line
    has_vendor: bool = False
    first_line: str = ""


class Workspace(Struct, frozen=True):
    """A go.work and the folders of the modules that it lists."""

    file: str
    uses: tuple[str, ...]
    line: int | None = None  # of the first use
    go_line: str = ""
    toolchain_line: str = ""
    line_of_go: int | None = None


def probe(host: Host, folder: str | None) -> Project | None:
    """Return the module around `folder` (default: the current folder); None when it is in none."""
    start = os.path.abspath(os.path.join(host.cwd, folder or ""))
    at = start
    while True:
        module = os.path.join(at, "go.mod")
        if host.files.is_file(module):
            return _read(host, start, module)
        if at == "/":
            return None
        at = os.path.dirname(at)


def _read(host: Host, folder: str, module: str) -> Project:
    text = host.text(module) or ""
    go_line, toolchain_line, line = _asked(text)
    return Project(
        folder, module, go_line, toolchain_line, line,
        host.files.is_folder(os.path.join(os.path.dirname(module), "vendor")),
        text.split("\n", 1)[0].strip(),
    )  # fmt: skip


def _asked(text: str) -> tuple[str, str, int | None]:
    """Return which release a go.mod or go.work asks for: its go line, its toolchain line, and where the go line stands."""
    go_line = re.search(r"^go[ \t]+(\S+)", text, re.MULTILINE)
    toolchain = re.search(r"^toolchain[ \t]+(\S+)", text, re.MULTILINE)
    line = text.count("\n", 0, go_line.start()) + 1 if go_line else None
    return go_line[1] if go_line else "", toolchain[1] if toolchain else "", line


def demand(project: Project | None, work: Workspace | None) -> Project | None:
    """Return a project as go reads its demands: those of the workspace that lists it go first (go.dev/ref/mod#workspaces)."""
    if (
        project is None
        or work is None
        or os.path.dirname(project.module) not in work.uses
        or not work.go_line
    ):
        return project
    return replace(
        project,
        module=work.file,
        go_line=work.go_line,
        toolchain_line=work.toolchain_line,
        line=work.line_of_go,
    )


def workspace(host: Host, folder: str | None) -> Workspace | None:
    """Return the workspace around `folder` (default: the current folder); None when it is in none."""
    file = _above(host, os.path.abspath(os.path.join(host.cwd, folder or "")), "go.work")
    if file is None:
        return None
    text = host.text(file) or ""
    block = re.search(r"^use\s*\(([^)]*)\)", text, re.MULTILINE)
    named = re.findall(r"^use[ \t]+([^\s(]+)", text, re.MULTILINE) + (block[1].split() if block else [])
    first = re.search(r"^use\b", text, re.MULTILINE)
    uses = tuple(os.path.normpath(os.path.join(os.path.dirname(file), name)) for name in named)
    return Workspace(file, uses, text.count("\n", 0, first.start()) + 1 if first else None, *_asked(text))


def repository(host: Host, project: Project | None) -> str | None:
    """Return the top of the git repository that holds a project; None when there is none."""
    marked = _above(host, os.path.dirname(project.module), ".git") if project else None
    return os.path.dirname(marked) if marked else None


def _above(host: Host, folder: str, name: str) -> str | None:
    """Return the nearest `name` in a folder or above it."""
    while True:
        candidate = os.path.join(folder, name)
        if host.files.exists(candidate):
            return candidate
        if folder == "/":
            return None
        folder = os.path.dirname(folder)
