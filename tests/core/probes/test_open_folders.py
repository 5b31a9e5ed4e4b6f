"""Folders where others can put programs."""

import os
from pathlib import Path

import pytest

from gomedic.probes.open_folders import others_can_write

ME = os.getuid()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "above" / "bin"
    made.mkdir(parents=True)
    return made


@pytest.mark.parametrize(
    ("above", "itself", "is_open"),
    [
        (0o755, 0o755, False),
        (0o755, 0o775, False),
        (0o755, 0o757, True),
        (0o777, 0o755, True),
        (0o1777, 0o755, False),
        (0o755, 0o1777, True),
    ],
)
def test_what_others_may_do_there(folder: Path, above: int, itself: int, is_open: bool) -> None:
    folder.parent.chmod(above)
    folder.chmod(itself)
    assert others_can_write(str(folder), ME) is is_open


def test_a_link_is_judged_by_where_it_leads(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert not others_can_write(str(link), ME)
    folder.chmod(0o777)
    assert others_can_write(str(link), ME)


def test_what_is_another_accounts_is_open_to_it(folder: Path) -> None:
    assert others_can_write(str(folder), ME + 1) is (ME != 0)


def test_what_is_not_there_is_open_to_nobody() -> None:
    assert not others_can_write("/no/such/folder", ME)
