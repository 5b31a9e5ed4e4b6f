"""Go installations are read, never run: heads of programs, versions, what a tree lacks, who could have changed it."""

import os
import shutil
import struct
from pathlib import Path

import pytest

from go_trees import write_go
from gomedic import go_tree
from gomedic.go_tree import Program

MARK = b"\xff Go buildinf:"


def elf(machine: int, *, order: str = "<", wide: bool = True, interpreter: bytes = b"") -> bytes:
    """Return the head of an ELF file (elf(5)), with one program header where it asks for an interpreter."""
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    word, size, header = ("Q", 64, 56) if wide else ("I", 52, 32)
    count = 1 if interpreter else 0
    head = ident + struct.pack(f"{order}HHI{word}{word}{word}I", 2, machine, 1, 0, size, 0, 0)
    head += struct.pack(f"{order}HHHHHH", size, header, count, 0, 0, 0)
    if not interpreter:
        return head.ljust(128, b"\0")
    where, length = size + header, len(interpreter) + 1
    if wide:
        entry = struct.pack(f"{order}IIQQQQQQ", 3, 4, where, 0, 0, length, length, 1)
    else:
        entry = struct.pack(f"{order}IIIIIIII", 3, where, 0, 0, length, length, 4, 1)
    return (head + entry + interpreter + b"\0").ljust(256, b"\0")


PROGRAMS = [
    (elf(62), Program("elf", "amd64")),
    (elf(183), Program("elf", "arm64")),
    (elf(3, wide=False), Program("elf", "386")),
    (elf(40, wide=False), Program("elf", "arm")),
    (elf(243), Program("elf", "riscv64")),
    (elf(21, order=">"), Program("elf", "ppc64")),
    (elf(21), Program("elf", "ppc64le")),
    (elf(22, order=">"), Program("elf", "s390x")),
    (elf(8), Program("elf", "mipsle")),
    (elf(999), Program("elf", "machine 999")),
    (elf(62, interpreter=b"/lib64/ld-linux-x86-64.so.2"), Program("elf", "amd64", "/lib64/ld-linux-x86-64.so.2")),
    (elf(62, interpreter=b"/lib/ld-musl-x86_64.so.1"), Program("elf", "amd64", "/lib/ld-musl-x86_64.so.1")),
    (elf(40, wide=False, interpreter=b"/lib/ld-linux.so.3"), Program("elf", "arm", "/lib/ld-linux.so.3")),
    (elf(22, order=">", interpreter=b"/lib/ld64.so.1"), Program("elf", "s390x", "/lib/ld64.so.1")),
    (b"#!/bin/sh -e\nexec go\n", Program("script", "", "/bin/sh", "#!/bin/sh -e")),
    (b"#! /usr/bin/env bash\r\n", Program("script", "", "/usr/bin/env", "#! /usr/bin/env bash\r")),
    (b"#!\n", Program("script", "", "", "#!")),
    (b"\x7fELF", Program("other")),
    (b"", Program("other")),
    (b"MZ\x90\0", Program("other")),
]  # fmt: skip


@pytest.mark.parametrize(("head", "expected"), PROGRAMS)
def test_the_head_of_a_program_tells_what_it_is(tmp_path: Path, head: bytes, expected: Program) -> None:
    (tmp_path / "go").write_bytes(head)
    assert go_tree.program(f"{tmp_path}/go") == expected


def test_what_cannot_be_read_is_not_known(tmp_path: Path) -> None:
    assert go_tree.program(f"{tmp_path}/nothing") is None
    assert go_tree.program(f"{tmp_path}") is None
    assert go_tree.built_with(f"{tmp_path}/nothing") is None
    assert go_tree.version_of(f"{tmp_path}/nothing") is None


def test_a_cut_head_does_no_harm(tmp_path: Path) -> None:
    whole = elf(62, interpreter=b"/lib64/ld-linux-x86-64.so.2")
    for length in range(0, len(whole), 3):
        (tmp_path / "go").write_bytes(whole[:length])
        assert go_tree.program(f"{tmp_path}/go") is not None


def build_info(version: bytes, flags: int = 2) -> bytes:
    head = (MARK + bytes([8, flags])).ljust(32, b"\0")
    return b"x" * 100 + head + bytes([len(version)]) + version + b"\x05path\t"


BUILT = [
    (build_info(b"go1.22.10"), "go1.22.10"),
    (build_info(b"go1.21rc2"), "go1.21rc2"),
    (build_info(b"go1.19"), "go1.19"),
    (build_info(b"go1.22.5 X:boringcrypto"), "go1.22.5"),
    (build_info(b"go1.22.5-campus.1"), "go1.22.5-campus.1"),
    (build_info(b"devel go1.24-abc123 Mon"), "go1.24-abc123"),
    (build_info(b"devel +abc"), None),
    (build_info(b"go1.17", flags=0), None),  # before 1.18: pointers, not strings
    (b"no mark at all", None),
    (build_info(b"go1.22.10")[:115], None),
    (build_info(b"go1.22.10")[:131], None),
    (b"", None),
]


@pytest.mark.parametrize(("content", "version"), BUILT)
def test_a_program_tells_which_go_built_it(tmp_path: Path, content: bytes, version: str | None) -> None:
    (tmp_path / "go").write_bytes(content)
    assert go_tree.built_with(f"{tmp_path}/go") == version


VERSIONS = [
    ("go1.22.10\ntime 2024-12-01T00:00:00Z\n", "go1.22.10"),
    ("go1.19.8", "go1.19.8"),
    ("go1.27\r\n", "go1.27"),
    ("go1.23.1-custom\n", "go1.23.1-custom"),
    ("go1.21rc3\n", "go1.21rc3"),
    ("devel go1.24-abc Mon Jan 1\n", "go1.24-abc"),
    ("", None),
    ("nonsense\n", None),
    ("\ngo1.22\n", None),
]


@pytest.mark.parametrize(("text", "version"), VERSIONS)
def test_a_tree_tells_its_release(tmp_path: Path, text: str, version: str | None) -> None:
    (tmp_path / "VERSION").write_text(text)
    assert go_tree.version_of(str(tmp_path)) == version


def test_a_tree_without_a_version_file_is_as_its_go_command_tells(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/go").write_bytes(build_info(b"go1.20.3"))
    assert go_tree.version_of(str(tmp_path)) == "go1.20.3"
    (tmp_path / "VERSION").write_bytes(b"\xff\xfe\n")
    assert go_tree.version_of(str(tmp_path)) == "go1.20.3"


def test_the_root_is_found_through_links(tmp_path: Path) -> None:
    root = write_go(tmp_path / "go1.22", "go1.22.10")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/go").symlink_to("../go1.22/bin/go")
    assert go_tree.root_of(f"{tmp_path}/bin/go") == str(root)
    shutil.copy(root / "bin/go", tmp_path / "lone")
    assert go_tree.root_of(f"{tmp_path}/lone") is None


LACKING = [
    ("bin/go", ("bin/go",)),
    ("pkg/tool", ("pkg/tool",)),
    ("pkg/tool/linux_amd64/compile", ("pkg/tool/compile",)),
    ("src/fmt", ("src/fmt",)),
    ("src/net/http", ("src/net/http",)),
    ("src", ("src",)),
    ("test", ()),
    ("bin/gofmt", ()),
]


@pytest.mark.parametrize(("gone", "told"), LACKING)
def test_what_a_tree_lacks_is_told(tmp_path: Path, gone: str, told: tuple[str, ...]) -> None:
    root = write_go(tmp_path / "go", "go1.22.10")
    assert go_tree.missing(str(root)) == ()
    path = root / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    assert go_tree.missing(str(root)) == told


# ------------------------------------------------------------------ who could have put it there

ME = os.getuid()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder on whose way there is nothing that others could write but what has the sticky bit."""
    place = tmp_path / "a/b"
    place.mkdir(parents=True)
    place.chmod(0o755)
    place.parent.chmod(0o755)
    (place / "go").write_text("")
    (place / "go").chmod(0o755)
    return place


MODES = [
    (0o755, 0o755, True),
    (0o700, 0o700, True),
    (0o777, 0o755, False),
    (0o755, 0o777, False),
    (0o757, 0o755, False),
    (0o1777, 0o755, True),  # as /tmp: nobody can replace what another owns
    (0o755, 0o1777, False),  # the bit means nothing on a file
]


@pytest.mark.parametrize(("of_folder", "of_file", "trusted"), MODES)
def test_trust_goes_by_who_can_write(folder: Path, of_folder: int, of_file: int, trusted: bool) -> None:
    folder.chmod(of_folder)
    (folder / "go").chmod(of_file)
    assert go_tree.is_trusted(f"{folder}/go", ME) == trusted
    (folder.parent / "link").symlink_to(folder / "go")
    assert go_tree.is_trusted(f"{folder.parent}/link", ME) == trusted


def test_what_is_not_there_is_not_trusted(folder: Path) -> None:
    assert not go_tree.is_trusted(f"{folder}/nothing", ME)


@pytest.mark.skipif(ME != 0, reason="only root can give files away")
def test_trust_goes_by_owner_and_group(folder: Path) -> None:
    binary = f"{folder}/go"
    os.chown(folder, 0, 4242)
    folder.chmod(0o775)
    assert not go_tree.is_trusted(binary, 1000)
    assert go_tree.is_trusted(binary, 1000, frozenset({4242}))
    os.chown(folder, 1000, 4242)
    folder.chmod(0o755)
    assert go_tree.is_trusted(binary, 1000)
    assert not go_tree.is_trusted(binary, 1001)
