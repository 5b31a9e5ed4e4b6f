"""Root's register of toolchains for all accounts: an entry is of the very tree that root verified, and of no other."""

import os
import shutil
from pathlib import Path

import pytest

from gomedic.toolchain import register
from gomedic.toolchain.filelist import Entry
from gomedic.toolchain.recorded import Verification, encoded, record

FILES = {"bin/go": Entry(True, 3, "00ff"), "VERSION": Entry(False, 2, "11")}
WHY = Verification("go1.27.1.linux-amd64.tar.gz", "00ff", 1, "go.dev/dl", "/x", None, "")


@pytest.fixture
def machine_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if os.geteuid() != 0:
        pytest.skip("a register counts only where it is root's")
    monkeypatch.setattr(register, "FOLDER", f"{tmp_path}/var/register")
    monkeypatch.setattr(register, "_PLACES", (f"{tmp_path}/opt",))
    (tmp_path / "opt/.gomedic-staging-0/bin").mkdir(parents=True)
    return tmp_path


def placed(machine_tree: Path, version: str = "go1.27.1") -> Path:
    """Enter what is staged, and move it to its place, as the steps do."""
    staged = machine_tree / "opt/.gomedic-staging-0"
    register.enter("", str(staged), version, encoded(WHY), FILES)
    return staged.rename(machine_tree / f"opt/go-{version}")


def test_what_was_entered_is_known_of_the_tree_in_its_place(machine_tree: Path) -> None:
    tree = placed(machine_tree)
    assert record(str(tree)) == WHY
    assert register.list_of(str(tree), "go1.27.1") == FILES
    (machine_tree / "link").symlink_to(tree)
    assert record(str(machine_tree / "link")) == WHY
    folder = Path(register.FOLDER)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
    assert folder.stat().st_mode & 0o777 == 0o755


def test_another_tree_in_its_place_has_no_entry(machine_tree: Path) -> None:
    tree = placed(machine_tree)
    shutil.rmtree(tree)
    tree.mkdir()
    assert record(str(tree)) is None
    assert (
        register.list_of(str(tree), "go1.27.1") == FILES
    )  # what the release consists of is known all the same
    assert register.list_of(str(tree), "go1.27.2") is None


def test_what_is_unpacked_over_it_takes_the_entry_away(machine_tree: Path) -> None:
    tree = placed(machine_tree)
    (tree / "NEW").touch()
    assert record(str(tree)) is None


def test_a_register_that_others_could_write_counts_for_nothing(machine_tree: Path) -> None:
    tree = placed(machine_tree)
    os.chmod(register.FOLDER, 0o775)
    assert record(str(tree)) is None
    os.chmod(register.FOLDER, 0o755)
    os.chown(register.FOLDER, 1, 1)
    assert record(str(tree)) is None


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"version": 1}'])
def test_a_damaged_entry_is_none(machine_tree: Path, data: bytes) -> None:
    tree = placed(machine_tree)
    next(Path(register.FOLDER).glob("*.json")).write_bytes(data)
    assert record(str(tree)) is None


def test_what_is_gone_is_forgotten(machine_tree: Path) -> None:
    tree = placed(machine_tree)
    shutil.rmtree(tree)
    (machine_tree / "opt/.gomedic-staging-0").mkdir()
    placed(machine_tree, "go1.27.2")
    names = {path.name.rpartition("-")[0] for path in Path(register.FOLDER).iterdir()}
    assert names == {"go1.27.2"}


def test_where_there_can_be_no_register_nothing_is_kept(machine_tree: Path) -> None:
    Path(register.FOLDER).parent.mkdir()
    Path(register.FOLDER).write_text("in the way")
    assert record(str(placed(machine_tree))) is None
