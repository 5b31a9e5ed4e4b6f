"""Read a Go installation without running it: version, architecture, what is missing, who could have changed it."""

import os
import re
import stat
import struct
from functools import cache

from msgspec import Struct

from gomedic.files import HERE, Files

_MACHINES = {
    3: "386", 8: "mips", 20: "ppc", 21: "ppc64", 22: "s390x", 40: "arm", 62: "amd64", 183: "arm64", 243: "riscv64", 258: "loong64",
}  # fmt: skip
_BUILD_INFO = (
    b"\xff Go buildinf:"  # debug/buildinfo: the mark, then a 32-byte head, then strings with their length
)
_LONGEST_LINE = 4096  # bytes of a VERSION file
_TOOLS = ("compile", "link", "asm")
_PACKAGES = (
    "bufio", "bytes", "context", "crypto/sha256", "encoding/json", "errors", "fmt", "io", "math", "net/http",
    "os", "reflect", "runtime", "sort", "strconv", "strings", "sync", "syscall", "time", "unicode", "unsafe",
)  # fmt: skip


class Program(Struct, frozen=True):
    """What the head of an executable file says of it."""

    kind: str  # elf script other
    arch: str = ""  # GOARCH, "" when not known
    interpreter: str = ""  # the dynamic loader or script interpreter it asks for
    first_line: str = ""  # of a script


def program(path: str, files: Files = HERE) -> Program | None:
    """Return what kind of program a file is; None when it cannot be read."""
    head = files.part(path, 0, 4096)
    if head is None:
        return None
    if head.startswith(b"#!"):
        line = head.split(b"\n", 1)[0].decode("utf-8", "replace")
        return Program(
            "script", interpreter=line[2:].split(maxsplit=1)[0] if line[2:].strip() else "", first_line=line
        )
    if head.startswith(b"\x7fELF") and len(head) >= 64:
        return _elf(head, path, files)
    return Program("other")


def _elf(head: bytes, path: str, files: Files) -> Program:
    order = "<" if head[5] == 1 else ">"
    (machine,) = struct.unpack_from(f"{order}H", head, 18)
    arch = _MACHINES.get(machine, f"machine {machine}")
    if machine in (8, 21, 22) and order == "<":
        arch += "le"
    return Program("elf", arch, _interpreter(head, order, path, files))


def _interpreter(head: bytes, order: str, path: str, files: Files) -> str:
    """Return PT_INTERP (elf(5)), or "" for a static program."""
    wide = head[4] == 2
    offset = struct.unpack_from(f"{order}Q" if wide else f"{order}I", head, 32 if wide else 28)[0]
    size, count = struct.unpack_from(f"{order}HH", head, 54 if wide else 42)
    for at in range(count):
        start = offset + at * size
        if start + size > len(head):
            break
        if struct.unpack_from(f"{order}I", head, start)[0] == 3:
            fields = (f"{order}Q", 8, 32) if wide else (f"{order}I", 4, 16)
            where = struct.unpack_from(fields[0], head, start + fields[1])[0]
            length = struct.unpack_from(fields[0], head, start + fields[2])[0]
            found = files.part(path, where, min(length, 4096)) or b""
            return found.split(b"\0", 1)[0].decode("utf-8", "replace")
    return ""


def built_with(path: str, files: Files = HERE) -> str | None:
    """Return the Go release that built a program, "go1.22.10" (debug/buildinfo); for `go` itself, its version."""
    data = files.after(path, _BUILD_INFO, 33 + 255)
    if len(data) < 33 or not data[15] & 2:  # bit 2: strings inline, since Go 1.18
        return None
    return _clean(data[33 : 33 + data[32]].decode("utf-8", "replace"))


def module_of(path: str, files: Files = HERE) -> tuple[str, str] | None:
    """Return the main module and version of a Go program, ("golang.org/x/tools/gopls", "v0.17.1") (debug/buildinfo)."""
    text = files.after(path, _BUILD_INFO, 4096)
    found = re.search(rb"\nmod\t([^\t\n]+)\t(v[^\t\n]+)", text)
    return (found[1].decode("utf-8", "replace"), found[2].decode("utf-8", "replace")) if found else None


def version_of(root: str, files: Files = HERE) -> str | None:
    """Return the release of a Go tree as its VERSION file says ("go1.22.10"), else as its go command tells."""
    data = files.part(os.path.join(root, "VERSION"), 0, _LONGEST_LINE) or b""
    found = _clean(data.split(b"\n", 1)[0].decode("utf-8", "replace"))
    return found or built_with(os.path.join(root, "bin", "go"), files)


def _clean(text: str) -> str | None:
    found = re.search(r"\bgo\d+(\.\d+)*([a-z]+\d+)?(-[\w.]+)?", text)
    return found[0] if found else None


def root_of(binary: str, files: Files = HERE) -> str | None:
    """Return the tree a go command belongs to when GOROOT is not set: the parent of its real folder.

    That is what cmd/go's findGOROOT takes; None where nothing there looks like a Go tree, whole or not.
    """
    root = os.path.dirname(os.path.dirname(files.real(binary)))
    marks = ("VERSION", "pkg/tool", "src/runtime", "src/fmt")
    return root if any(files.exists(os.path.join(root, mark)) for mark in marks) else None


def missing(root: str, files: Files = HERE) -> tuple[str, ...]:
    """Return what a whole Go tree has and this one lacks, relative to `root`; () when it is whole."""
    lacking = [] if files.exists(os.path.join(root, "bin", "go")) else ["bin/go"]
    tools = os.path.join(root, "pkg", "tool")
    if not files.is_folder(tools):
        lacking.append("pkg/tool")
    else:
        lacking += [f"pkg/tool/{name}" for name in _TOOLS if not _has_tool(tools, name, files)]
    if not files.is_folder(os.path.join(root, "src")):
        return (*lacking, "src")
    return (*lacking, *(f"src/{name}" for name in _PACKAGES if not _has_package(root, name, files)))


def _has_tool(tools: str, name: str, files: Files) -> bool:
    try:
        targets = files.names(tools)
    except OSError:
        return False
    return any(files.exists(os.path.join(tools, target, name)) for target in targets)


def _has_package(root: str, name: str, files: Files) -> bool:
    folder = os.path.join(root, "src", name)
    try:
        return any(entry.endswith(".go") for entry in files.names(folder))
    except OSError:
        return False


def is_trusted(
    path: str, uid: int, gids: frozenset[int] = frozenset(), *, strict: bool = False, files: Files = HERE
) -> bool:
    """Tell whether nobody but root and the account could have put `path` there.

    Looks at the file and every folder on its way, after links are resolved: run the resolved path, for what
    leads there may be swapped. `gids` are groups that hold nobody else; an access control list may let in more
    than the group. A folder with the sticky bit (like /tmp) protects what others do not own.
    Where a user namespace does not know root, its files look like those of anybody unknown: `strict` then
    trusts none of them, for what is to be run.
    """
    owners = {0, uid} if strict else {0, uid, *_root_unmapped()}
    real = files.real(path)
    while True:
        try:
            info = files.stat(real)
        except OSError:
            return False
        if info.st_uid not in owners:
            return False
        others = info.st_mode & stat.S_IWOTH or (
            info.st_mode & stat.S_IWGRP and (info.st_gid not in (0, *gids) or files.has_access_list(real))
        )
        if others and not (stat.S_ISDIR(info.st_mode) and info.st_mode & stat.S_ISVTX):
            return False
        if real == "/":
            return True
        real = os.path.dirname(real)


@cache
def _root_unmapped() -> frozenset[int]:
    """Return the owner that root's files show in a user namespace without root (user_namespaces(7)); else nothing."""
    try:
        with open("/proc/self/uid_map", encoding="ascii") as file:
            mapped = any(int(line.split()[0]) == 0 for line in file)
        return frozenset() if mapped else frozenset({os.stat("/").st_uid})
    except (OSError, ValueError, IndexError):
        return frozenset()
