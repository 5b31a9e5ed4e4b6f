"""Whether a folder is a whole Go installation, read without running anything of it."""

import os

from msgspec import Struct

from gomedic.versions import version

_TOOLS = (
    "asm",
    "compile",
    "link",
    "vet",
)  # needed to build and test; go1.27 ships four more, go1.22 thirteen
_SOURCES = ("src/fmt/print.go", "src/runtime/runtime.go")
_PROGRAMS = ("bin/go", "bin/gofmt")
_ELF_MACHINES = {3: "386", 8: "mips", 21: "ppc64", 22: "s390x", 40: "arm", 62: "amd64", 183: "arm64"}
_ELF_MACHINES |= {243: "riscv64", 258: "loong64"}


class Tree(Struct, frozen=True):
    """What a GOROOT is."""

    root: str
    version: str  # "go1.22.10"; "" where VERSION is missing or is no version
    arch: str  # GOARCH of its go command; "" where that is no ELF file
    missing: tuple[str, ...]  # relative to root

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return bool(self.version) and bool(self.arch) and not self.missing


def tree(root: str) -> Tree:
    """Return what lies at `root`."""
    arch = elf_arch(os.path.join(root, "bin/go"))
    tools = f"pkg/tool/linux_{arch}"
    wanted = [*_PROGRAMS, *_SOURCES, *(f"{tools}/{name}" for name in _TOOLS if arch)]
    missing = tuple(name for name in wanted if not os.path.isfile(os.path.join(root, name)))
    return Tree(root, version_in(_start_of(os.path.join(root, "VERSION"))), arch, missing)


def version_in(content: bytes) -> str:
    """Return the version that a VERSION file names in its first line, "" where it names none."""
    name = content.partition(b"\n")[0].strip().decode("utf-8", "replace")
    return name if version(name) is not None else ""


def elf_arch(path: str) -> str:
    """Return the GOARCH of an ELF program, "" of anything else."""
    head = _start_of(path)[:20]
    if len(head) < 20 or head[:4] != b"\x7fELF":
        return ""
    little = head[5] == 1
    machine = int.from_bytes(head[18:20], "little" if little else "big")
    arch = _ELF_MACHINES.get(machine, "")
    if arch == "mips":
        return ("mips64" if head[4] == 2 else "mips") + ("le" if little else "")
    return arch + ("le" if arch == "ppc64" and little else "")


def _start_of(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        try:
            return file.read(4096)
        except OSError:
            return b""
