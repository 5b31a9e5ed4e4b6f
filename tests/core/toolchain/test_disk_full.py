"""A really full disk, or a quota used up, at each stage: refused in one sentence, and the space given back."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from campus import VERSION, Campus, Signer, go_members, member, packed, serve
from pytest_httpserver import HTTPServer

from gomedic import repair
from gomedic.host import Host
from gomedic.model import Fix
from gomedic.problems import RepairError
from gomedic.settings import read_settings
from gomedic.texts import Message
from gomedic.toolchain import errors
from gomedic.toolchain.install import Staged, discard, install, steps_to_place
from gomedic.toolchain.tree import tree

MB = 1 << 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[[str, int], Path]]:
    """Return a function that gives a new file system of so many bytes."""
    made: list[Path] = []

    def mount(name: str, size: int) -> Path:
        path = tmp_path / name
        path.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
        if os.getuid() or subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("needs root, to mount a small file system")
        made.append(path)
        return path

    yield mount
    for path in made:
        subprocess.run(["umount", str(path)], check=True)


@pytest.fixture(scope="module")
def quotas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system that keeps quotas: btrfs has its own in every kernel that has btrfs."""
    folder = tmp_path_factory.mktemp("quotas")
    image, path = folder / "image", folder / "mounted"
    path.mkdir()
    with image.open("wb") as file:
        file.truncate(128 * MB)
    if os.getuid() or any(shutil.which(name) is None for name in ("mkfs.btrfs", "btrfs")):
        pytest.skip("needs root and btrfs-progs, to make a file system with quotas")
    subprocess.run(["mkfs.btrfs", "-q", str(image)], check=True, capture_output=True)
    if subprocess.run(
        ["mount", "-o", "loop", str(image), str(path)], check=False, capture_output=True
    ).returncode:
        pytest.skip("no btrfs can be mounted here")
    subprocess.run(["btrfs", "quota", "enable", str(path)], check=True)
    yield path
    subprocess.run(["umount", str(path)], check=True)


@pytest.fixture
def share(quotas: Path) -> Iterator[Callable[[str, int], Path]]:
    """Return a function that gives a folder in which at most so many bytes may lie."""
    made: list[Path] = []

    def limited(name: str, size: int) -> Path:
        path = quotas / name
        subprocess.run(
            ["btrfs", "-q", "subvolume", "create", str(path)], check=True, stdout=subprocess.DEVNULL
        )
        made.append(path)
        subprocess.run(["btrfs", "qgroup", "limit", str(size), str(path)], check=True)
        return path

    yield limited
    for path in made:
        subprocess.run(
            ["btrfs", "-q", "subvolume", "delete", "-c", str(path)], check=True, stdout=subprocess.DEVNULL
        )


@pytest.fixture
def large() -> bytes:
    """An archive of 4 MB that unpacks to 24."""
    return packed(
        [*go_members(), member("go/src/random", os.urandom(4 * MB)), member("go/src/zeros", bytes(20 * MB))]
    )


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if not path.is_dir()]


def test_while_fetching(
    small: Callable[[str, int], Path],
    httpserver: HTTPServer,
    host: Callable[..., Host],
    signer: Signer,
    large: bytes,
) -> None:
    cache = small("cache", 2 * MB)
    for campus in serve(httpserver, host(XDG_CACHE_HOME=str(cache)), signer):
        campus.publish(large)
        said = refused(campus)
        assert said.startswith(
            f"There is not enough space in {cache}/gomedic/downloads (No space left on device); "
        )
        assert "Nothing was installed." in said
        assert list(cache.iterdir()) == []


def test_while_unpacking(
    small: Callable[[str, int], Path],
    httpserver: HTTPServer,
    host: Callable[..., Host],
    signer: Signer,
    large: bytes,
) -> None:
    data = small("data", 10 * MB)
    for campus in serve(httpserver, host(XDG_DATA_HOME=str(data)), signer):
        campus.publish(large)
        said = refused(campus)
        assert said.startswith(f"There is not enough space in {data}")
        assert "No space left on device" in said
        assert list(data.iterdir()) == []
        assert len(files_in(Path(campus.host.cache_folder))) == 1  # the verified archive: no second fetch


def test_a_quota_that_is_used_up_while_fetching(
    share: Callable[[str, int], Path],
    httpserver: HTTPServer,
    host: Callable[..., Host],
    signer: Signer,
    large: bytes,
) -> None:
    cache = share("cache", 2 * MB)
    for campus in serve(httpserver, host(XDG_CACHE_HOME=str(cache)), signer):
        campus.publish(large)
        assert refused(campus).startswith(
            f"There is not enough space in {cache}/gomedic/downloads (Disk quota exceeded); "
        )
        assert list(cache.iterdir()) == []


def test_a_quota_that_is_used_up_while_unpacking(
    share: Callable[[str, int], Path],
    httpserver: HTTPServer,
    host: Callable[..., Host],
    signer: Signer,
    large: bytes,
) -> None:
    data = share("data", 10 * MB)
    for campus in serve(httpserver, host(XDG_DATA_HOME=str(data)), signer):
        campus.publish(large)
        said = refused(campus)
        assert said.startswith(f"There is not enough space in {data}")
        assert "Disk quota exceeded" in said
        assert list(data.iterdir()) == []


@pytest.mark.parametrize("size", range(100, 3000, 700))
def test_however_small_the_quota_is(
    share: Callable[[str, int], Path],
    httpserver: HTTPServer,
    host: Callable[..., Host],
    signer: Signer,
    archive: bytes,
    size: int,
) -> None:
    data = share(f"data-{size}", size << 10)
    as_it_was_or_whole(data, httpserver, host, signer, archive)


@pytest.mark.parametrize("inodes", [5])
def test_without_inodes(
    small: Callable[[str, int], Path],
    httpserver: HTTPServer,
    host: Callable[..., Host],
    signer: Signer,
    archive: bytes,
    inodes: int,
) -> None:
    data = small("data", 64 * MB)
    subprocess.run(["mount", "-o", f"remount,nr_inodes={inodes}", str(data)], check=True)
    for campus in serve(httpserver, host(XDG_DATA_HOME=str(data)), signer):
        campus.publish(archive)
        assert "There is not enough space in" in refused(campus)
        assert list(data.iterdir()) == []


def test_on_a_read_only_file_system(
    small: Callable[[str, int], Path],
    httpserver: HTTPServer,
    host: Callable[..., Host],
    signer: Signer,
    archive: bytes,
) -> None:
    data = small("data", 64 * MB)
    subprocess.run(["mount", "-o", "remount,ro", str(data)], check=True)
    for campus in serve(httpserver, host(XDG_DATA_HOME=str(data)), signer):
        campus.publish(archive)
        with pytest.raises(errors.CannotWrite, match="Read-only file system"):
            list(install(campus.host, read_settings(campus.host), VERSION, try_it=False))
        assert list(data.iterdir()) == []


@pytest.mark.parametrize("size", range(100, 3000, 400))
def test_however_little_room_there_is(
    small: Callable[[str, int], Path],
    httpserver: HTTPServer,
    host: Callable[..., Host],
    signer: Signer,
    archive: bytes,
    size: int,
) -> None:
    """Whatever stage it is that finds no room, nothing stays behind there; where all finds room, it is whole."""
    as_it_was_or_whole(small("data", size << 10), httpserver, host, signer, archive)


def as_it_was_or_whole(
    data: Path, httpserver: HTTPServer, host: Callable[..., Host], signer: Signer, archive: bytes
) -> None:
    """Install into a folder with little room for toolchains and journal, and see what is there then."""
    for campus in serve(httpserver, host(XDG_DATA_HOME=str(data), XDG_STATE_HOME=f"{data}/state"), signer):
        campus.publish(archive)
        try:
            *_, ready = install(campus.host, read_settings(campus.host), VERSION, try_it=False)
            assert isinstance(ready, Staged)
            try:
                list(repair.apply(campus.host, "x@y", Fix("f", Message("F")), steps_to_place(ready)))
            finally:
                discard(ready.staged_path)
        except (errors.DiskFull, errors.CannotWrite, RepairError):
            left = [path for path in files_in(data) if path != "lock"]
            assert left == []
        else:
            assert tree(ready.target_path).whole


def refused(campus: Campus) -> str:
    with pytest.raises(errors.DiskFull) as caught:
        list(install(campus.host, read_settings(campus.host), VERSION, try_it=False))
    return str(caught.value.message)


def test_a_home_that_cannot_be_written(campus: Campus) -> None:
    if os.getuid() == 0:
        pytest.skip("root can write everywhere")
    os.chmod(campus.host.home, 0o500)
    try:
        with pytest.raises(errors.CannotWrite, match="cannot be written"):
            list(install(campus.host, read_settings(campus.host), VERSION, try_it=False))
    finally:
        os.chmod(campus.host.home, 0o700)
