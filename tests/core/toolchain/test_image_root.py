"""Into the file system of an image: by its own links and never out of it, and taken back whole."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from campus import ARCH, OTHERS, VERSION, Campus, file_name, for_machine

from gomedic import placing, repair
from gomedic.host import Host
from gomedic.model import Fix, Receipt
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain import errors
from gomedic.toolchain.foreign import starts_here
from gomedic.toolchain.image_root import LeadsAround, NoImage, OthersMayChange, arch_of, inside
from gomedic.toolchain.install import Staged, install
from gomedic.toolchain.targets import UnknownPlace, target
from gomedic.toolchain.tree import tree
from started import snapshot


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A small file system with a program of this machine's, and a file outside that must stay as it is."""
    root = tmp_path / "image"
    for name in ("bin", "etc/profile.d", "usr/bin", "usr/local/bin"):
        (root / name).mkdir(parents=True)
    shutil.copy("/bin/true", root / "bin/sh")
    return root


LINKS = [
    ("usr", "elsewhere", "/usr/local/go", "elsewhere/local/go"),
    ("usr/local", "/big/local", "/usr/local/go", "big/local/go"),
    ("usr/local", "../../../../../big", "/usr/local/go", "big/go"),
    ("usr/local", "/one", "/usr/local/../go", "go"),
    ("usr/local/go", "/etc", "/usr/local/go", "usr/local/go"),  # itself is not followed
]


@pytest.mark.parametrize(("link", "goal", "path", "found"), LINKS)
def test_links_are_read_as_the_image_reads_them(
    tmp_path: Path, link: str, goal: str, path: str, found: str
) -> None:
    (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / link).symlink_to(goal)
    assert inside(str(tmp_path), path) == str(tmp_path / found)


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "usr").symlink_to("local")
    (tmp_path / "local").symlink_to("/usr")
    with pytest.raises(LeadsAround, match="too many links"):
        inside(str(tmp_path), "/usr/local/go")


def test_what_others_may_swap_is_refused(image: Path) -> None:
    (image / "usr/local").chmod(0o777)
    with pytest.raises(OthersMayChange, match=r"Others than you and root can change .*/usr/local,"):
        inside(str(image), "/usr/local/go")


def test_a_folder_without_programs_is_no_image(image: Path) -> None:
    assert arch_of(str(image))
    (image / "bin/sh").unlink()
    with pytest.raises(NoImage, match="does not hold the file system of an image"):
        arch_of(str(image))


@pytest.mark.parametrize(("place", "folder"), [("/usr", None), ("account", "/"), ("opt", None)])
def test_what_is_no_place_is_refused(machine: Host, place: str, folder: str | None) -> None:
    with pytest.raises(UnknownPlace):
        target(machine, place, folder)


def staged(host: Host, image: Path, place: str | None, *, try_it: bool = False) -> Staged:
    to = target(host, place, str(image))
    *_, last = install(host, read_settings(host), VERSION, try_it=try_it, to=to)
    assert isinstance(last, Staged)
    return last


@pytest.mark.parametrize(("place", "root", "command"), [
    (None, "usr/local/go", "/usr/local/go/bin/go"), ("/opt", f"opt/go-{VERSION.removeprefix('go')}", "/opt/go/bin/go"),
])  # fmt: skip
def test_it_is_placed_with_its_links_and_taken_back(
    campus: Campus, image: Path, place: str | None, root: str, command: str
) -> None:
    outside = image.parent / "outside"
    outside.mkdir()
    (image / "usr/local/go").symlink_to(outside)
    (image / "usr/local/bin/go").write_text("an older one")
    before = snapshot(image)
    ready = staged(campus.host, image, place)
    steps = placing.steps(campus.host, ready, ())
    *_, receipt = repair.apply(campus.host, "x@y", Fix("f", Message("F")), steps)
    assert isinstance(receipt, Receipt)
    assert tree(str(image / root)).whole
    assert os.readlink(image / "usr/local/bin/go") == command
    line = (image / "etc/profile.d/gomedic-go.sh").read_text().splitlines()[1]
    assert line == f'export PATH="{os.path.dirname(command)}:$PATH"'
    assert list(outside.iterdir()) == []
    list(repair.undo(campus.host, receipt))
    placing.let_go(campus.host, ready)
    assert {k: v[1] for k, v in snapshot(image).items()} == {k: v[1] for k, v in before.items()}


def test_what_is_there_already_is_said(campus: Campus, image: Path) -> None:
    ready = staged(campus.host, image, "/opt")
    list(repair.apply(campus.host, "x@y", Fix("f", Message("F")), placing.steps(campus.host, ready, ())))
    with pytest.raises(errors.AlreadyInstalled):
        staged(campus.host, image, "/opt")


# ------------------------------------------------------------------ for another machine


@pytest.fixture
def other(campus: Campus, image: Path) -> Path:
    """The image, now of another machine, for which the campus has an archive too."""
    (image / "bin/sh").write_bytes(for_machine((image / "bin/sh").read_bytes(), OTHERS[0]))
    campus.publish_for(OTHERS[0])
    return image


def test_an_image_for_another_machine_gets_that_machines_archive(campus: Campus, other: Path) -> None:
    """Sum, signature and files are verified; that it was not tried is told, and kept in the image."""
    before = snapshot(other)
    ready = staged(campus.host, other, None, try_it=True)
    why = f"It was not tried: it is for another machine's architecture ({OTHERS[0]}; this machine is {ARCH})."
    assert [str(note) for note in ready.tried.notes] == [why]
    assert {row.state for row in ready.tried.rows} == {"not tried"}
    assert ready.verification.file == f"{VERSION}.linux-{OTHERS[0]}.tar.gz"
    assert ready.verification.signature is not None
    *_, receipt = repair.apply(
        campus.host, "x@y", Fix("f", Message("F")), placing.steps(campus.host, ready, ())
    )
    assert isinstance(receipt, Receipt)
    assert (tree(str(other / "usr/local/go")).arch, tree(str(other / "usr/local/go")).whole) == (
        OTHERS[0],
        True,
    )
    kept = json.loads((other / "usr/local/share/gomedic/go.json").read_text())
    assert (kept["not_tried"], kept["sha256"]) == (why, ready.verification.sha256)
    list(repair.undo(campus.host, receipt))
    placing.let_go(campus.host, ready)
    assert {k: v[1] for k, v in snapshot(other).items()} == {k: v[1] for k, v in before.items()}


def test_an_archive_of_this_machine_under_the_others_name_is_refused(campus: Campus, other: Path) -> None:
    name = f"{VERSION}.linux-{OTHERS[0]}.tar.gz"
    data = campus.files[file_name()]
    listed = campus.files["index.json"].decode()
    was, size = hashlib.sha256(campus.files[name]).hexdigest(), len(campus.files[name])
    listed = listed.replace(was, hashlib.sha256(data).hexdigest()).replace(
        f'"size": {size}', f'"size": {len(data)}'
    )
    campus.files |= {
        name: data,
        f"{name}.asc": campus.files[f"{file_name()}.asc"],
        "index.json": listed.encode(),
    }
    with pytest.raises(errors.WrongContent, match=f"but it holds (programs for {ARCH}|a tree without)"):
        staged(campus.host, other, None)


def test_an_image_without_an_archive_for_it_is_refused(campus: Campus, image: Path) -> None:
    (image / "bin/sh").write_bytes(for_machine((image / "bin/sh").read_bytes(), "s390x"))
    with pytest.raises(errors.NoFileFor, match="has no archive for linux-s390x"):
        staged(campus.host, image, None)


MAGIC = (
    "7f454c460201010000000000000000000200b700"  # of a program for arm64, as Debian's qemu-user-static has it
)
MASK = "ffffffffffffff00fffffffffffffffffeffffff"


@pytest.mark.parametrize(
    ("status", "handler", "arch", "starts"),
    [
        ("enabled", "enabled\ninterpreter {here}\nflags: \noffset 0\nmagic {magic}\nmask {mask}\n", "arm64", True),
        ("enabled", "enabled\ninterpreter {here}\nflags: \noffset 0\nmagic {magic}\nmask {mask}\n", "riscv64", False),
        ("enabled", "enabled\ninterpreter /gone\nflags: \noffset 0\nmagic {magic}\nmask {mask}\n", "arm64", False),
        ("enabled", "enabled\ninterpreter /gone\nflags: OCF\noffset 0\nmagic {magic}\nmask {mask}\n", "arm64", True),
        ("enabled", "disabled\ninterpreter {here}\nflags: F\noffset 0\nmagic {magic}\nmask {mask}\n", "arm64", False),
        ("disabled", "enabled\ninterpreter {here}\nflags: F\noffset 0\nmagic {magic}\nmask {mask}\n", "arm64", False),
        ("enabled", "enabled\ninterpreter {here}\nflags: F\nextension .class\n", "arm64", False),
        ("enabled", "enabled\ninterpreter {here}\nflags: \noffset 4\nmagic 02\n", "arm64", True),
    ],
)  # fmt: skip
def test_what_the_kernel_hands_to_an_emulator_can_be_tried(
    tmp_path: Path, status: str, handler: str, arch: str, starts: bool
) -> None:
    program, handlers = tmp_path / "go", tmp_path / "handlers"
    program.write_bytes(for_machine(Path("/bin/true").read_bytes(), arch))
    handlers.mkdir()
    (handlers / "status").write_text(f"{status}\n")
    (handlers / "register").write_text("")
    (handlers / "qemu").write_text(handler.format(here="/bin/sh", magic=MAGIC, mask=MASK))
    assert starts_here(str(program), str(handlers)) is starts
    assert not starts_here(str(program), str(tmp_path / "none"))
