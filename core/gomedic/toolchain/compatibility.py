"""What a toolchain can do on this machine: a table of things tried, each ok, not ok, or not tried, in one sentence."""

import os
import re
import threading
from collections.abc import Callable, Generator, Mapping

from msgspec import Struct

from gomedic import go_tree
from gomedic.host import Host
from gomedic.model import Progress
from gomedic.texts import N_, Message
from gomedic.toolchain.background import beside
from gomedic.toolchain.bench import Bench, bench
from gomedic.toolchain.elf import need_of, newest_glibc
from gomedic.toolchain.errors import DoesNotWork
from gomedic.toolchain.releases import platform
from gomedic.toolchain.smoke import WORDS, build, run, settings
from gomedic.toolchain.tree import elf_arch

OK, NOT, UNTRIED = "ok", "not", "not tried"
MUSTS = ("version", "env", "build", "run")
_TRYING = N_("Trying {what}")
_VERSION = N_("It says “{said}”.")
_ENV = N_("It finds itself in {root}, and makes programs for {goos}/{goarch}, as this machine is.")
_OTHER_ARCH = N_("It makes programs for {goos}/{goarch}, but this machine is linux/{machine}.")
_BUILT = N_("It builds a program.")
_RUNS = N_("The program runs.")
_CGO = N_("It builds a program with C in it by {cc}, and that runs.")
_NO_CC = N_("There is no C compiler {cc} on PATH, so programs with C in them cannot be built.")
_FOREIGN_CC = N_("Others than you and root can change {cc}, so it was not started.")
_STATIC = N_("A static build needs no library of the system, with C in the program too.")
_STATIC_WITHOUT_C = N_(
    "A static build works with CGO_ENABLED=0; with C in the program the static C library is missing."
)
_NOT_STATIC = N_("What was to be a static program still needs {library}.")
_CROSS = N_("It builds a program for linux/{arch} too.")
_NOT_CROSS = N_("A program for linux/{arch} came out as one for {found}.")
_GLIBC = N_(
    "This machine has glibc {here}; its go command needs {go}, and what it builds with C needs {built}."
)
_NO_GLIBC = N_("This machine has no glibc, and its go command needs {go}.")
_NO_NEED = N_("none")
_SYSROOT = N_("{cc} looks for headers and libraries in {sysroot}.")
_ONLY_ROOT = N_("It was not tried, because root's rights could not be given up for that.")
_EARLIER = N_("It was not tried, because an earlier row is not ok.")
_C_PROGRAM = f"""package main

// #include <stdlib.h>
// static int answer(void) {{ return abs(-42); }}
import "C"
import "fmt"

func main() {{
	if C.answer() == 42 {{
		fmt.Println("{WORDS}")
	}}
}}
"""


class Row(Struct, frozen=True):
    """One thing that was tried."""

    name: str  # version env build run cgo static cross glibc sysroot
    state: str  # ok, not, not tried
    text: Message


class _Table:
    """The rows as they come; each may build on what those before found out."""

    def __init__(self, host: Host, place: Bench) -> None:
        self.host = host
        self.place = place
        self.settings: dict[str, str] = {}
        self.c_program = ""

    def version(self) -> Row:
        return Row("version", OK, Message(_VERSION, {"said": self.place.go("version")}))

    def env(self) -> Row:
        self.settings = settings(self.place)
        machine = platform(os.uname().machine).replace("armv6l", "arm")
        values = {"root": self.place.root, "goos": self.settings["GOOS"], "goarch": self.settings["GOARCH"]}
        if (values["goos"], values["goarch"]) == ("linux", machine):
            return Row("env", OK, Message(_ENV, values))
        return Row("env", NOT, Message(_OTHER_ARCH, {**values, "machine": machine}))

    def build(self) -> Row:
        build(self.place)
        return Row("build", OK, Message(_BUILT))

    def run(self) -> Row:
        run(self.place, os.path.join(self.place.folder, "program"))
        return Row("run", OK, Message(_RUNS))

    def cgo(self) -> Row:
        cc = self.settings.get("CC", "") or "gcc"
        if (reason := self._unfit(cc)) is not None:
            return Row("cgo", UNTRIED, reason)
        path = os.path.join(self.place.folder, "program-c")
        self.place.go("build", "-o", path, self.place.write("c.go", _C_PROGRAM), CGO_ENABLED="1", CC=cc)
        run(self.place, path)
        self.c_program = path
        return Row("cgo", OK, Message(_CGO, {"cc": cc}))

    def _unfit(self, cc: str) -> Message | None:
        """Return why the compiler is not to be started, None where it may."""
        found = self.host.which(cc.split()[0], self.place.env["PATH"])
        if found is None:
            return Message(_NO_CC, {"cc": cc})
        account = self.host.account
        if go_tree.is_trusted(found, account.uid, self.host.private_groups, strict=True):
            return None
        return Message(_FOREIGN_CC, {"cc": found})

    def static(self) -> Row:
        path = os.path.join(self.place.folder, "program-static")
        flags = ("build", "-ldflags", '-s -w -extldflags "-static"', "-o", path)
        text = _STATIC_WITHOUT_C
        try:
            if self.c_program:
                self.place.go(*flags, os.path.join(self.place.folder, "c.go"), CGO_ENABLED="1")
                text = _STATIC
        except DoesNotWork:
            self.c_program = ""
        if not self.c_program:
            self.place.go(*flags, os.path.join(self.place.folder, "program.go"), CGO_ENABLED="0")
        if (library := need_of(path)) is not None:
            return Row("static", NOT, Message(_NOT_STATIC, {"library": library}))
        run(self.place, path)
        return Row("static", OK, Message(text))

    def cross(self) -> Row:
        arch = "arm64" if self.settings.get("GOARCH") != "arm64" else "amd64"
        path = os.path.join(self.place.folder, "program-cross")
        source = os.path.join(self.place.folder, "program.go")
        self.place.go("build", "-o", path, source, GOOS="linux", GOARCH=arch, CGO_ENABLED="0")
        if (found := elf_arch(path)) != arch:
            return Row("cross", NOT, Message(_NOT_CROSS, {"arch": arch, "found": found or "?"}))
        return Row("cross", OK, Message(_CROSS, {"arch": arch}))

    def glibc(self) -> Row:
        go = newest_glibc(os.path.join(self.place.root, "bin/go"))
        built = newest_glibc(os.path.join(self.place.folder, "program-c"))
        here = _glibc_here()
        values = {"go": go or Message(_NO_NEED), "built": built or Message(_NO_NEED), "here": here}
        if not here:
            return Row("glibc", NOT if go else OK, Message(_NO_GLIBC, values))
        enough = all(_number(need) <= _number(here) for need in (go, built) if need)
        return Row("glibc", OK if enough else NOT, Message(_GLIBC, values))

    def sysroot(self) -> Row:
        cc = self.settings.get("CC", "") or "gcc"
        if (reason := self._unfit(cc)) is not None:
            return Row("sysroot", UNTRIED, reason)
        found = self.place.run([*cc.split(), "-print-sysroot"]) or "/"
        return Row("sysroot", OK, Message(_SYSROOT, {"cc": cc, "sysroot": found}))


def compatibility(
    host: Host, root: str, version: str, scratch: str, session: Mapping[str, str]
) -> Generator[Progress, None, tuple[Row, ...]]:
    """Try what a toolchain can do, in the environment of a session of the account's; return the table.

    `scratch` as in `smoke.smoke_test`. A row that one of `MUSTS` before it makes pointless is not tried.
    """
    with bench(host, root, version, scratch) as place:
        if place is None:
            return tuple(Row(name, UNTRIED, Message(_ONLY_ROOT)) for name in _names())
        if session:
            place.as_in(session)
        table, rows = _Table(host, place), list[Row]()
        for name in _names():
            if any(row.state == NOT and row.name in MUSTS for row in rows):
                rows.append(Row(name, UNTRIED, Message(_EARLIER)))
                continue
            row = yield from _tried(place, name, getattr(table, name))
            rows.append(row)
        return tuple(rows)


def _names() -> tuple[str, ...]:
    return ("version", "env", "build", "run", "cgo", "static", "cross", "glibc", "sysroot")


def _tried(place: Bench, name: str, act: Callable[[], Row]) -> Generator[Progress, None, Row]:
    def work(stop: threading.Event) -> Row:
        place.stop = stop
        try:
            return act()
        except DoesNotWork as error:
            return Row(name, NOT, error.message)

    return (yield from beside(Message(_TRYING, {"what": name}), work))


def _glibc_here() -> str:
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").removeprefix("glibc ")
    except (OSError, ValueError):
        return ""


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))
