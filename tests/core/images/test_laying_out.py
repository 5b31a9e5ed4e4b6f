"""What is laid out to be run is what the view shows: kinds, contents, links, and the account's rights as modes."""

import os
import stat
from pathlib import Path

import pytest

from core.images.builder import Item, Recipe, layer
from core.images.test_hostile import END, header, pax
from core.images.test_oracles import KINDS, tricky
from gomedic.images.files import ImageFiles
from gomedic.images.laying_out import Ground, lay_out
from gomedic.images.machine import image_host
from gomedic.images.reading import open_image

SPARSE = pax(GNU__sparse__realsize="1000000", GNU__sparse__name="opt/sparse") + header(b"s", 3)


def image(folder: Path) -> Path:
    recipe: Recipe = tricky()
    recipe.run(
        "ADD",
        Item("opt/twice", "first"),
        Item("opt/twice", "second"),
        Item("proc", link="etc"),
        Item("tmp", "a file"),
    )
    recipe.run(
        "RUN",
        Item("opt/shut", "x", mode=0o600),
        Item("opt/own", "y", mode=0o640, uid=1000),
        Item("opt/dir", mode=0o711),
    )
    recipe.run(
        "RUN ln", Item("opt/one", "1"), Item("opt/two", kind="h", link="opt/one"), Item("opt/late/again", "x")
    )
    recipe.layers.append(layer([])[:0] + SPARSE + b"abc".ljust(512, b"\0") + END)
    recipe.history.append({"created_by": "ADD sparse"})
    return recipe.docker(folder / "image.tar")


@pytest.mark.parametrize("owner", [None, pytest.param((65534, 65534), marks=pytest.mark.root)])
def test_it_is_what_the_view_shows(tmp_path: Path, owner: tuple[int, int] | None) -> None:
    if owner is not None and os.geteuid() != 0:
        pytest.skip("needs root")
    place = tmp_path / "root"
    place.mkdir()
    with open_image(str(image(tmp_path))) as view:
        files = image_host(view, "student").files
        assert isinstance(files, ImageFiles)
        for _moment in lay_out(Ground(view, str(place), files.rights, owner)):
            pass
        for path, node in view.walk():
            if path in ("proc", "tmp") or node.kind not in KINDS.values() or node.kind == "p":
                continue
            info = (place / path).lstat()
            assert KINDS[stat.S_IFMT(info.st_mode)] == node.kind, path
            if owner is not None:
                assert (info.st_uid, info.st_gid) == owner, path
            if node.kind == "l":
                assert os.readlink(place / path) == node.link
                continue
            assert stat.S_IMODE(info.st_mode) == files.rights(node) << 6, path
            if node.kind == "f" and path != "opt/sparse" and os.geteuid() == 0:
                assert (place / path).read_bytes() == view.read(path), path
        assert stat.S_IMODE((place / "opt/shut").stat().st_mode) == 0
        assert stat.S_IMODE((place / "opt/dir").stat().st_mode) == 0o100
    assert (place / "opt/sparse").stat().st_size == 0
    assert (place / "opt/twice").read_bytes() == b"second"
    assert (place / "opt/one").stat().st_ino == (place / "opt/two").stat().st_ino
    assert all((place / name).is_dir() and not (place / name).is_symlink() for name in ("proc", "tmp", "dev"))
