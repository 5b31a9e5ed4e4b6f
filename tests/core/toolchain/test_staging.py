"""What a kill leaves beside the target is swept, unless somebody holds or needs it; a power cut leaves nothing half."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from campus import VERSION, Campus, Signer, serve
from pytest_httpserver import HTTPServer

from gomedic import journal, repair
from gomedic.host import Host
from gomedic.model import Fix, Move, Receipt, Step
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain import staging
from gomedic.toolchain.install import Staged, discard, install, steps_to_place, toolchains_folder
from gomedic.toolchain.tree import tree

# Stages a toolchain, and with "apply" begins the repair that places it; says where it lies, then waits to be killed.
INSTALLING = """
import os, sys
from gomedic import repair
from gomedic.host import Host
from gomedic.model import Account, Fix
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain.install import install, steps_to_place
home, version, act = sys.argv[1:]
nobody = "http://127.0.0.1:9"
host = Host({"HOME": home, "PATH": "/usr/bin:/bin", "http_proxy": nobody, "https_proxy": nobody}, home,
    Account("gus", os.getuid(), os.getgid(), home, "/bin/sh", home))
*_, staged = install(host, read_settings(host), version, try_it=False)
values = repair.apply(host, "x@y", Fix("f", Message("F")), steps_to_place(staged))
if act == "apply":
    next(values)
print(staged.staged_path, flush=True)
sys.stdin.read()
"""
NAME = f"{staging.STAGING}0123456789abcdef"


def staged(host: Host) -> Staged:
    *_, last = install(host, read_settings(host), VERSION, try_it=False)
    assert isinstance(last, Staged)
    return last


@contextlib.contextmanager
def started(host: Host, act: str = "stage") -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Start another process that stages a toolchain; give it, and where the toolchain lies."""
    argv = [sys.executable, "-c", INSTALLING, host.home, VERSION, act]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    assert process.wait() == -signal.SIGKILL


def test_what_a_killed_installation_left_is_swept_by_the_next(campus: Campus) -> None:
    with started(campus.host) as (process, left):
        kill(process)
    assert tree(str(left)).whole
    left.with_name(f"{left.name}-scratch").mkdir()
    discard(staged(campus.host).staged_path)
    assert [path.name for path in left.parent.iterdir() if staging.STAGING in path.name] == []


def test_what_a_process_holds_stays(campus: Campus) -> None:
    with started(campus.host) as (_process, theirs):
        scratch = theirs.with_name(f"{theirs.name}-scratch")
        scratch.mkdir()
        mine = staged(campus.host)
        again = staged(campus.host)
        assert tree(str(theirs)).whole
        assert scratch.is_dir()
        assert tree(mine.staged_path).whole
    for one in (mine, again):
        discard(one.staged_path)


def test_one_that_is_just_made_is_made_again_where_another_swept_it(tmp_path: Path) -> None:
    """Between its making and its holding nothing shows whose it is."""

    def some() -> None:
        for _ in range(60):
            with staging.passing(str(tmp_path), "gomedic-x-") as folder:
                Path(folder, "file").touch()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(some) for _ in range(4)]:
            future.result()
    assert list(tmp_path.glob("gomedic-x-*")) == []


def test_what_is_swept_lies_where_toolchains_are_staged(campus: Campus) -> None:
    """The folders down to the target were made by a fix, and taken back with it, between the kill and now."""
    below, above = Path(toolchains_folder(campus.host)), Path(campus.host.home)
    below.mkdir(parents=True)
    for folder in (below, above):
        (folder / NAME / "src").mkdir(parents=True)
    staging.sweep(campus.host, str(below))
    assert [folder for folder in (below, above) if (folder / NAME).exists()] == []


@pytest.mark.parametrize("name", [
    f"{staging.STAGING}broken-0123456789abcdef", f"{staging.STAGING}removed-go1.27.1-01234567",
])  # fmt: skip
def test_what_was_moved_aside_stays_as_long_as_a_fix_may_bring_it_back(campus: Campus, name: str) -> None:
    folder, host = Path(toolchains_folder(campus.host)), campus.host
    (folder / "go1.27.1").mkdir(parents=True)
    *_, receipt = apply(host, (Move(source=str(folder / "go1.27.1"), target=str(folder / name)),))
    assert isinstance(receipt, Receipt)
    staging.sweep(host, str(folder))
    assert (folder / name).is_dir()
    journal.remove(host.state_folder, receipt.id)
    staging.sweep(host, str(folder))
    assert not (folder / name).exists()


@pytest.mark.parametrize("name", [f"{staging.STAGING}mine", "go1.27.1", f"x{NAME}"])
def test_what_is_no_staging_folder_stays(campus: Campus, name: str) -> None:
    folder = Path(toolchains_folder(campus.host), name)
    folder.mkdir(parents=True)
    staging.sweep(campus.host, str(folder.parent))
    assert folder.is_dir()


def test_a_link_is_not_followed(campus: Campus, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (kept / "inside").mkdir(parents=True)
    Path(campus.host.home, NAME).symlink_to(kept)
    staging.sweep(campus.host, campus.host.home)
    assert (kept / "inside").is_dir()


def apply(host: Host, steps: tuple[Step, ...]) -> Iterator[object]:
    return repair.apply(host, "x@y", Fix("f", Message("F")), steps)


def test_what_an_interrupted_repair_still_needs_stays_until_it_is_taken_back(campus: Campus) -> None:
    """Killed between the receipt and the move, the next repair must find the folder or say that it is lost."""
    host = campus.host
    with started(host, "apply") as (process, left):
        kill(process)
    staging.sweep(host, toolchains_folder(host))
    assert tree(str(left)).whole
    list(repair.roll_back_interrupted(host))
    staging.sweep(host, toolchains_folder(host))
    assert not left.exists()


# ------------------------------------------------------------------ a power cut


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount an ext4 file system of its own from an image; a copy of that image is what a power cut leaves."""
    if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("needs root and mkfs.ext4, for a disk whose power can be cut")
    mounted: list[Path] = []

    def mount(image: str) -> Path:
        folder = tmp_path / f"{image}-mounted"
        folder.mkdir()
        argv = ["mount", "-o", "loop,commit=300", str(tmp_path / image), str(folder)]
        ended = subprocess.run(argv, capture_output=True, text=True, check=False)
        if ended.returncode:
            pytest.skip(f"no disk can be mounted from an image here: {ended.stderr.strip()}")
        mounted.append(folder)
        return folder

    with (tmp_path / "disk").open("wb") as file:
        file.truncate(64 << 20)
    subprocess.run(["mkfs.ext4", "-q", str(tmp_path / "disk")], check=True)
    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_power_cut_after_it_was_placed_leaves_it_whole(
    disk: Callable[[str], Path],
    httpserver: HTTPServer,
    host: Callable[..., Host],
    signer: Signer,
    archive: bytes,
    tmp_path: Path,
) -> None:
    data = disk("disk")
    for campus in serve(httpserver, host(XDG_DATA_HOME=str(data)), signer):
        campus.publish(archive)
        one = staged(campus.host)
        list(apply(campus.host, steps_to_place(one)))
        shutil.copyfile(tmp_path / "disk", tmp_path / "after")
        after = disk("after") / Path(one.target_path).relative_to(data)
        files = [
            path.relative_to(one.target_path) for path in Path(one.target_path).rglob("*") if path.is_file()
        ]
        assert [str(name) for name in files if not same(Path(one.target_path), after, name)] == []
        discard(one.staged_path)


def same(one: Path, other: Path, name: Path) -> bool:
    return (other / name).is_file() and (one / name).read_bytes() == (other / name).read_bytes()
