"""The bundle for containers examines and reports in a course's sandbox (box says what that is)."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

import schema
from loading import ROOT

Box = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def in_box(dist: Path) -> Box:
    """Return a function that runs the bundle for containers in the sandbox."""
    bundle = dist / "gomedic-headless"
    if not os.access(bundle / "gomedic", os.X_OK):
        pytest.skip(f"there is no {bundle}: make it with `make dist`")

    def start(*words: str, folder: Path = bundle) -> "subprocess.CompletedProcess[str]":
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        argv = [str(ROOT / "tests" / "dist" / "box"), str(folder), *words]
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode == 77:
            pytest.skip(done.stderr.strip())
        return done

    return start


def test_it_examines(in_box: Box) -> None:
    done = in_box("check", "--json")
    report = msgspec.json.decode(done.stdout, type=schema.Report)
    assert (done.returncode in (0, 1), report.examined.home) == (True, "/home/student"), done.stderr
    assert {session.state for session in report.sessions} == {"ok"}
    assert {check.state for check in report.checks} <= {"passed", "found", "skipped"}, report.checks


@pytest.mark.parametrize("form", ["--text", "--html", "--json"])
def test_it_reports(in_box: Box, form: str) -> None:
    done = in_box("report", form)
    assert (done.returncode, "terminal" in done.stdout) == (0, True), done.stderr


def test_the_one_file_says_that_nothing_can_be_unpacked_there(
    in_box: Box, one_files: list[Path], tmp_path: Path
) -> None:
    if not one_files:
        pytest.skip("needs a self-contained executable that `make dist` made")
    shutil.copy(one_files[-1], tmp_path / "gomedic")
    tmp_path.chmod(0o755)  # the box is another account's
    done = in_box("check", folder=tmp_path)
    said = done.stderr.splitlines()[0]
    assert (done.returncode, done.stdout) == (3, "")
    assert "/home/student/.cache/gomedic (Read-only file system)" in said
    assert "take the folder bundle (.tar.xz) instead" in said


def test_it_is_content_with_a_quarter_of_the_memory(in_box: Box) -> None:
    done = in_box("check")
    peaks = [line.split(": ") for line in done.stderr.splitlines() if line.startswith("box: memory.")]
    assert peaks, done.stderr
    assert int(peaks[0][2]) < 128 << 20
