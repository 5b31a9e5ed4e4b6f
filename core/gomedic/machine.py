"""What is known of the machine around Go: its C library, the tools of a tree, its memory, certificates and network."""

import os
from functools import cached_property

from gomedic.host import Host
from gomedic.probes import glibc, tools


class Machine:
    """The machine as Go's programs meet it; each fact is read once, when first asked for."""

    def __init__(self, host: Host) -> None:
        self._host = host

    @cached_property
    def glibc(self) -> str | None:
        """The release of the GNU C library, "2.36"; None where there is another one."""
        return glibc.installed()

    def newer_glibc(self, path: str) -> str | None:
        """Return the release of the GNU C library that a program asks for, where this machine's is older."""
        needed = glibc.needed(path)
        if needed is None or self.glibc is None or glibc.numbers(needed) <= glibc.numbers(self.glibc):
            return None
        return needed

    def unusable_tools(self, root: str, arch: str) -> tuple[tuple[str, str], ...]:
        """Return the compiler and linker of a Go tree as far as they cannot be started, each with the reason."""
        return tools.unusable(root, arch)

    def not_executable(self, folder: str) -> list[tuple[str, int, int]]:
        """Return the files in a folder that nobody may execute: path, permission bits, owner."""
        try:
            entries = sorted(
                entry.path for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)
            )
        except OSError:
            return []
        found = ((path, os.stat(path)) for path in entries)
        return [
            (path, info.st_mode & 0o7777, info.st_uid) for path, info in found if not info.st_mode & 0o111
        ]
