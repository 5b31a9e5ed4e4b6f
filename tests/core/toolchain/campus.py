"""An instructor's server: a small Go-like archive, a throw-away key, and a place that serves what it is told to."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from gomedic import go_tree
from gomedic.host import Host
from gomedic.toolchain.releases import platform
from loading import ROOT

ARCH = platform(os.uname().machine)
OTHERS = tuple(arch for arch in ("arm64", "riscv64", "amd64") if arch != ARCH)[:2]  # of other machines
VERSION = "go1.27.1-campus"
PACKAGES = tuple(name for name in go_tree._PACKAGES if name not in ("fmt", "runtime"))
MTIME = 1_756_000_000
SIGNATURES = Path(__file__).parent / "signatures"
_ARCHIVES = os.environ.get("GOMEDIC_TEST_ARCHIVES")
ARCHIVES = Path(_ARCHIVES) if _ARCHIVES else ROOT.parent / "shared" / "trust" / "archives"

Member = tuple[tarfile.TarInfo, bytes]


def file_name(version: str = VERSION) -> str:
    return f"{version}.linux-{ARCH}.tar.gz"


def real_archive(name: str) -> Path:
    """Return a real archive of Google's; where there is none the test is skipped."""
    path = ARCHIVES / name
    if not path.is_file():
        pytest.skip(
            f"no {name} here: fetch it from https://dl.google.com/go/ and name its folder in GOMEDIC_TEST_ARCHIVES"
        )
    return path


# ------------------------------------------------------------------ archives


def member(name: str, content: bytes = b"", **fields: object) -> Member:
    info = tarfile.TarInfo(name)
    info.size, info.mtime = len(content), MTIME
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def folder(name: str) -> Member:
    return member(name, type=tarfile.DIRTYPE, mode=0o755)


def go_members(version: str = VERSION, program: bytes = b"") -> list[Member]:
    """Return what makes a folder look like a whole Go: real programs, but not Go's."""
    program = program or Path("/bin/true").read_bytes()
    tools = f"go/pkg/tool/linux_{'arm' if ARCH == 'armv6l' else ARCH}"
    programs = [
        "go/bin/go",
        "go/bin/gofmt",
        *(f"{tools}/{name}" for name in ("asm", "compile", "link", "vet")),
    ]
    return [
        folder("go"),
        member("go/VERSION", f"{version}\ntime 2026-08-28T16:20:06Z\n".encode()),
        *(member(name, program, mode=0o755) for name in programs),
        member("go/src/fmt/print.go", b"package fmt\n" * 5000),
        *(member(f"go/src/{name}/a.go", b"package x\n") for name in PACKAGES),
        member("go/src/runtime/runtime.go", os.urandom(300_000)),
    ]


def for_machine(program: bytes, arch: str) -> bytes:
    """Return an ELF program as one for another processor, which it is not; anything else as it is."""
    if program[:4] != b"\x7fELF":
        return program
    machine = {"amd64": 62, "arm64": 183, "armv6l": 40, "riscv64": 243, "loong64": 258, "s390x": 22}[arch]
    return program[:18] + machine.to_bytes(2, "little" if program[5] == 1 else "big") + program[20:]


def _for(one: Member, arch: str) -> Member:
    info, content = one
    info.name = info.name.replace(f"linux_{ARCH}", f"linux_{arch}")
    return info, for_machine(content, arch)


def packed(members: list[Member], *, format: int = tarfile.USTAR_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=format) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def index(files: dict[str, bytes], version: str = VERSION) -> bytes:
    rows = [
        {
            "filename": name, "os": "linux", "arch": ARCH, "version": version,
            "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "kind": "archive",
        }
        for name, data in files.items()
    ]  # fmt: skip
    return json.dumps([{"version": version, "stable": True, "files": rows}]).encode()


# ------------------------------------------------------------------ keys


class Signer:
    """A throw-away OpenPGP key in a GnuPG home of its own."""

    def __init__(
        self, home: Path, name: str, *, usage: str = "sign", expires: str = "0", clock: str = ""
    ) -> None:
        self.home = home
        home.mkdir(mode=0o700)
        self._run("--passphrase", "", "--quick-gen-key", name, "ed25519", usage, expires, clock=clock)
        self.fingerprint = self._run("--with-colons", "--list-keys").decode().split("fpr:")[1].split(":")[8]

    @property
    def public(self) -> bytes:
        return self._run("--armor", "--export")

    def expire(self, after: str, clock: str) -> None:
        self._run("--quick-set-expire", self.fingerprint, after, clock=clock)

    def revoke(self) -> None:
        prepared = (self.home / "openpgp-revocs.d" / f"{self.fingerprint}.rev").read_text()
        path = self.home / "revocation"
        path.write_text(prepared.replace(":-----BEGIN", "-----BEGIN"))
        self._run("--import", str(path))

    def sign(self, data: bytes, *options: str, clock: str = "") -> bytes:
        path = self.home / "signed"
        path.write_bytes(data)
        return self._run("--armor", *options, "--detach-sign", "--output", "-", str(path), clock=clock)

    def _run(self, *args: str, clock: str = "") -> bytes:
        if shutil.which("gpg") is None:
            pytest.skip("no gpg here: install gnupg")
        faked = [f"--faked-system-time={clock}"] if clock else []
        base = [
            "gpg",
            "--homedir",
            str(self.home),
            "--batch",
            "--quiet",
            "--pinentry-mode",
            "loopback",
            *faked,
        ]
        try:
            return subprocess.run([*base, *args], check=True, capture_output=True).stdout
        finally:
            subprocess.run(
                ["gpgconf", "--homedir", str(self.home), "--kill", "all"], check=False, capture_output=True
            )


# ------------------------------------------------------------------ the server


@dataclass
class Campus:
    """A source of the settings, its key, and what it serves under /dl/."""

    host: Host
    signer: Signer
    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)  # content types
    answers: dict[str, Callable[[Request], Response]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # name, Range

    def publish(self, data: bytes, version: str = VERSION, signature: bytes | None = None) -> None:
        """Serve an archive rightly signed and listed."""
        name = file_name(version)
        self.files[name] = data
        self.files[f"{name}.asc"] = self.signer.sign(data) if signature is None else signature
        self.files["index.json"] = index({name: data}, version)

    def publish_for(self, arch: str, version: str = VERSION) -> str:
        """Serve a listed release for another processor too, rightly signed; return the file's name."""
        name = f"{version}.linux-{arch}.tar.gz"
        data = packed([_for(each, arch) for each in go_members(version)])
        self.files[name], self.files[f"{name}.asc"] = data, self.signer.sign(data)
        (row,) = json.loads(index({name: data}, version))[0]["files"]
        releases = json.loads(self.files["index.json"])
        for release in releases:
            if release["version"] == version:
                release["files"].append({**row, "arch": arch})
        self.files["index.json"] = json.dumps(releases).encode()
        return name

    def settings_text(self, key: Path, prefix: str = VERSION) -> str:
        return (
            f'[[source]]\nname = "campus"\nurl = "{self.url}"\n'
            f'[[key]]\nfile = "{key}"\nsources = ["campus"]\nprefix = "{prefix}"\n'
        )

    def answer(self, request: Request) -> Response:
        name = request.path.removeprefix("/dl/")
        self.asked.append((name, request.headers.get("Range", "")))
        if name in self.answers:
            return self.answers[name](request)
        if name not in self.files:
            return Response("no such file", 404)
        data, kind = self.files[name], self.kinds.get(name, "application/octet-stream")
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if wanted is None:
            return Response(data, 200, content_type=kind)
        start = int(wanted[1])
        headers = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
        return Response(data[start:], 206, headers, content_type=kind)


def serve(httpserver: HTTPServer, host: Host, signer: Signer) -> Iterator[Campus]:
    """Give a campus whose key and source are in the settings of `host`."""
    campus = Campus(host, signer, httpserver.url_for("/dl/"))
    httpserver.expect_request(re.compile("/dl/.*")).respond_with_handler(campus.answer)
    config = Path(host.config_folder)
    config.mkdir(parents=True)
    (config / "campus.asc").write_bytes(signer.public)
    (config / "config.toml").write_text(campus.settings_text(config / "campus.asc"))
    yield campus
