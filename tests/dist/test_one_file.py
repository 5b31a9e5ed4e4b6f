"""The self-contained executable unpacks what it carries once, knows it again, and leaves nothing half done."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from loading import script

one_file = script("packaging/dist/pack_one_file.py")
Run = Callable[..., "subprocess.CompletedProcess[str]"]
PROGRAM = """#!/bin/sh
echo "$GOMEDIC_PERSON_"
"""
SIZE = 8_000_000


@pytest.fixture(scope="module")
def launcher(one_files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of a self-contained executable that `make dist` made, without its bundle."""
    if not one_files or not shutil.which("zstd"):
        pytest.skip("needs zstd, and a self-contained executable that `make dist` made")
    bytes_ = one_files[0].read_bytes()
    size = one_file.FOOTER.unpack(bytes_[-one_file.FOOTER.size :])[1]
    path = tmp_path_factory.mktemp("launcher") / "launcher"
    path.write_bytes(bytes_[:size])
    path.chmod(0o755)
    return path


def made(launcher: Path, place: Path, version: str = "1", program: str = PROGRAM) -> Path:
    """Return a self-contained executable in `place`; its bundle is a shell script and some data."""
    contents = place / f"contents-{version}"
    (contents / "lib" / "空 x").mkdir(parents=True)
    (contents / "lib" / "gomedic").write_text(program)
    (contents / "lib" / "gomedic").chmod(0o755)
    (contents / "lib" / "空 x" / "data").write_bytes(b"\0" * SIZE)
    (contents / "lib" / "link").symlink_to("空 x/data")
    one_file.pack(launcher, contents, place / f"gomedic-{version}", version, ("-1",))
    shutil.rmtree(contents)
    return place / f"gomedic-{version}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the executable lies."""
    folder = tmp_path / "own 文件夹"
    folder.mkdir()
    return folder


@pytest.fixture
def program(launcher: Path, place: Path) -> Path:
    return made(launcher, place)


@pytest.fixture
def start(run: Run) -> Callable[..., Path]:
    """Return a function that starts an executable and returns where its bundle lies."""

    def start(program: Path, **more: str) -> Path:
        done = run(program, **more)
        assert (done.returncode, done.stderr) == (0, ""), done
        lock, executable = done.stdout.rstrip("\n").split(" ", 1)
        assert (int(lock) > 2, executable) == (True, str(program))
        (kept,) = kept_in(program.parent)
        return kept

    return start


def kept_in(folder: Path) -> list[Path]:
    return sorted(folder.glob(".gomedic-*")) if folder.is_dir() else []


def state(kept: Path) -> dict[str, tuple[int, int]]:
    """Return the inode and time of change of every file."""
    return {str(p): (p.lstat().st_ino, p.lstat().st_ctime_ns) for p in kept.rglob("*")}


def test_it_unpacks_beside_itself_once(program, start):
    kept = start(program)
    assert (kept / "lib" / "link").read_bytes() == b"\0" * SIZE
    assert {p.name for p in kept.rglob("*")} == {"lib", "gomedic", "空 x", "data", "link", ".complete"}
    before = state(kept)
    assert start(program) == kept
    assert state(kept) == before


@pytest.mark.parametrize("what", ["changed", "removed", "added", "no stamp", "other mode"])
def test_what_was_changed_is_unpacked_again(program, start, what):
    kept = start(program)
    data = kept / "lib" / "空 x" / "data"
    if what == "changed":
        data.write_bytes(b"\1" + b"\0" * (SIZE - 1))
    elif what == "removed":
        data.unlink()
    elif what == "added":
        (kept / "lib" / "sitecustomize.py").write_text("")
    elif what == "other mode":
        data.chmod(0o666)
    else:
        (kept / ".complete").unlink()
        data.write_bytes(b"")
    assert start(program) == kept
    assert data.read_bytes() == b"\0" * SIZE
    assert data.stat().st_mode & 0o777 == 0o644
    assert not (kept / "lib" / "sitecustomize.py").exists()


def test_what_only_looks_changed_is_compared_and_kept(program, start):
    kept = start(program)
    data = kept / "lib" / "空 x" / "data"
    os.utime(data)
    inode = data.stat().st_ino
    assert start(program) == kept
    assert data.stat().st_ino == inode
    assert (kept / ".complete").read_text().startswith("sound\n")
    before = state(kept)
    start(program)
    assert state(kept) == before


def test_after_the_machine_was_started_again_it_is_compared(program, start):
    kept = start(program)
    stamp = kept / ".complete"
    stamp.write_text(f"another-boot\n{program}\n")
    start(program)
    assert stamp.read_text() == f"sound\n{program}\n"


def test_first_starts_at_once_are_safe(program, place, run, person):
    started = [
        subprocess.Popen([program], env=person, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(8)
    ]
    ended = [(*process.communicate(timeout=60), process.returncode) for process in started]
    assert {(err, code) for _out, err, code in ended} == {(b"", 0)}
    assert len(kept_in(place)) == 1


def test_what_an_interrupted_start_left_is_removed(program, place, start, person):
    interrupted = 0
    for _ in range(20):
        process = subprocess.Popen([program], env=person, stdout=subprocess.DEVNULL)
        while process.poll() is None and not any(p.name.count(".new-") for p in kept_in(place)):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        interrupted += any(p.name.count(".new-") for p in kept_in(place))
        if interrupted:
            break
    assert interrupted
    kept = start(program)
    assert (kept / "lib" / "空 x" / "data").stat().st_size == SIZE


def test_other_versions_go_when_nobody_uses_them(launcher, program, place, run):
    first = kept_after(run, program)
    second = made(launcher, place, "2")
    run(second)
    assert set(kept_in(place)) > first  # its executable is still there
    program.unlink()
    third = made(launcher, place, "3")
    run(third)
    assert not first & set(kept_in(place))
    assert len(kept_in(place)) == 2


def test_a_version_that_runs_stays(launcher, place, run, person):
    old = made(launcher, place, "1", "#!/bin/sh\necho ready\nread line\n")
    with subprocess.Popen([old], env=person, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        kept = set(kept_in(place))
        old.unlink()
        run(made(launcher, place, "2"))
        assert kept < set(kept_in(place))
    kept_in_the_end = kept_after(run, made(launcher, place, "3"))
    assert not kept & kept_in_the_end


def kept_after(run: Run, program: Path) -> set[Path]:
    assert run(program).returncode == 0
    return set(kept_in(program.parent))


def test_damage_is_said(program, place, run):
    data = bytearray(program.read_bytes())
    data[-one_file.FOOTER.size - 40] ^= 255
    program.write_bytes(data)
    done = run(program)
    assert (done.returncode, done.stdout) == (3, "")
    assert "this file is damaged" in done.stderr
    assert kept_in(place) == []


# ------------------------------------------------------------------ places


@pytest.fixture
def mounted(run: Run, place: Path, home: Path) -> Run:
    """Return a function that starts a program where mounts are made by shell commands, $OWN and $HOME among their words."""
    if os.geteuid() != 0:
        pytest.skip("needs root, for mounts")

    def start(
        mounts: str, *words: Path | str, uid: int = 0, **more: str
    ) -> "subprocess.CompletedProcess[str]":
        become = f"setpriv --reuid={uid} --regid={uid} --clear-groups" if uid else ""
        shell = f'set -e; {mounts}\nexec {become} "$@"'
        return run(
            shutil.which("unshare"),
            "--mount",
            "sh",
            "-c",
            shell,
            "sh",
            *map(str, words),
            OWN=str(place),
            **more,
        )

    return start


READ_ONLY = 'mount --bind "$OWN" "$OWN"; mount -o remount,bind,ro "$OWN";'
HOME_READ_ONLY = 'mount --bind "$HOME" "$HOME"; mount -o remount,bind,ro "$HOME";'
# The home is one file system, and the cache folder another.
HOME_NOEXEC = 'mount -t tmpfs -o noexec,mode=700 tmpfs "$HOME";'
CACHE_SMALL = 'mkdir "$HOME/.cache"; mount -t tmpfs -o size=3m,mode=700 tmpfs "$HOME/.cache";'


def test_from_a_read_only_folder_it_unpacks_into_the_cache(program, home, mounted):
    done = mounted(READ_ONLY, program)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(kept_in(home / ".cache" / "gomedic")) == 1
    assert (home / ".cache" / "gomedic").stat().st_mode & 0o777 == 0o700


def test_the_cache_may_lie_elsewhere(program, tmp_path, mounted):
    done = mounted(READ_ONLY, program, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(kept_in(tmp_path / "cache" / "gomedic")) == 1


def test_where_there_is_no_room_is_no_place(program, home, mounted):
    done = mounted(READ_ONLY + CACHE_SMALL, program)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(kept_in(home)) == 1


def test_a_place_that_is_there_already_is_used_before_another_is_made(program, place, home, mounted):
    mounted(READ_ONLY, program)
    done = mounted("", program)
    assert (done.returncode, done.stderr) == (0, "")
    assert kept_in(place) == []


@pytest.mark.parametrize(("language", "said"), [("C.UTF-8", "found no folder"), ("zh_CN.UTF-8", "找不到")])
@pytest.mark.parametrize(
    ("mounts", "reason"),
    [
        (READ_ONLY + HOME_NOEXEC, "programs may not run there"),
        (READ_ONLY + HOME_READ_ONLY, "Read-only file system"),
    ],
    ids=["noexec", "read-only"],
)
def test_where_there_is_no_place_it_says_so(program, place, home, mounted, mounts, reason, language, said):
    done = mounted(mounts, program, LANG=language)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    for words in (said, str(place), f"{home / '.cache' / 'gomedic'} (", f"{home} ({reason})", ".tar.xz"):
        assert words in done.stderr
    assert kept_in(home) == []


def test_nothing_is_left_where_programs_may_not_run(program, mounted, home):
    listing = ["sh", "-c", '"$1"; find "$HOME"', "sh", program]
    done = mounted(READ_ONLY + HOME_NOEXEC, *listing)
    assert set(done.stdout.split("\n")) - {""} == {
        str(home / name) for name in ("", ".cache", ".cache/gomedic")
    }


def test_root_believes_no_folder_that_somebody_else_may_change(program, place, home, mounted):
    place.chmod(0o777)
    done = mounted("", program)
    assert (done.returncode, done.stderr) == (0, "")
    assert kept_in(place) == []
    assert len(kept_in(home / ".cache" / "gomedic")) == 1


def test_what_somebody_else_unpacked_is_not_started(program, place, start, home, mounted):
    kept = start(program)
    (kept / "lib" / "gomedic").write_text("#!/bin/sh\necho theirs\n")
    for path in (kept, *kept.rglob("*")):
        os.chown(path, 1000, 1000, follow_symlinks=False)
    place.chmod(0o1777)
    done = mounted("", program)
    assert (done.returncode, done.stderr) == (0, "")
    assert "theirs" not in done.stdout


def test_others_use_what_root_unpacked(program, mounted):
    prepare = (
        'mount -t tmpfs -o mode=755 tmpfs /opt; cp "$PROGRAM" /opt/gomedic; /opt/gomedic >/dev/null; '
        "mkdir -m 700 /opt/home; chown 1000:1000 /opt/home;"
    )
    look = ["sh", "-c", '/opt/gomedic && ls -A /opt "$HOME"']
    done = mounted(prepare, *look, uid=1000, HOME="/opt/home", PROGRAM=str(program))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(".gomedic-") == 1
    assert ".cache" not in done.stdout


def test_the_lock_and_the_executable_reach_the_bundle_and_nobody_else(launcher, place, run):
    program = made(launcher, place, program='#!/bin/sh\nls -l /proc/self/fd; echo "$GOMEDIC_PERSON_"\n')
    done = run(program)
    lock = done.stdout.splitlines()[-1].split(" ", 1)[0]
    assert f" {lock} -> {kept_in(place)[0]}" in done.stdout
