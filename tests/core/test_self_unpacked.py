"""What a self-contained executable unpacked is not copied whole, and goes when gomedic goes."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gomedic.host import Host
from gomedic.self_install import engine
from gomedic.self_install.owner import Owner
from gomedic.self_install.places import user_places
from gomedic.self_install.record import load
from gomedic.self_install.unpacked import take_away, unpacked

NAME = ".gomedic-1.2-0123456789ab"


def unpack(place: Path, name: str = NAME) -> Path:
    """Lay out what an executable leaves."""
    (place / name / "lib").mkdir(parents=True)
    (place / name / "lib" / "gomedic").write_text("#!/bin/sh\n")
    (place / name / ".complete").write_text("sound\n/somewhere/gomedic\n")
    return place / name


def test_the_stamp_is_not_copied_and_the_place_is_remembered(
    tmp_path: Path, host: Callable[..., Host]
) -> None:
    folder = unpack(tmp_path / "downloads")
    places = user_places(host())
    mine = Owner("bundle", str(folder), str(folder / "gomedic"), has_window=False)
    list(engine.install(places, mine, "1.2", os.getuid()))
    assert [path.name for path in Path(places.program).rglob("*")] == ["lib", "gomedic"]
    record = load(places)
    assert record is not None
    assert record.unpacked == (str(tmp_path / "downloads"),)
    engine.uninstall(places, os.getuid())


def test_a_folder_bundle_is_not_remembered(tmp_path: Path, host: Callable[..., Host]) -> None:
    folder = unpack(tmp_path, "gomedic")
    places = user_places(host())
    list(engine.install(places, Owner("bundle", str(folder), "", has_window=False), "1.2", os.getuid()))
    record = load(places)
    assert record is not None
    assert record.unpacked == ()


def test_only_what_was_unpacked_is_found(tmp_path: Path) -> None:
    mine = unpack(tmp_path)
    unfinished = unpack(tmp_path, f"{NAME}.new-77-old")
    for name in (".gomedic-notes", "gomedic-1.2-0123456789ab", ".gomedic-1.2-0123456789abc"):
        unpack(tmp_path, name)
    (tmp_path / ".gomedic-1.3-0123456789ab").symlink_to(mine)
    (tmp_path / ".gomedic-1.4-0123456789ab").write_text("a file")
    place = str(tmp_path)
    assert sorted(unpacked([place, place, f"{place}/none"])) == [str(mine), str(unfinished)]


def test_what_is_another_account_s_is_not_found(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to give a folder away")
    os.chown(unpack(tmp_path), 1000, 1000)
    assert unpacked([str(tmp_path)]) == []


@pytest.mark.parametrize("locked", ["the folder", "its place"])
def test_what_another_gomedic_uses_stays(tmp_path: Path, locked: str) -> None:
    used, free = unpack(tmp_path / "one"), unpack(tmp_path / "other")
    descriptor = os.open(used if locked == "the folder" else used.parent, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH if locked == "the folder" else fcntl.LOCK_EX)
    try:
        done = take_away([str(used), str(free)])
    finally:
        os.close(descriptor)
    assert (done.used, done.gone) == ((str(used),), (str(free),))
    assert (used / ".complete").exists()
    assert not free.exists()
    assert take_away([str(used)]).gone == (str(used),)
