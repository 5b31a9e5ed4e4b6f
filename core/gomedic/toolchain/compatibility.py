"""What a toolchain can do on this machine: a table of things tried, each ok, not ok, or not tried, in one sentence."""

import contextlib
import json
import os
import re
from functools import cached_property

from msgspec import Struct

from gomedic import go_tree
from gomedic.host import Host
from gomedic.texts import N_, Message
from gomedic.toolchain.bench import Bench, FailedError
from gomedic.toolchain.elf import need_of, newest_glibc
from gomedic.toolchain.releases import arch_here
from gomedic.toolchain.tree import elf_arch

OK, NOT, UNTRIED = "ok", "not", "not tried"
FIRST = ("version", "env", "build", "run", "static")  # a toolchain must do these; the order they are tried in
BESIDE = ("cgo", "cross")  # tried at the same time
AFTER = ("glibc", "sysroot")  # read off what was built
_VERSION = N_("It says “{said}”.")
_SAYS = N_("`{command}` says “{output}”")
_OTHER_ROOT = N_("`go env` says that its GOROOT is {found}, not {root}")
_NO_JSON = N_("`go env` says what cannot be read ({output})")
_ENV = N_("It finds itself in {root}, and makes programs for {goos}/{goarch}, as this machine is.")
_OTHER_ARCH = N_(
    "`go env` says that it makes programs for {goos}/{goarch}, but this machine is linux/{machine}"
)
_BUILT = N_("It builds a program.")
_RUNS = N_("The program runs.")
_CGO = N_("It builds a program with C in it by {cc}, and that runs; a static one too.")
_CGO_NOT_STATIC = N_(
    "It builds a program with C in it by {cc}, and that runs; a static one not, for the static C library is missing."
)
_CGO_OFF = N_("It could build programs with C in them by {cc}, but CGO_ENABLED is 0 here.")
_NO_CGO = N_("Programs with C in them cannot be built by {cc} on this machine: {reason}.")
_NO_CC = N_("There is no C compiler {cc} on PATH, so programs with C in them cannot be built.")
_FOREIGN_CC = N_("Others than you and root can change {cc}, so it was not started.")
_STATIC = N_("A static build needs no library of the system.")
_NOT_STATIC = N_("what was to be a static program still needs {library}")
_CROSS = N_("It builds a program for linux/{arch} too.")
_NOT_CROSS = N_("A program for linux/{arch} came out as one for {found}.")
_GLIBC = N_(
    "This machine has glibc {here}; its go command needs {go}, and what it builds with C needs {built}."
)
_NO_GLIBC = N_("This machine has no glibc, and its go command needs {go}.")
_NO_NEED = N_("none")
_SYSROOT = N_("{cc} makes programs for {machine}, with headers and libraries from {sysroot}.")
_FAILED = N_("It fails: {reason}.")
_WORDS = "gomedic was here"
_PROGRAM = f"""package main

import "fmt"

func main() {{ fmt.Println("{_WORDS}") }}
"""
_SMALLEST = "package main\n\nfunc main() {}\n"
_C_PROGRAM = f"""package main

// #include <stdlib.h>
// static int answer(void) {{ return abs(-42); }}
import "C"
import "fmt"

func main() {{
	if C.answer() == 42 {{
		fmt.Println("{_WORDS}")
	}}
}}
"""
_LINKED = ("-ldflags", '-s -w -extldflags "-static"')


class Row(Struct, frozen=True):
    """One thing that was tried."""

    name: str  # session version env build run static cgo cross glibc sysroot
    state: str  # ok, not, not tried
    text: Message


def failed(name: str, error: FailedError) -> Row:
    """Return the row of something that did not work."""
    return Row(name, NOT, Message(_FAILED, {"reason": error.reason}))


class Table:
    """The rows, each a method named like it, in the order in which they are asked for. Raises FailedError."""

    def __init__(self, host: Host, place: Bench) -> None:
        self._host = host
        self._place = place
        self.says = ""
        self.program = os.path.join(place.folder, "program")
        self._c_program = os.path.join(place.folder, "program-c")

    def version(self) -> Row:
        self.says = self._place.go("version")
        return Row("version", OK, Message(_VERSION, {"said": self.says}))

    def env(self) -> Row:
        vars(self).pop("_settings", None)
        root = os.path.realpath(self._settings.get("GOROOT", ""))
        if root != os.path.realpath(self._place.root):
            raise FailedError(Message(_OTHER_ROOT, {"found": root, "root": self._place.root}))
        machine = elf_arch(os.path.join(self._place.root, "bin/go")) or arch_here().replace("armv6l", "arm")
        goos, goarch = (self._settings.get(name, "?") for name in ("GOOS", "GOARCH"))
        values = {"root": self._place.root, "goos": goos, "goarch": goarch, "machine": machine}
        if (goos, goarch) != ("linux", machine):
            raise FailedError(Message(_OTHER_ARCH, values))
        return Row("env", OK, Message(_ENV, values))

    @cached_property
    def _settings(self) -> dict[str, str]:
        said = self._place.go("env", "-json", "GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "CC", "GOVERSION")
        try:
            return {str(name): str(value) for name, value in json.loads(said).items()}
        except (ValueError, AttributeError):
            raise FailedError(Message(_NO_JSON, {"output": said[:200]})) from None

    def build(self) -> Row:
        self._place.go("build", "-o", self.program, self._place.write("program.go", _PROGRAM))
        return Row("build", OK, Message(_BUILT))

    def run(self) -> Row:
        self._run(self.program)
        return Row("run", OK, Message(_RUNS))

    def _run(self, path: str) -> None:
        words = self._place.run([path])
        if words != _WORDS:
            raise FailedError(Message(_SAYS, {"command": os.path.basename(path), "output": words[:200]}))

    def static(self) -> Row:
        path = f"{self.program}-static"
        source = os.path.join(self._place.folder, "program.go")
        self._place.go("build", *_LINKED, "-o", path, source, CGO_ENABLED="0")
        if (library := need_of(path)) is not None:
            raise FailedError(Message(_NOT_STATIC, {"library": library}))
        self._run(path)
        return Row("static", OK, Message(_STATIC))

    # ---------------------------------------------------------- C

    def cgo(self) -> Row:
        cc = self._cc
        if (reason := self._unfit(cc)) is not None:
            return Row("cgo", UNTRIED, reason)
        source = self._place.write("c.go", _C_PROGRAM)
        try:
            self._place.go("build", "-o", self._c_program, source, CGO_ENABLED="1")
            self._run(self._c_program)
        except FailedError as error:
            return Row("cgo", NOT, Message(_NO_CGO, {"cc": cc, "reason": error.reason}))
        if self._settings.get("CGO_ENABLED") == "0":
            return Row("cgo", OK, Message(_CGO_OFF, {"cc": cc}))
        return Row("cgo", OK, Message(_CGO if self._is_static(source) else _CGO_NOT_STATIC, {"cc": cc}))

    @property
    def _cc(self) -> str:
        return self._settings.get("CC", "") or "gcc"

    def _unfit(self, cc: str) -> Message | None:
        """Return why the compiler is not to be started, None where it may."""
        found = self._host.which(cc.split()[0], self._place.env["PATH"])
        if found is None:
            return Message(_NO_CC, {"cc": cc})
        account = self._host.account
        if go_tree.is_trusted(found, account.uid, self._host.private_groups, strict=True):
            return None
        return Message(_FOREIGN_CC, {"cc": found})

    def _is_static(self, source: str) -> bool:
        path = f"{self._c_program}-static"
        with contextlib.suppress(FailedError):
            self._place.go("build", *_LINKED, "-o", path, source, CGO_ENABLED="1")
            self._run(path)
            return need_of(path) is None
        return False

    def sysroot(self) -> Row:
        if (reason := self._unfit(self._cc)) is not None:
            return Row("sysroot", UNTRIED, reason)
        machine = self._place.run([*self._cc.split(), "-dumpmachine"])
        found = ""
        with contextlib.suppress(FailedError):  # clang does not know the word, and has none unless told
            found = self._place.run([*self._cc.split(), "-print-sysroot"])
        values = {"cc": self._cc, "machine": machine, "sysroot": found or "/"}
        return Row("sysroot", OK, Message(_SYSROOT, values))

    # ---------------------------------------------------------- other machines

    def cross(self) -> Row:
        arch = "arm64" if self._settings.get("GOARCH") != "arm64" else "amd64"
        path = f"{self.program}-cross"
        source = self._place.write("smallest.go", _SMALLEST)
        self._place.go("build", "-o", path, source, GOOS="linux", GOARCH=arch, CGO_ENABLED="0")
        if (found := elf_arch(path)) != arch:
            return Row("cross", NOT, Message(_NOT_CROSS, {"arch": arch, "found": found or "?"}))
        return Row("cross", OK, Message(_CROSS, {"arch": arch}))

    def glibc(self) -> Row:
        go = newest_glibc(os.path.join(self._place.root, "bin/go"))
        built = newest_glibc(self._c_program)
        here = _glibc_here()
        values = {"go": go or Message(_NO_NEED), "built": built or Message(_NO_NEED), "here": here}
        if not here:
            return Row("glibc", NOT if go else OK, Message(_NO_GLIBC, values))
        enough = all(_number(need) <= _number(here) for need in (go, built) if need)
        return Row("glibc", OK if enough else NOT, Message(_GLIBC, values))


def _glibc_here() -> str:
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").removeprefix("glibc ")
    except (OSError, ValueError):
        return ""


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))
