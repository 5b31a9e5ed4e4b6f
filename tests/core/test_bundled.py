"""Root starts a bundle only where nobody else can change any of it."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gomedic import bundled

NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a bundle in a place that is root's, up to the top folder."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to make files that are root's")
    with tempfile.TemporaryDirectory(dir="/var/lib") as name:
        made = Path(name, "gomedic")
        (made / "lib" / "inner").mkdir(parents=True)
        (made / "gomedic").write_text("")
        (made / "lib" / "inner" / "libz.so").write_text("")
        (made / "lib" / "libz.so").symlink_to("inner/libz.so")
        yield made


def test_a_bundle_of_roots_may_be_started(folder: Path) -> None:
    assert bundled.only_root_writes(str(folder))


SPOILERS: list[Callable[[Path], None]] = [
    lambda folder: os.chown(folder / "lib" / "inner" / "libz.so", NOBODY, 0),
    lambda folder: (folder / "lib" / "inner" / "libz.so").chmod(0o666),
    lambda folder: (folder / "lib" / "inner").chmod(0o777),
    lambda folder: os.chown(folder / "lib" / "libz.so", NOBODY, 0, follow_symlinks=False),
    lambda folder: (folder / "lib" / "other").symlink_to("/tmp/elsewhere"),  # where anybody can put it
    lambda folder: os.chown(folder, NOBODY, NOBODY),
    lambda folder: folder.parent.chmod(0o1777),
]


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_bundle_that_others_can_change_may_not(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder)
    assert not bundled.only_root_writes(str(folder))


def test_a_bundle_that_is_not_there_may_not(folder: Path) -> None:
    assert not bundled.only_root_writes(str(folder / "gone"))


def test_from_source_python_is_the_helper() -> None:
    assert bundled.bundle_folder() is None
    assert bundled.root_helper() == [sys.executable, "-I", "-B", "-m", "gomedic.root_helper"]


def test_a_self_contained_executable_is_judged_by_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = folder.parent / "kept"
    kept.mkdir()
    os.chown(kept, NOBODY, NOBODY)
    program = folder / "gomedic"
    monkeypatch.setattr(bundled, "bundle_folder", lambda: str(kept))
    monkeypatch.setattr(sys, bundled.ONE_FILE, str(program), raising=False)
    assert bundled.root_helper() == [str(program), bundled.AS_ROOT_HELPER]
    os.chown(program, NOBODY, NOBODY)
    assert bundled.root_helper() is None
