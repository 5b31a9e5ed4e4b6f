"""Into the file system of an image: by its own links and never out of it, and taken back whole."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from campus import VERSION, Campus

from gomedic import placing, repair
from gomedic.host import Host
from gomedic.model import Fix, Receipt
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain import errors
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


def staged(host: Host, image: Path, place: str | None) -> Staged:
    to = target(host, place, str(image))
    *_, last = install(host, read_settings(host), VERSION, try_it=False, to=to)
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


def test_an_image_for_another_machine_is_refused(
    campus: Campus, image: Path, change: Callable[[Path], None]
) -> None:
    change(image / "bin/sh")
    with pytest.raises(errors.ToolchainError, match=r"are for .*, but this machine is"):
        staged(campus.host, image, None)


@pytest.fixture
def change() -> Callable[[Path], None]:
    """Give a function that makes a program one for s390x."""

    def other(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[18] = 22
        path.write_bytes(bytes(data))

    return other
