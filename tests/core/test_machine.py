"""The machine around Go: C library, tools of a tree, memory, certificates, names, and fish's own variables."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from go_trees import write_go
from gomedic.host import Host
from gomedic.machine import Machine
from gomedic.probes import certificates, clone3, flatpaks, glibc, memory, reach, tools
from gomedic.probes.fish_variables import kept_path, read
from gomedic.probes.startup import StartupFile

BuildHost = Callable[..., Host]
ARCH = "amd64"


# ------------------------------------------------------------------ tools


def test_a_whole_tree_has_its_tools(tmp_path: Path) -> None:
    assert tools.unusable(str(write_go(tmp_path / "go", "go1.22.10")), ARCH) == ()


def test_a_tool_that_is_not_there_or_not_executable_is_told(tmp_path: Path) -> None:
    folder = write_go(tmp_path / "go", "go1.22.10") / "pkg/tool/linux_amd64"
    (folder / "link").unlink()
    (folder / "compile").chmod(0o644)
    found = tools.unusable(str(tmp_path / "go"), ARCH)
    assert [(os.path.basename(path), why) for path, why in found] == [
        ("compile", "not executable"),
        ("link", "missing"),
    ]


def test_tools_for_another_processor_are_told(tmp_path: Path) -> None:
    tool = write_go(tmp_path / "go", "go1.22.10") / "pkg/tool/linux_amd64/link"
    head = bytearray(tool.read_bytes())
    head[18:20] = (183).to_bytes(2, "little")
    tool.write_bytes(head)
    assert [why for _path, why in tools.unusable(str(tmp_path / "go"), ARCH)] == ["arm64"]


def test_a_tree_without_a_folder_for_tools_says_nothing_of_them(tmp_path: Path) -> None:
    assert tools.unusable(str(tmp_path), ARCH) == ()


# ------------------------------------------------------------------ the C library


@pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf (package binutils) is not installed")
def test_what_a_program_asks_for_is_what_readelf_says() -> None:
    said = subprocess.run(["readelf", "-VW", "/bin/true"], capture_output=True, text=True, check=True).stdout
    names = [word for word in said.split() if word.startswith("GLIBC_") and word[6:7].isdigit()]
    newest = max((name.removeprefix("GLIBC_") for name in names), key=glibc.numbers)
    assert glibc.needed("/bin/true") == newest


def test_a_program_for_a_newer_system_is_noticed(tmp_path: Path, host: BuildHost) -> None:
    newest = glibc.needed("/bin/true") or ""
    other = "9" + newest[1:]
    program = tmp_path / "tool"
    program.write_bytes(
        Path("/bin/true").read_bytes().replace(f"GLIBC_{newest}\0".encode(), f"GLIBC_{other}\0".encode())
    )
    machine = Machine(host())
    assert machine.newer_glibc(str(program)) == other
    assert machine.newer_glibc("/bin/true") is None


@pytest.mark.parametrize(
    "content", [b"", b"\x7fELF\x02\x01", b"\x7fELF\x02\x01" + b"\xff" * 500, b"#!/bin/sh\n"]
)
def test_what_is_no_program_asks_for_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert glibc.needed(str(tmp_path / "x")) is None


# ------------------------------------------------------------------ memory


def test_the_kernel_s_amounts_are_read_in_bytes() -> None:
    assert memory.amounts("MemTotal:  100 kB\nMemAvailable:   7 kB\nHugePages_Total:  0\n") == {
        "MemTotal": 102400,
        "MemAvailable": 7168,
    }


@pytest.mark.parametrize(
    ("available", "swap", "limit", "room"),
    [(100, 20, None, 120), (100, 0, 60, 60), (None, 5, None, None), (None, 0, 60, 60), (50, 10, 60, 60)],
)
def test_the_tightest_bound_and_swap_are_the_room(
    available: int | None, swap: int, limit: int | None, room: int | None
) -> None:
    assert memory.Memory(available, swap, limit).room == room


def test_this_machine_has_memory(host: BuildHost) -> None:
    assert (memory.probe(host()).room or 0) > 1 << 20


# ------------------------------------------------------------------ sandboxes


def test_clone3_is_allowed_where_threads_start() -> None:
    assert not clone3.is_forbidden()


def test_an_editor_in_a_flatpak_is_seen_with_its_extensions(home: Path, host: BuildHost) -> None:
    (home / ".var/app/com.visualstudio.code").mkdir(parents=True)
    overrides = home / ".local/share/flatpak/overrides"
    overrides.mkdir(parents=True)
    (overrides / "com.visualstudio.code").write_text("[Environment]\nFLATPAK_ENABLE_SDK_EXT=node18,golang\n")
    (home / ".local/share/flatpak/runtime/org.freedesktop.Sdk.Extension.golang").mkdir(parents=True)
    (found,) = flatpaks.probe(host())
    assert (found.name, found.has_extension, found.enables) == ("VS Code", True, ("node18", "golang"))


# ------------------------------------------------------------------ certificates and names


def test_a_named_file_takes_the_place_of_the_bundle(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text("x")
    (tmp_path / "empty").mkdir()
    own, empty = str(tmp_path / "own.pem"), str(tmp_path / "empty")
    assert certificates.files(own, empty) == [own]
    assert certificates.files(str(tmp_path / "gone.pem"), empty) == []


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Example University")


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[int]:
    """Shake hands over TLS with whoever comes; the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_greet_all, args=(listening, context), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def _greet_all(listening: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            line, _address = listening.accept()
        except OSError:
            return
        try:
            context.wrap_socket(line, server_side=True).close()
        except OSError:
            line.close()


def test_who_signed_an_untrusted_certificate_is_told(server: int) -> None:
    assert "Example University" in (reach.unknown_issuer("localhost", server, ()) or "")


def test_a_trusted_certificate_is_no_news(server: int, authority: trustme.CA, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    assert reach.unknown_issuer("localhost", server, ("/nowhere", str(tmp_path / "ca.pem"))) == ""


def test_where_nobody_listens_nothing_is_known() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert reach.unknown_issuer("localhost", port, ()) is None


def test_a_name_of_this_machine_is_found() -> None:
    assert reach.lookup("localhost") == "found"


def test_name_servers_are_told_with_their_lines() -> None:
    text = "# made by hand\nsearch lan\nnameserver 127.0.0.53\nnameserver ::1\n"
    assert reach.name_servers(text) == (reach.Server("127.0.0.53", 3), reach.Server("::1", 4))


# ------------------------------------------------------------------ fish


def test_the_variables_that_fish_keeps_are_read() -> None:
    text = "# VERSION: 3.0\nSETUVAR --export GOPATH:/home/a\\x20b/go\nSETUVAR PATH:/usr/bin\\x1e/opt/go/bin\nSETUVAR x:\n"
    file = StartupFile("/h/fish_variables", "fish", text.encode(), 0o644, 0, True)
    found = {variable.name: variable for variable in read(file)}
    assert found["GOPATH"].values == ("/home/a b/go",)
    assert (found["GOPATH"].exported, found["GOPATH"].line) == (True, 2)
    assert not found["PATH"].exported
    assert kept_path({file.path: file}) == {"/usr/bin", "/opt/go/bin"}
