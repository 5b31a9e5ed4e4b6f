"""Every Go installation that can be found: on any session's PATH, and where people and tools put them."""

import json
import os
from collections.abc import Iterable, Iterator

from gomedic import go_tree
from gomedic.host import Host
from gomedic.model import Session, Toolchain
from gomedic.versions import version_key

_SYSTEM_PLACES = (
    "/usr/local/go", "/usr/local/go*", "/usr/local/lib/go*", "/usr/lib/go-*", "/usr/lib/go", "/usr/lib/golang",
    "/usr/lib64/go*", "/usr/share/go*", "/opt/go", "/opt/go*", "/opt/go/*", "/opt/*/go", "/snap/go/current",
    "/srv/go*", "/home/linuxbrew/.linuxbrew/opt/go/libexec",
)  # fmt: skip
_OWN_PLACES = (
    "go", "go*", "go/*", ".go", ".go/*", "sdk/*", ".local/go*", ".local/opt/go*", ".local/share/go*", ".local/lib/go*",
    ".local/share/umake/go/go-lang", "opt/go*", "dev/go*", "dev/*/go", "tools/go*", "bin/go", "apps/go*", "Go",
    ".asdf/installs/golang/*/go", ".goenv/versions/*", ".gvm/gos/*", ".g/go", ".g/versions/*", ".gobrew/versions/*/go",
    ".local/share/mise/installs/go/*", ".local/share/rtx/installs/go/*", ".sdkman/candidates/go/*",
    "Downloads/go", "DevTools/[Gg]o", "Applications/go", "software/go*", "snap/go",
)  # fmt: skip
_MANAGERS = {
    "/.asdf/": "asdf", "/.goenv/": "goenv", "/.gvm/": "gvm", "/mise/": "mise", "/rtx/": "mise", "/.g/": "g",
    "/.gobrew/": "gobrew", "/.sdkman/": "sdkman", "/snap/": "snap",
}  # fmt: skip
_GCCGO = ("go.gcc", "gccgo")


def probe(host: Host, sessions: Iterable[Session]) -> tuple[Toolchain, ...]:
    """Return what was found, newest first, each tree once under its real path."""
    binaries: dict[str, str] = {}
    for root in _roots(host, sessions):
        binary = os.path.join(root, "bin", "go")
        if host.files.is_file(binary):
            binaries.setdefault(host.files.real(binary), binary)
    for binary in _on_path(host, sessions):
        binaries.setdefault(host.files.real(binary), binary)
    found = {tool.root: tool for tool in (_toolchain(host, binary) for binary in binaries.values())}
    return tuple(
        sorted(found.values(), key=lambda tool: (version_key(tool.version), tool.healthy), reverse=True)
    )


def _roots(host: Host, sessions: Iterable[Session]) -> Iterator[str]:
    for pattern in _SYSTEM_PLACES:
        yield from host.files.glob(pattern)
    for home in dict.fromkeys((host.home, host.account.password_home)):
        if home and home != "/":
            for pattern in _OWN_PLACES:
                yield from host.files.glob(os.path.join(glob_escaped(home), pattern))
    yield from host.files.glob(os.path.join(glob_escaped(host.data_folder), "toolchains", "*"))
    for session in sessions:
        if (value := session.variables.get("GOROOT")) is not None and value.value.startswith("/"):
            yield value.value


def glob_escaped(path: str) -> str:
    """Return `path` such that glob takes every character as it is."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)


def _on_path(host: Host, sessions: Iterable[Session]) -> Iterator[str]:
    folders = dict.fromkeys(e.entry for s in sessions for e in s.path if e.exists and e.entry.startswith("/"))
    for folder in folders:
        binary = os.path.join(folder, "go")
        if host.files.is_file(binary) and host.files.may(binary, os.X_OK):
            yield binary


def _toolchain(host: Host, binary: str) -> Toolchain:
    files = host.files
    real = files.real(binary)
    head = go_tree.program(real, files)
    trusted = go_tree.is_trusted(real, host.account.uid, host.private_groups, files=files)
    if head is not None and head.kind == "script":
        kind = _manager(real) or ("gccgo" if os.path.basename(real) in _GCCGO else "script")
        return Toolchain(binary, "", kind, True, trusted=trusted, binary=binary)
    root = go_tree.root_of(binary, files)
    if root is None:
        return _without_tree(host, binary, real, trusted)
    lacking = go_tree.missing(root, files)
    return Toolchain(
        root=root,
        version=go_tree.version_of(root, files) or "",
        kind=_manager(root) or _kind(root),
        healthy=not lacking and _runs_here(host, head),
        problems=lacking,
        arch=head.arch if head else "",
        trusted=trusted,
        binary=os.path.join(root, "bin", "go"),
        signature_checked=_signature_checked(host, root),
    )


def _signature_checked(host: Host, root: str) -> bool | None:
    """Return what is recorded beside a toolchain that we installed; None where nothing is."""
    if not root.startswith(os.path.join(host.files.real(host.data_folder), "")):
        return None
    try:
        recorded = json.loads(host.read(f"{root}.json") or b"")
    except ValueError:
        return None
    return recorded.get("signature") is not None if isinstance(recorded, dict) else None


def _without_tree(host: Host, binary: str, real: str, trusted: bool) -> Toolchain:
    built = go_tree.built_with(real, host.files)
    gcc = os.path.basename(real).startswith(_GCCGO) or built is None
    version = "" if gcc else built or ""
    return Toolchain(
        binary, version, "gccgo" if gcc else "stray", gcc, ("tree",), trusted=trusted, binary=binary
    )


def _manager(path: str) -> str | None:
    return next((name for mark, name in _MANAGERS.items() if mark in path), None)


def _kind(root: str) -> str:
    if root.startswith("/usr/lib"):
        return "distribution"
    return "gomedic" if "/gomedic/toolchains/" in root else "official"


def _runs_here(host: Host, head: go_tree.Program | None) -> bool:
    return (
        head is not None
        and head.arch in ("", host.arch or native_arch())
        and (not head.interpreter or host.files.exists(head.interpreter))
    )


def native_arch() -> str:
    """Return the GOARCH of this machine."""
    machine = os.uname().machine
    return {
        "x86_64": "amd64", "aarch64": "arm64", "i686": "386", "i386": "386", "armv7l": "arm", "armv6l": "arm",
        "loongarch64": "loong64",
    }.get(machine, machine)  # fmt: skip
