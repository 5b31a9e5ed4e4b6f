"""A tree of two releases: the archive of the one that it claims to be tells what is the other's, and that is moved away."""

import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from go_trees import write_go
from gomedic import doctor
from gomedic.host import Host
from gomedic.model import Examination, Finding, Progress
from gomedic.probes.leftovers import Leftovers, probe
from gomedic.probes.mixed import declared_twice

BuildHost = Callable[..., Host]
VERSION = "go1.22.10"
NAME = f"{VERSION}.linux-amd64.tar.gz"


@pytest.fixture
def tree(home: Path) -> Path:
    """A release of which the runtime declares something."""
    root = write_go(home / "go-sdk", VERSION)
    (root / "src/runtime/malloc.go").write_text("package runtime\n\nfunc mallocgc() {}\n")
    return root


def archived(root: Path, archive: Path) -> Path:
    """Pack a tree as Go does: files only, below go/."""
    archive.parent.mkdir(exist_ok=True)
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted(root.rglob("*")):
            if path.is_file():
                tar.add(path, f"go/{path.relative_to(root)}")
    return archive


def mix(root: Path) -> None:
    """Leave what another release had: a file of a package, a package of a package, and what Go never reads."""
    for name in (
        "runtime/mbarrier_old.go",
        "runtime/oldsys/a.go",
        "runtime/testdata/old.go",
        "runtime/_old/a.go",
    ):
        (root / "src" / name).parent.mkdir(exist_ok=True)
        (root / "src" / name).write_text("package runtime\n\nfunc mallocgc() {}\n")
    (root / "src/mine").mkdir()
    (root / "src/mine/a.go").write_text("package mine\n")


LEFT = ("src/runtime/mbarrier_old.go", "src/runtime/oldsys")


@pytest.mark.parametrize(
    "place",
    [
        "Downloads/" + NAME,
        NAME,
        "go-sdk/" + NAME,
        f"Downloads/{VERSION}.linux-amd64 (1).tar.gz",
        "下载/" + NAME,
    ],
)
def test_the_archive_of_the_release_tells_what_is_not_of_it(
    home: Path, host: BuildHost, tree: Path, place: str
) -> None:
    archive = archived(tree, home / place)
    mix(tree)
    assert probe(host(), str(tree), VERSION) == Leftovers(str(archive), LEFT)


def test_the_desktops_own_folder_of_downloads_is_looked_into(home: Path, host: BuildHost, tree: Path) -> None:
    (home / ".config").mkdir()
    (home / ".config/user-dirs.dirs").write_text('# written\nXDG_DOWNLOAD_DIR="$HOME/Heruntergeladen/go"\n')
    (home / "Heruntergeladen").mkdir()
    archive = archived(tree, home / "Heruntergeladen/go" / NAME)
    mix(tree)
    assert probe(host(), str(tree), VERSION) == Leftovers(str(archive), LEFT)


def of_another_release(archive: Path, _tree: Path) -> None:
    archive.rename(archive.with_name("go1.22.9.linux-amd64.tar.gz"))


def cut_short(archive: Path, _tree: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-400])


def no_archive(archive: Path, _tree: Path) -> None:
    archive.write_bytes(b"<html>404</html>")


def with_another_file(_archive: Path, tree: Path) -> None:
    (tree / "src/fmt/a.go").write_text("package fmT\n")


def with_a_file_missing(_archive: Path, tree: Path) -> None:
    (tree / "src/fmt/a.go").unlink()


def open_to_others(archive: Path, _tree: Path) -> None:
    archive.chmod(0o666)


def of_other_things(archive: Path, tree: Path) -> None:
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tree / "VERSION", "go/VERSION")
        tar.addfile(tarfile.TarInfo("../../etc/passwd"), io.BytesIO())


@pytest.mark.parametrize(
    "spoil",
    [
        of_another_release,
        cut_short,
        no_archive,
        with_another_file,
        with_a_file_missing,
        open_to_others,
        of_other_things,
    ],
)
def test_an_archive_that_does_not_fit_tells_nothing(
    home: Path, host: BuildHost, tree: Path, spoil: Callable[[Path, Path], None]
) -> None:
    archive = archived(tree, home / "Downloads" / NAME)
    mix(tree)
    spoil(archive, tree)
    assert probe(host(), str(tree), VERSION) is None


def test_leftovers_are_moved_out_of_the_way_and_come_back(home: Path, host: BuildHost, tree: Path) -> None:
    archived(tree, home / "Downloads" / NAME)
    mix(tree)
    with (home / ".bashrc").open("w") as file:
        file.write(f"PATH={tree}/bin:/usr/bin:/bin\n")
    (home / ".bash_profile").write_text(". ~/.bashrc\n")
    was = contents(tree)
    machine = host()
    examination = examined(machine)
    finding = mixed(examination)
    assert finding is not None
    assert finding.fixes[0].id == "move-leftovers"
    assert finding.fixes[0].safe
    *_progress, proof = doctor.prove(machine, examination, finding, finding.fixes[0])
    assert not isinstance(proof, Progress)
    assert proof is None or proof.helps
    *_progress, treated = doctor.treat(machine, examination, finding, finding.fixes[0])
    assert isinstance(treated, doctor.Treatment)
    assert treated.reason is None
    assert mixed(treated.examination) is None
    assert (tree / ".gomedic-saved/src/runtime/oldsys/a.go").is_file()
    assert not (tree / "src/runtime/oldsys").exists()
    list(doctor.take_back(machine))
    assert contents(tree) == was


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return what is in a folder but for times: those of folders tell that something was moved."""
    paths = sorted(folder.rglob("*"))
    return {str(path): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"") for path in paths}


def test_a_package_whose_files_have_one_time_is_of_one_release(tree: Path) -> None:
    mix(tree)
    assert declared_twice(str(tree)) is not None
    for path in (tree / "src/runtime").iterdir():
        os.utime(path, ns=(10**18, 10**18))
    assert declared_twice(str(tree)) is None


def test_files_for_other_processors_are_not_counted(tree: Path) -> None:
    """The go command here is /bin/true, of this machine's processor."""
    for name in ("mem_s390x.go", "mem_windows.go"):
        (tree / "src/runtime" / name).write_text("package runtime\n\nfunc mallocgc() {}\n")
    assert declared_twice(str(tree)) is None
    (tree / "src/runtime/mem_64bit.go").write_text(
        "//go:build !s390x\n\npackage runtime\n\nfunc mallocgc() {}\n"
    )
    assert declared_twice(str(tree)) == ("mallocgc", "src/runtime/malloc.go", "src/runtime/mem_64bit.go")


def examined(machine: Host) -> Examination:
    return next(value for value in doctor.examine(machine) if isinstance(value, Examination))


def mixed(examination: Examination) -> Finding | None:
    return next((f for f in examination.findings if f.check == "goroot-mixed-versions"), None)
