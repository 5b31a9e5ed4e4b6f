"""A report's file: whole or not at all, never over another unasked, and one sentence where it cannot be."""

import os
from pathlib import Path

import pytest

from gomedic.writing import ExistsError, NotSavedError, save, would_be_lost


def test_a_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    save(str(tmp_path / "报告.html"), b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["报告.html"]
    assert (tmp_path / "报告.html").read_bytes() == b"whole"


def test_the_accounts_mask_says_who_may_read_it(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        save(str(tmp_path / "report"), b"")
    finally:
        os.umask(old)
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_there_stays_unless_it_may_go(tmp_path: Path) -> None:
    report = tmp_path / "report"
    report.write_bytes(b"old")
    assert would_be_lost(str(report))
    with pytest.raises(ExistsError, match="is there already"):
        save(str(report), b"new")
    assert report.read_bytes() == b"old"
    save(str(report), b"new", overwrite=True)
    assert report.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes(b"old")
    (tmp_path / "link").symlink_to("report")
    save(str(tmp_path / "link"), b"new", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report").read_bytes() == b"new"


def test_what_is_no_file_is_written_into(tmp_path: Path) -> None:
    before = os.stat("/dev/null")
    save("/dev/null", b"away")
    assert os.stat("/dev/null").st_rdev == before.st_rdev


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/dev/full", "/dev/full was not saved: there is no room left on that disk."),
        ("{tmp}/nowhere/report", "{tmp}/nowhere/report was not saved: there is no such folder."),
        ("{tmp}", "{tmp} was not saved: that is a folder."),
        ("/proc/report", "/proc/report was not saved: there is no such folder."),
        ("{tmp}/" + "x" * 300, None),
        ("{tmp}/a\0b", None),
    ],
)
def test_what_cannot_be_saved_is_said_in_a_sentence(tmp_path: Path, path: str, sentence: str | None) -> None:
    place = path.format(tmp=tmp_path)
    with pytest.raises(NotSavedError) as failed:
        save(place, b"report")
    if sentence is not None:
        assert str(failed.value.message) == sentence.format(tmp=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(NotSavedError, match="your account may not write there"):
        save(str(tmp_path / "report"), b"")
