"""What is known of the machine around Go: its C library, the tools of a tree, its memory, certificates and network."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from glob import glob

from gomedic.host import Host
from gomedic.probes import certificates, clone3, flatpaks, glibc, memory, reach, syntax, tools
from gomedic.probes.flatpaks import Sandboxed
from gomedic.probes.memory import Memory
from gomedic.probes.reach import Server
from gomedic.probes.syntax import SyntaxFault
from gomedic.sessions.startup_files import family_of

_AT_ONCE = 4  # shells that read at the same time


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

    @cached_property
    def has_libc_headers(self) -> bool:
        """Whether the headers of the C library are where a system's compiler looks."""
        places = ("/usr/include", "/usr/local/include", "/usr/include/*-linux-*")
        return any(glob(os.path.join(place, "stdlib.h")) for place in places)

    def go_files(self, folder: str) -> list[str]:
        """Return the names of the Go files in a folder."""
        try:
            return sorted(name for name in os.listdir(folder) if name.endswith(".go"))
        except OSError:
            return []

    def has_authorities(self, file: str, folders: str) -> bool:
        """Tell whether Go finds a certificate file, with these values of SSL_CERT_FILE and SSL_CERT_DIR."""
        return bool(certificates.files(file, folders))

    @cached_property
    def memory(self) -> Memory:
        """How much memory a build could take."""
        return memory.probe(self._host)

    @cached_property
    def forbids_clone3(self) -> bool:
        """Whether the sandbox answers clone3 with EPERM."""
        return clone3.is_forbidden()

    @cached_property
    def sandboxed_editors(self) -> tuple[Sandboxed, ...]:
        """The editors that run in Flatpak's sandbox."""
        return flatpaks.probe(self._host)

    @cached_property
    def has_route(self) -> bool:
        """Whether there is a way out of this machine at all."""
        return reach.has_route(self._host)

    @cached_property
    def name_servers(self) -> tuple[Server, ...]:
        """The name servers of /etc/resolv.conf."""
        return reach.name_servers(self._host.text("/etc/resolv.conf") or "")

    def lookup(self, name: str) -> str:
        """Look a name up, in at most 3 seconds: "found", "no such name", "no answer", or "" where that is not known."""
        return reach.lookup(name)

    def refuses_questions(self, address: str) -> bool:
        """Tell whether nobody listens at a name server, by the word of its machine."""
        return reach.refuses_questions(address)

    def unknown_issuer(self, name: str, port: int, file: str, folders: str) -> str | None:
        """Return who signed a server's certificate where Go, with these SSL_CERT_FILE and SSL_CERT_DIR, knows him not.

        "" where it is in order, None where nobody answers within 3 seconds.
        """
        return reach.unknown_issuer(name, port, tuple(certificates.files(file, folders)))

    def syntax_faults(self, files: Iterable[tuple[str, str]]) -> dict[tuple[str, str], SyntaxFault]:
        """Return where shells stop understanding files, which they read and do not run: (shell, file) -> fault."""
        asked = list(dict.fromkeys(files))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            faults = pool.map(
                lambda pair: syntax.fault(self._host, pair[0], family_of(pair[0]), pair[1]), asked
            )
            return {pair: fault for pair, fault in zip(asked, faults, strict=True) if fault is not None}
