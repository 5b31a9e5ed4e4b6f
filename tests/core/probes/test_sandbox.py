"""What a sandbox allows is read right from every kind of control group, mount table and limits file, and here."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gomedic.host import Host
from gomedic.limits import limits_of
from gomedic.probes import sandbox
from gomedic.probes.cgroups import Bound, Groups, groups_of
from gomedic.probes.mounts import covering, mounts_of
from gomedic.probes.places import Place, holds, under
from gomedic.probes.sandbox import resources_of, sandbox_of
from made_up import refusal

BuildHost = Callable[..., Host]
MB = 1 << 20
V2 = "30 23 0:26 {root} /sys/fs/cgroup rw,nosuid - cgroup2 cgroup rw,nsdelegate\n"
V1 = (
    "35 31 0:32 {root} /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "39 31 0:36 {root} /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
    "32 31 0:29 {root} /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
)
NO_LIMIT = "9223372036854771712\n"


def groups(files: dict[str, str]) -> Groups:
    return groups_of(files.get, mounts_of(files["/proc/self/mountinfo"]))


def at(bound: Bound | None) -> tuple[float, str] | None:
    return None if bound is None else (bound.value, bound.source.removeprefix("/sys/fs/cgroup"))


def test_version_2_takes_the_tightest_of_itself_and_its_parents() -> None:
    found = groups(
        {
            "/proc/self/mountinfo": V2.format(root="/"),
            "/proc/self/cgroup": "0::/a/b\n",
            "/sys/fs/cgroup/a/b/memory.max": "max\n",
            "/sys/fs/cgroup/a/memory.max": f"{512 * MB}\n",
            "/sys/fs/cgroup/a/b/memory.high": f"{600 * MB}\n",
            "/sys/fs/cgroup/a/b/memory.current": "1234\n",
            "/sys/fs/cgroup/a/b/pids.max": "128\n",
            "/sys/fs/cgroup/a/pids.max": "64\n",
            "/sys/fs/cgroup/a/b/pids.current": "3\n",
            "/sys/fs/cgroup/a/b/cpu.max": "50000 100000\n",
            "/sys/fs/cgroup/a/cpu.max": "max 100000\n",
        }
    )
    assert (found.version, found.memory_used, found.pids_used) == ("2", 1234, 3)
    assert at(found.memory) == (512 * MB, "/a/memory.max")
    assert at(found.pids) == (64, "/a/pids.max")
    assert at(found.cpus) == (0.5, "/a/b/cpu.max")


@pytest.mark.parametrize(
    ("root", "own"),
    [("/docker/abc", "/docker/abc"), ("/docker/abc", "/"), ("/", "/../.."), ("/kubepods/x", "/docker/abc")],
)
def test_a_mount_whose_root_is_the_container_s_group_is_read_at_its_top(root: str, own: str) -> None:
    """golang/go#76390 is what comes of missing it."""
    found = groups(
        {
            "/proc/self/mountinfo": V1.format(root=root),
            "/proc/self/cgroup": f"9:memory:{own}\n8:pids:{own}\n7:cpu,cpuacct:{own}\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": f"{256 * MB}\n",
            "/sys/fs/cgroup/memory/memory.usage_in_bytes": "77\n",
            "/sys/fs/cgroup/pids/pids.max": "32\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "150000\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        }
    )
    assert found.version == "1"
    assert at(found.memory) == (256 * MB, "/memory/memory.limit_in_bytes")
    assert (at(found.pids), at(found.cpus)) == (
        (32, "/pids/pids.max"),
        (1.5, "/cpu,cpuacct/cpu.cfs_quota_us"),
    )
    assert found.memory_used == 77


def test_a_group_below_the_mount_s_root_is_followed_down() -> None:
    found = groups(
        {
            "/proc/self/mountinfo": V1.format(root="/docker/abc"),
            "/proc/self/cgroup": "9:memory:/docker/abc/inner\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": f"{256 * MB}\n",
            "/sys/fs/cgroup/memory/inner/memory.limit_in_bytes": f"{128 * MB}\n",
        }
    )
    assert at(found.memory) == (128 * MB, "/memory/inner/memory.limit_in_bytes")


def test_no_limit_is_no_limit() -> None:
    found = groups(
        {
            "/proc/self/mountinfo": V1.format(root="/"),
            "/proc/self/cgroup": "9:memory:/\n8:pids:/\n7:cpu:/\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": NO_LIMIT,
            "/sys/fs/cgroup/pids/pids.max": "max\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        }
    )
    assert (found.memory, found.pids, found.cpus) == (None, None, None)


def test_in_a_hybrid_the_controllers_of_version_1_count() -> None:
    unified = "41 31 0:40 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
    found = groups(
        {
            "/proc/self/mountinfo": V1.format(root="/") + unified,
            "/proc/self/cgroup": "9:memory:/box\n0::/box\n",
            "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": f"{64 * MB}\n",
        }
    )
    assert (found.version, at(found.memory)) == ("hybrid", (64 * MB, "/memory/box/memory.limit_in_bytes"))


def test_escapes_in_a_mount_table_are_undone() -> None:
    (mount,) = mounts_of(
        "36 35 98:0 /a\\040b /mnt/with\\040blank\\011tab\\134 ro,noexec shared:1 - tmpfs a\\040b rw,size=64k\nnot a mount\n"
    )
    assert (mount.at, mount.root, mount.source) == ("/mnt/with blank\ttab\\", "/a b", "a b")
    assert {"ro", "noexec"} <= mount.options
    assert "size=64k" in mount.of_system


def test_the_last_mount_at_a_place_hides_the_others() -> None:
    table = mounts_of(
        "1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /tmp rw - tmpfs b rw\n3 1 0:3 / /tmp ro - tmpfs c rw\n4 1 0:4 / /tmpfs rw - ext4 d rw\n"
    )
    found = {path: covering(path, table) for path in ("/tmp/x", "/tmp", "/tmpx", "/")}
    assert {path: mount and mount.source for path, mount in found.items()} == {
        "/tmp/x": "c",
        "/tmp": "c",
        "/tmpx": "a",
        "/": "a",
    }


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_the_reading(mounts: str, own: str, status: str) -> None:
    table = V2.format(root="/") + V1.format(root="/x") + mounts
    files = {"/proc/self/mountinfo": table, "/proc/self/cgroup": own, "/proc/self/status": status, "/proc/self/limits": own}  # fmt: skip
    sandbox_of(lambda path: files.get(path, mounts))


def test_soft_limits_that_are_set_are_read() -> None:
    found = resources_of(
        "Limit                     Soft Limit           Hard Limit           Units     \n"
        "Max file size             4194304              unlimited            bytes     \n"
        "Max address space         unlimited            unlimited            bytes     \n"
        "Max open files            20000                20000                files     \n"
    )
    assert {name: bound.value for name, bound in found.items()} == {"file_size": 4194304, "open_files": 20000}
    assert found["file_size"].text == "Max file size 4194304 unlimited bytes"


# ------------------------------------------------------------------ here


def test_this_process_has_a_sandbox_like_the_kernel_says(host: BuildHost) -> None:
    found = sandbox.probe(host())
    said = subprocess.run(["sh", "-c", "ulimit -n"], capture_output=True, text=True, check=True).stdout
    bound = found.resource("open_files")
    assert f"{bound.value:.0f}" if bound else said.strip() == "unlimited"
    assert found.root is not None
    assert found.root_read_only is bool(os.statvfs("/").f_flag & os.ST_RDONLY)
    assert found.seccomp in ("off", "strict", "filter")


ASKING = """
import os, sys
from gomedic.probes.sandbox import sandbox_of
def read(path):
    try:
        return open(path).read()
    except OSError:
        return None
found = sandbox_of(read)
print(found.groups.memory and int(found.groups.memory.value), found.groups.pids and int(found.groups.pids.value), found.seccomp)
"""


@pytest.fixture
def small_group() -> Iterator[dict[str, Path]]:
    """A control group with 300 MB and 40 processes, and one in it without limits."""
    table = mounts_of(Path("/proc/self/mountinfo").read_text())
    tops = {name: mount.at for mount in table if mount.kind == "cgroup" for name in mount.of_system}
    made: list[Path] = []
    inner: dict[str, Path] = {}
    try:
        for name, file, limit in (("memory", "memory.limit_in_bytes", 300 * MB), ("pids", "pids.max", 40)):
            outer = Path(tops[name]) / f"gomedic-test-{os.getpid()}"
            made += [outer, outer / "inner"]
            (outer / "inner").mkdir(parents=True)
            (outer / file).write_text(str(limit))
            inner[name] = outer / "inner"
    except (OSError, KeyError) as error:
        pytest.skip(f"no control group can be made here ({error})")
    else:
        yield inner
    finally:
        for folder in reversed(made):
            if folder.is_dir():
                folder.rmdir()


def test_a_real_group_s_limits_are_found_above_it(small_group: dict[str, Path]) -> None:
    join = "".join(f"echo $$ > {folder}/cgroup.procs; " for folder in small_group.values())
    ran = subprocess.run(
        ["sh", "-c", f'{join} exec "$@"', "sh", sys.executable, "-c", ASKING],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.stdout.split()[:2], ran.stderr) == ([str(300 * MB), "40"], "")


WHERE = """
import os
from gomedic.probes.sandbox import sandbox_of
asked = []
def read(path):
    asked.append(path)
    try:
        return open(path).read()
    except OSError:
        return None
sandbox_of(read)
folder = os.path.dirname(next(path for path in asked if path.endswith("/pids.max") and "/pids/" not in path))
print(str(os.getpid()) in open(folder + "/cgroup.procs").read().split())
"""
OWN_SPACE = (
    "unshare",
    "--cgroup",
    "--mount",
    "sh",
    "-c",
    'umount -l "$0" && mount -t cgroup2 none "$0" && exec "$@"',
)


@pytest.fixture
def new_group() -> Iterator[Path]:
    """A control group of version 2, without limits, in another that can have them."""
    table = mounts_of(Path("/proc/self/mountinfo").read_text())
    top = next((Path(mount.at) for mount in table if mount.kind == "cgroup2"), None)
    if top is None:
        pytest.skip("no control groups of version 2 here")
    outer = top / f"gomedic-test-{os.getpid()}"
    try:
        (outer / "inner").mkdir(parents=True)
    except OSError as error:
        pytest.skip(f"no control group can be made here ({error})")
    yield outer / "inner"
    for folder in (outer / "inner", outer):
        folder.rmdir()


def in_group(group: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    join = f'echo $$ > {group}/cgroup.procs; exec "$@"'
    return subprocess.run(["sh", "-c", join, "sh", *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("own_space", [False, True])
def test_the_group_of_version_2_that_is_read_is_the_kernel_s(new_group: Path, own_space: bool) -> None:
    before = (*OWN_SPACE, str(new_group.parent.parent)) if own_space else ()
    ran = in_group(new_group, *before, sys.executable, "-c", WHERE)
    assert (ran.stdout, ran.stderr) == ("True\n", "")


def test_limits_of_version_2_are_those_that_were_given(new_group: Path) -> None:
    outer, top = new_group.parent, new_group.parent.parent
    missing = {"memory", "pids"} - set((top / "cgroup.controllers").read_text().split())
    if missing:
        pytest.skip(f"version 1 has {' and '.join(sorted(missing))} here")
    (top / "cgroup.subtree_control").write_text("+memory +pids")
    (outer / "memory.max").write_text(str(300 * MB))
    (outer / "pids.max").write_text("40")
    ran = in_group(new_group, sys.executable, "-c", ASKING)
    assert (ran.stdout.split()[:2], ran.stderr) == ([str(300 * MB), "40"], "")


@pytest.mark.skipif(bool(refusal()), reason=refusal())
def test_a_real_mount_with_a_blank_in_its_name_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    asking = (
        "import sys; from gomedic.probes.mounts import *; from gomedic.probes.places import probe;"
        "m = covering(sys.argv[1], mounts_of(open('/proc/self/mountinfo').read())); p = probe(sys.argv[1]);"
        "print(m.kind, p.noexec, p.free >> 20)"
    )
    spaces = ["--mount"] if os.getuid() == 0 else ["--user", "--map-root-user", "--mount"]
    act = 'mount -t tmpfs -o size=64m,noexec x "$1" && exec "$2" -c "$3" "$1"'
    ran = subprocess.run(
        ["unshare", *spaces, "sh", "-c", act, "sh", folder, sys.executable, asking],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.stdout.split(), ran.stderr) == (["tmpfs", "True", "64"], "")


# ------------------------------------------------------------------ still to come


def place(path: str) -> Place:
    return Place(path, path, 1000, True, False, False, 10**12)


def test_places_are_as_they_will_be() -> None:
    limits = limits_of("readonly,tmpfs=/tmp:64m,tmpfs=/run,noexec,memory=512m")
    temporary, home, run = (under(place(path), limits) for path in ("/tmp/x", "/home/student", "/run"))
    assert (temporary.writable, temporary.noexec, temporary.free) == (True, True, 64 * MB)
    assert (temporary.kind, temporary.word) == ("tmpfs", "tmpfs=/tmp:64m")
    assert (home.writable, home.read_only, home.noexec) == (False, True, False)
    assert run.free == 256 * MB
    assert under(place("/tmp"), limits_of("noexec")).noexec
    assert not under(place("/opt"), limits_of("noexec")).noexec


def test_the_tighter_of_what_is_here_and_what_comes_counts(host: BuildHost) -> None:
    coming = sandbox.probe(host().with_limits(limits_of("nofile=100000000,as=700m,memory=64m,idle=30s")))
    assert coming.resource("address_space") == Bound(700 * MB, "--limits", "as=700m")
    assert (coming.resource("open_files") or Bound(0, "", "")).value < 100_000_000
    assert coming.groups.memory == Bound(64 * MB, "--limits", "memory=64m")
    assert coming.idle == Bound(30.0, "--limits", "idle=30s")
    assert sandbox.probe(host()).idle is None


def test_a_cache_is_weighed_no_longer_than_needed(tmp_path: Path) -> None:
    (tmp_path / "00").mkdir()
    (tmp_path / "00/a").write_bytes(b"x" * 1000)
    (tmp_path / "00/b").symlink_to("a")
    (tmp_path / "00/gone").symlink_to("nowhere")
    assert holds(str(tmp_path), 2000)
    assert not holds(str(tmp_path), 2001)
    assert not holds(str(tmp_path / "none"), 1)
