"""Killed anywhere, or without power: afterwards the machine is as it was or finished, never between.

The suite tries some moments of each act; GOMEDIC_FAULTS=200 in the environment tries that many, and `-rP` shows how
many of them came in time to kill.
"""

import contextlib
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from campus import ARCH, Signer, file_name, go_members, index, member, packed
from power_cuts import remains, replay, trace, traced

from gomedic.toolchain.staging import STAGING
from little_go import program

ONE, TWO = "go1.27.1-campus1", "go1.27.1-campus2"
MOMENTS = int(os.environ.get("GOMEDIC_FAULTS", "8"))
TIMES = MOMENTS if MOMENTS >= 100 else 3
FOLDER = ".local/share/gomedic/toolchains"
State = Mapping[str, str]


class Server:
    """The process that acts, and dies, for the tests."""

    WORDS = (sys.executable, str(Path(__file__).parent / "fault_server.py"))
    ENV: ClassVar[dict[str, str]] = {
        **os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
    }  # fmt: skip

    def __init__(self, scratch: Path, *before: str, **env: str) -> None:
        """Start it, by the words `before` where there are any."""
        self.scratch = scratch
        env = {**self.ENV, "TMPDIR": str(scratch), **env}
        self._process = subprocess.Popen(
            (*before, *self.WORDS), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )
        assert self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def do(self, home: Path, act: str, when: int | str = 0) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{home}\t{act}\t{when}\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("tmp"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory, signer: Signer, server: Server) -> dict[str, Path]:
    """An account's home before each act: new, with one release, and with two, the second in use."""
    base = tmp_path_factory.mktemp("homes")
    served = base / "served"
    served.mkdir()
    rows: list[Any] = []
    little = member("go/bin/go", program(tmp_path_factory.mktemp("go"), ARCH), mode=0o755)
    for version in (ONE, TWO):
        data = packed([little if it[0].name == "go/bin/go" else it for it in go_members(version)])
        (served / file_name(version)).write_bytes(data)
        (served / f"{file_name(version)}.asc").write_bytes(signer.sign(data))
        rows += json.loads(index({file_name(version): data}, version))
    (served / "index.json").write_text(json.dumps(rows))
    (served / "campus.asc").write_bytes(signer.public)
    new = base / "new"
    (new / ".config/gomedic").mkdir(parents=True)
    (new / ".config/gomedic/config.toml").write_text(
        f'[[source]]\nname = "campus"\nurl = "file://{served}"\n'
        f'[[key]]\nfile = "{served}/campus.asc"\nsources = ["campus"]\nprefix = "go1.27.1-campus"\n'
    )
    (new / ".bashrc").write_text("export PATH=$HOME/old/bin:$PATH\n")
    (new / "old/bin").mkdir(parents=True)
    (new / "old/bin/go").write_text("the old Go")
    found = {"new": new}
    for name, before, act in (("one", "new", f"install:{ONE}"), ("two", "one", f"install:{TWO}")):
        found[name] = base / name
        shutil.copytree(found[before], found[name], symlinks=True)
        assert server.do(found[name], act).isdigit()
    return found


def state(home: Path) -> State:
    """Return all that a person could notice: files, links, but not what gomedic keeps for itself."""
    found: dict[str, str] = {}
    for path in sorted(home.rglob("*")):
        name = str(path.relative_to(home))
        if name.startswith((".local/state", ".cache", f"{FOLDER}/{STAGING}removed-")):
            continue
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
        elif name.startswith(FOLDER) and name.endswith(".json"):
            found[name] = "a record"  # says where the bytes came from: the second time from the cache
        elif path.is_file():
            found[name] = f"{path.stat().st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    return found


def works(home: Path) -> bool:
    """Whether what `go` is in a new terminal is a whole program: ours by the link, or the old one."""
    ours = home / FOLDER / "current/bin/go"
    named = "toolchains/current/bin" in (home / ".bashrc").read_text()
    return ours.is_file() if named and ours.parent.parent.is_symlink() else (home / "old/bin/go").is_file()


ACTS = [
    ("new", f"install:{ONE}"), ("one", f"install:{TWO}"), ("two", f"use:{ONE}"), ("two", f"remove:{TWO}"),
    ("two", f"remove:{ONE}"), ("two", "undo"),
]  # fmt: skip
TIMED = [
    ("new", f"try:{ONE}"), ("one", f"try:{TWO}"), ("two", f"use:{ONE}"), ("two", f"remove:{TWO}"),
    ("two", f"purge:{ONE}"), ("two", "undo"),
]  # fmt: skip


def as_it_was_or_done(server: Server, home: Path, before: State, after: State, when: object) -> None:
    """Judge what a kill left, as it is and after the next command, and after the one after that."""
    assert works(home), when
    for _ in range(2):
        assert server.do(home, "next").isdigit()
        assert state(home) in (before, after), (when, difference(state(home), before, after))
        assert works(home)


@pytest.mark.parametrize(("name", "act"), ACTS, ids=[f"{act} in {name}" for name, act in ACTS])
def test_killed_at_any_change_it_is_as_it_was_or_done(
    server: Server, homes: dict[str, Path], tmp_path: Path, name: str, act: str
) -> None:
    before, after, count = ends(server, homes[name], tmp_path, act)
    chosen = random.Random(7).sample(range(1, count + 1), min(MOMENTS, count))
    killed = 0
    for at in chosen:
        home = fresh(homes[name], tmp_path)
        killed += (said := server.do(home, act, at)) == "killed 9"
        assert said == "killed 9" or state(home) == after
        as_it_was_or_done(server, home, before, after, at)
    print(
        f"{act} in {name}: killed at {killed} of its {count} changes, {len(chosen) - killed} times too late"
    )
    assert killed >= len(chosen) * 3 // 4
    home = fresh(homes[name], tmp_path)  # and then the act succeeds
    server.do(home, act, chosen[0])
    if state(home) != after and server.do(home, "next") and state(home) == before:
        assert server.do(home, act).isdigit()
        assert state(home) == after


@pytest.mark.parametrize(("name", "act"), ACTS, ids=[f"{act} in {name}" for name, act in ACTS])
def test_killed_at_each_entry_of_the_journal_it_is_as_it_was_or_done(
    server: Server, homes: dict[str, Path], tmp_path: Path, name: str, act: str
) -> None:
    """Just before each entry, and just after it."""
    before, after, _ = ends(server, homes[name], tmp_path, act)
    entries = {int(number) for number in server.do(fresh(homes[name], tmp_path), act, "journal").split(",")}
    assert len(entries) >= 3
    moments = sorted(entries | {number + 1 for number in entries})
    killed = 0
    for at in moments if MOMENTS >= 100 else random.Random(7).sample(moments, 2):
        home = fresh(homes[name], tmp_path)
        killed += (said := server.do(home, act, at)) == "killed 9"
        assert said == "killed 9" or state(home) == after
        as_it_was_or_done(server, home, before, after, at)
    print(f"{act} in {name}: killed {killed} times around the {len(entries)} entries of its journal")
    assert killed


@pytest.mark.parametrize(("name", "act"), TIMED, ids=[f"{act} in {name}" for name, act in TIMED])
def test_killed_at_any_time_it_is_as_it_was_or_done(
    server: Server, homes: dict[str, Path], tmp_path: Path, name: str, act: str
) -> None:
    """By the clock, whatever it is at then, gpg and the smoke test included; later times count, too late ones do not."""
    times = []
    for _ in range(3):
        home = fresh(homes[name], tmp_path)
        before, begun = state(home), time.monotonic()
        assert server.do(home, act).isdigit()
        times.append(time.monotonic() - begun)
    after, longest = state(home), min(times)
    chance, killed, late = random.Random(), 0, 0
    while killed < TIMES:
        home = fresh(homes[name], tmp_path)
        seconds = chance.uniform(0, longest)
        if server.do(home, act, f"{seconds:.5f}s") == "killed 9":
            killed += 1
        else:
            late += 1
            assert late <= 10 * TIMES
            assert state(home) == after
        as_it_was_or_done(server, home, before, after, seconds)
    assert server.do(home, act).isdigit() or state(home) == after
    print(f"{act} in {name}: killed at {killed} moments of {longest:.3f} s, {late} times too late")
    assert [path.name for path in server.scratch.glob("gomedic-*")] == []


@pytest.mark.parametrize(("name", "act"), ACTS, ids=[f"{act} in {name}" for name, act in ACTS])
def test_what_a_power_cut_leaves_is_put_right_by_the_next_command(
    server: Server, homes: dict[str, Path], tmp_path: Path, name: str, act: str
) -> None:
    """Each state that the disk may be in is made again from what the run did, and then the next command comes."""
    if shutil.which("strace") is None:
        pytest.skip("no strace here, to see what a run does to files")
    before, after, _ = ends(server, homes[name], tmp_path, act)
    home, log = fresh(homes[name], tmp_path), tmp_path / "log"
    ended = trace(Server.WORDS, log, input=f"{home}\t{act}\t0\n", env=Server.ENV)
    if not ended.stdout.splitlines()[-1:] or not ended.stdout.splitlines()[-1].isdigit():
        pytest.skip(f"strace may not look here: {ended.stderr.strip()[-200:]}")
    assert state(home) == after
    calls = traced(log.read_text(errors="surrogateescape"), f"{home}/")
    fresh(homes[name], tmp_path)
    replay(calls, len(calls), contents=True)
    assert state(home) == after
    cuts = list(remains(calls))
    for count, contents in random.Random(7).sample(cuts, min(2 * MOMENTS, len(cuts))):
        fresh(homes[name], tmp_path)
        replay(calls, count, contents=contents)
        assert server.do(home, "next").isdigit(), (count, contents)
        assert state(home) in (before, after), (count, contents, difference(state(home), before, after))
        assert works(home)


def test_two_that_install_the_same_at_once_leave_one_whole(
    server: Server, homes: dict[str, Path], tmp_path: Path
) -> None:
    before, after, _ = ends(server, homes["new"], tmp_path, f"install:{ONE}")
    other = Server(server.scratch)
    try:
        for _ in range(3):
            home = fresh(homes["new"], tmp_path)
            with ThreadPoolExecutor() as pool:
                said = list(pool.map(lambda one: one.do(home, f"install:{ONE}"), (server, other)))  # noqa: B023
            assert any(answer.isdigit() for answer in said), said
            refused = [answer.partition(":")[0] for answer in said if not answer.isdigit()]
            assert set(refused) <= {"BusyError", "StaleError", "AlreadyInstalled"}, said
            assert server.do(home, "next").isdigit()
            assert state(home) == after != before
    finally:
        other.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "disk"
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(path)]
    if os.getuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("needs root, to mount a small file system")
    yield path
    subprocess.run(["umount", str(path)], check=True)


@pytest.mark.parametrize(("name", "act"), ACTS[2:], ids=[f"{act} in {name}" for name, act in ACTS[2:]])
def test_on_a_full_disk_it_is_refused_or_done(
    server: Server, homes: dict[str, Path], small_disk: Path, name: str, act: str
) -> None:
    """With no room, and with room for some of what the journal needs; what is freed later changes nothing."""
    before, after, _ = ends(server, homes[name], small_disk, act)
    for free in (0, 4, 8, 16, 32) if MOMENTS >= 100 else (0, 8):
        home, filling = fresh(homes[name], small_disk), small_disk / "filling"
        fill(filling, free << 10)
        said = server.do(home, act)
        assert state(home) == (after if said.isdigit() else before), said
        filling.unlink()
        assert server.do(home, "next").isdigit()
        assert state(home) == (after if said.isdigit() else before), said
        assert works(home)


@pytest.mark.parametrize(("name", "act"), ACTS, ids=[f"{act} in {name}" for name, act in ACTS])
def test_on_a_disk_that_became_read_only_it_is_refused(
    server: Server, homes: dict[str, Path], small_disk: Path, name: str, act: str
) -> None:
    home = fresh(homes[name], small_disk)
    before = state(home)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    said = server.do(home, act)
    assert said.partition(":")[0] in ("RepairError", "CannotWrite"), said
    assert state(home) == before
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert server.do(home, act).isdigit()
    assert state(home) != before


def fill(path: Path, free: int) -> None:
    """Make a file that leaves so many bytes of its file system."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    with path.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 12))
    os.truncate(path, path.stat().st_size - free)


@pytest.mark.parametrize("year", ["1999", "2041"])
def test_a_clock_that_was_years_away_does_not_turn_the_order_round(
    server: Server, homes: dict[str, Path], tmp_path: Path, year: str
) -> None:
    """The first release was installed with such a clock: undo still takes back what was done last."""
    home = fresh(homes["one"], tmp_path)
    (receipt,) = (home / ".local/state/gomedic/receipts").iterdir()
    receipt.rename(receipt.with_name(year + receipt.name[4:]))
    before = state(home)
    assert server.do(home, f"install:{TWO}").isdigit()
    assert state(home) != before
    assert server.do(home, "undo").isdigit()
    assert state(home) == before


# The whole program sees the clock that is said in seconds from now; gpg, which gets no such environment, is told by a word.
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *found) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int ended = real(id, found);
    if (id == CLOCK_REALTIME) found->tv_sec += atol(getenv("FAULT_CLOCK"));
    return ended;
}
time_t time(time_t *found) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (found) *found = now.tv_sec;
    return now.tv_sec;
}
int gettimeofday(struct timeval *found, void *zone) {
    found->tv_sec = time(NULL);
    return found->tv_usec = 0;
}
"""


@pytest.fixture
def at_year(tmp_path: Path, server: Server) -> Iterator[Callable[[int], Server]]:
    """Return a function that gives a server whose clock is in another year."""
    if shutil.which("gcc") is None or os.getuid():
        pytest.skip("needs gcc, to make a clock with, and root, to put it before gpg")
    source, library = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(CLOCK)
    subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", library, source, "-ldl"], check=True)
    started: list[Server] = []

    def start(year: int) -> Server:
        folder = tmp_path / f"bin-{year}"
        folder.mkdir()
        gpg, real = str(shutil.which("gpg")), folder / "real-gpg"
        shutil.copy(gpg, real)
        (folder / "gpg").write_text(f'#!/bin/sh\nexec {real} --faked-system-time {year}0102T000000 "$@"\n')
        (folder / "gpg").chmod(0o755)
        before = ("unshare", "-m", "sh", "-c", f'mount --bind {folder}/gpg {gpg} && exec "$@"', "sh")
        seconds = (year - datetime.now(UTC).year) * 365 * 86400
        started.append(Server(server.scratch, *before, FAULT_CLOCK=str(seconds), LD_PRELOAD=str(library)))
        return started[-1]

    yield start
    for each in started:
        each.close()


def test_with_a_clock_in_the_past_nothing_is_installed_and_all_else_works(
    homes: dict[str, Path], tmp_path: Path, at_year: Callable[[int], Server]
) -> None:
    past = at_year(1999)
    home = fresh(homes["new"], tmp_path)
    before = state(home)
    said = past.do(home, f"install:{ONE}")
    assert said.startswith("ClockWrong: This machine's clock says 1999-"), said
    assert state(home) == before
    changed_and_taken_back(past, fresh(homes["two"], tmp_path))


def test_with_a_clock_in_the_future_all_works(
    homes: dict[str, Path], tmp_path: Path, at_year: Callable[[int], Server]
) -> None:
    """And once it is right again, what was done then is still what comes back first."""
    future = at_year(2041)
    home = fresh(homes["new"], tmp_path)
    assert future.do(home, f"install:{ONE}").isdigit()
    (receipt,) = (home / ".local/state/gomedic/receipts").iterdir()
    assert receipt.name.startswith("2041")
    changed_and_taken_back(future, fresh(homes["two"], tmp_path))


def changed_and_taken_back(server: Server, home: Path) -> None:
    for act in (f"use:{ONE}", f"remove:{TWO}"):
        before = state(home)
        assert server.do(home, act).isdigit()
        after = state(home)
        assert after != before
        assert server.do(home, "undo").isdigit()
        assert state(home) == before
        assert server.do(home, act).isdigit()
        assert state(home) == after


def ends(server: Server, template: Path, folder: Path, act: str) -> tuple[State, State, int]:
    """Return what the home is like before and after the act, and how many moments that has."""
    home = fresh(template, folder)
    before, answer = state(home), server.do(home, act)
    assert answer.isdigit(), answer
    assert state(home) != before
    return before, state(home), int(answer)


def fresh(template: Path, folder: Path) -> Path:
    """Return a copy of a home, always of the same name, for receipts name paths."""
    home = folder / template.name
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(template, home, symlinks=True)
    for receipt in (home / ".local/state/gomedic/receipts").glob("*/receipt.json"):
        receipt.write_text(receipt.read_text().replace(f'"{template}', f'"{home}'))
    rc = home / ".bashrc"
    rc.write_text(rc.read_text().replace(str(template), str(home)))
    return home


def difference(found: State, before: State, after: State) -> Any:
    return {
        name: (found.get(name), before.get(name), after.get(name))
        for name in {*found, *before, *after}
        if found.get(name) not in (before.get(name), after.get(name)) or before.get(name) != after.get(name)
    }
