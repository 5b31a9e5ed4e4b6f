"""What editors are told about Go in their settings files."""

import os
import re
from collections.abc import Iterator

from msgspec import Struct

from gomedic.host import Host

_FILES = (
    ".config/Code/User/settings.json", ".config/Code - Insiders/User/settings.json", ".config/VSCodium/User/settings.json",
    ".config/Cursor/User/settings.json", ".vscode-server/data/Machine/settings.json",
    ".vscode-server/data/User/settings.json", ".vscode-remote/data/Machine/settings.json",
    ".local/share/code-server/User/settings.json", ".cursor-server/data/Machine/settings.json",
)  # fmt: skip
_TOOLS = "go.alternateTools"
_TOOL = re.compile(r'"(go)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_SETTING = re.compile(r'"(go\.goroot|go\.gopath|go\.toolsGopath)"\s*:\s*"((?:[^"\\]|\\.)*)"')


class EditorSetting(Struct, frozen=True):
    """One line of an editor's settings that names a folder for Go."""

    file: str
    line: int
    name: str
    value: str
    text: str


def probe(host: Host) -> tuple[EditorSetting, ...]:
    """Return the settings of VS Code and its kin that name folders for Go; comments are passed over."""
    return tuple(setting for name in _FILES for setting in _settings(host, os.path.join(host.home, name)))


def _settings(host: Host, path: str) -> Iterator[EditorSetting]:
    among_tools = False
    for number, line in enumerate((host.text(path) or "").split("\n"), 1):
        code = re.sub(r'^((?:[^"/]|"(?:[^"\\]|\\.)*"|/(?!/))*)//.*$', r"\1", line)
        among_tools = among_tools or f'"{_TOOLS}"' in code
        tools = [(f"{_TOOLS}.{name}", value) for name, value in _TOOL.findall(code) if among_tools]
        for name, value in [*_SETTING.findall(code), *tools]:
            yield EditorSetting(path, number, name, value.replace("${env:HOME}", host.home), line.strip())
        among_tools = among_tools and "}" not in code
