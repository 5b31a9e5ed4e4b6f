"""What is known of the machine around Go: its C library, the tools of a tree, its memory, certificates and network."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import cached_property, partial
from glob import glob

from gomedic.host import Host
from gomedic.probes import (
    certificates,
    clone3,
    flatpaks,
    glibc,
    leftovers,
    memory,
    network,
    places,
    reach,
    sandbox,
    syntax,
    tools,
)
from gomedic.probes.flatpaks import Sandboxed
from gomedic.probes.leftovers import Leftovers
from gomedic.probes.memory import Memory
from gomedic.probes.mounts import Mount, covering, mounts_of
from gomedic.probes.reach import Server
from gomedic.probes.sandbox import Sandbox
from gomedic.probes.syntax import SyntaxFault
from gomedic.questions import Questions
from gomedic.sessions.startup_files import family_of


class Machine:
    """The machine as Go's programs meet it; each fact is read once, when first asked for."""

    def __init__(self, host: Host, questions: Questions | None = None) -> None:
        self._host = host
        self.questions = questions or Questions()
        self._certificates: dict[tuple[str, str], tuple[str, ...]] = {}

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

    def leftovers(self, root: str, version: str) -> Leftovers | None:
        """Return what a tree has that its release has not; None where no archive of it on this machine can tell."""
        return self.ask_leftovers(root, version).result()

    def ask_leftovers(self, root: str, version: str) -> "Future[Leftovers | None]":
        """Begin to compare a tree with the archives of its release."""
        work = partial(leftovers.probe, self._host, root, version, self.questions.stopped)
        return self.questions.ask(("leftovers", root), work)

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
        return bool(self._authorities(file, folders))

    def _authorities(self, file: str, folders: str) -> tuple[str, ...]:
        if (file, folders) not in self._certificates:
            self._certificates[file, folders] = tuple(certificates.files(file, folders))
        return self._certificates[file, folders]

    @cached_property
    def memory(self) -> Memory:
        """How much memory a build could take."""
        return memory.probe(self._host, self.sandbox.groups.memory)

    @cached_property
    def sandbox(self) -> Sandbox:
        """What the sandbox allows: the one that is here, or that is supposed to come."""
        return sandbox.probe(self._host)

    def mount_of(self, path: str) -> Mount | None:
        """Return what is mounted where a path lies; None where that is not known."""
        return covering(os.path.realpath(path), mounts_of(self._host.text("/proc/self/mountinfo") or ""))

    def holds(self, folder: str, size: int) -> bool:
        """Tell whether the files at and below a folder have so many bytes together."""
        return places.holds(folder, size, self._host.files)

    @cached_property
    def processors(self) -> int:
        """How many processors a program may use: those it may run on, fewer where a quota says so."""
        quota = self.sandbox.groups.cpus
        here = len(os.sched_getaffinity(0))
        return min(here, max(1, round(quota.value))) if quota is not None else here

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
        """Whether there is a way out of this machine at all, which the person wants to be used."""
        return not self._host.offline and reach.has_route(self._host)

    @cached_property
    def name_servers(self) -> tuple[Server, ...]:
        """The name servers of /etc/resolv.conf."""
        return reach.name_servers(self._host.text("/etc/resolv.conf") or "")

    def lookup(self, name: str) -> str:
        """Look a name up, in at most 3 seconds: "found", "no such name", "no answer", or "" where that is not known."""
        if self._host.offline:
            return "no answer"
        return self.questions.heard(("lookup", name), partial(reach.lookup, name), "no answer")

    def refuses_questions(self, address: str) -> bool:
        """Tell whether nobody listens at a name server, by the word of its machine."""
        work = partial(reach.refuses_questions, address)
        return self.questions.heard(("questions", address), work, silence=False)

    def unknown_issuer(self, name: str, port: int, file: str, folders: str) -> str | None:
        """Return who signed a server's certificate where Go, with these SSL_CERT_FILE and SSL_CERT_DIR, knows him not.

        "" where it is in order, None where nobody answers within 3 seconds.
        """
        return self.questions.heard(*self._greeting(name, port, file, folders), None)

    def _greeting(
        self, name: str, port: int, file: str, folders: str
    ) -> tuple[tuple[str, ...], Callable[[], str | None]]:
        authorities = self._authorities(file, folders)
        asked = ("issuer", name, str(port), *authorities)
        return asked, partial(reach.unknown_issuer, name, port, authorities)

    def ask_server(self, name: str, port: int, file: str, folders: str) -> None:
        """Begin to look a server's name up and, as that ends, to shake hands with it or to doubt the name servers."""
        if self._host.offline:
            return
        self.questions.ask_outside(
            ("server", name, port, file, folders), partial(self._meet, name, port, file, folders)
        )

    def _meet(self, name: str, port: int, file: str, folders: str) -> None:
        state = self.questions.ask_outside(("lookup", name), partial(reach.lookup, name)).result()
        if state == "found" and self.has_authorities(file, folders):
            self.questions.ask_outside(*self._greeting(name, port, file, folders)).result()
        elif state == "no answer" and self.has_route:
            for server in self.name_servers:
                work = partial(reach.refuses_questions, server.address)
                self.questions.ask_outside(("questions", server.address), work).result()

    def refuses(self, address: tuple[str, int]) -> bool:
        """Tell whether the machine that a name leads to refuses a connection outright."""
        return self.questions.heard(("refuses", *address), partial(network.refuses, *address), silence=False)

    def ask_address(self, address: tuple[str, int]) -> None:
        """Begin to try a connection."""
        self.questions.ask_outside(("refuses", *address), partial(network.refuses, *address))

    def syntax_faults(self, files: Iterable[tuple[str, str]]) -> dict[tuple[str, str], SyntaxFault]:
        """Return where shells stop understanding files, which they read and do not run: (shell, file) -> fault."""
        asked = {pair: self.ask_syntax(*pair) for pair in files}
        found = {pair: answer.result() for pair, answer in asked.items()}
        return {pair: fault for pair, fault in found.items() if fault is not None}

    def ask_syntax(self, shell: str, path: str) -> "Future[SyntaxFault | None]":
        """Begin to have a shell read a file."""
        work = partial(syntax.fault, self._host, shell, family_of(shell), path)
        return self.questions.ask(("syntax", shell, path), work)
