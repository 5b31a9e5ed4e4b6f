"""Start-up files of images that mean harm end in time, reach nothing, and leave nothing; so does a doctor that is killed."""

import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.images.builder import Item, Recipe, go_tree
from core.images.leftovers import marked
from core.images.real import system
from gomedic.host import Host
from gomedic.images import running
from gomedic.images.checking import check_image
from gomedic.images.model import Found, ImageReport
from gomedic.images.problems import ImageRefused
from gomedic.probes.toolchains import native_arch

GO = "export PATH=/usr/local/go/bin:$PATH\n"
HOSTILE = {
    "forks without end": (":() { : | : & }; :\n" + GO, None),
    "writes without end": ("while :; do echo 0123456789012345678901234567890123456789; done\n" + GO, Found.NO),
    "fills the disk": ("cat /dev/zero > /x; cat /dev/zero > /tmp/x; cat /dev/zero > ~/x\n" + GO, Found.YES),
    "stays": ("trap '' TERM HUP INT\n(trap '' TERM HUP INT; while :; do sleep 100; done) >/dev/null 2>&1 &\n" + GO, Found.YES),
    "kills all": ("kill -9 -1\n" + GO, None),
}  # fmt: skip
"""What it does, and whether a login shell finds go after it (None: it depends on when the kernel says no)."""
ESCAPES = (
    "ls /proc/1/root/etc", "cat /proc/1/maps", "cat /proc/1/exe", "cat /proc/1/environ", "cat /proc/1/mem", "umount -l /",
    "umount -l /proc", "mount -t tmpfs none /opt", "mount --bind /proc/1/root /opt", "nsenter -t 1 -m true", "chroot / true",
)  # fmt: skip
HOLD = """
import os, sys
from gomedic.host import Host
from gomedic.images.box import box
from gomedic.images.machine import image_host
from gomedic.images.reading import open_image
from gomedic.model import Account
here = Host({"PATH": "/usr/bin:/bin"}, "/", Account("gus", os.getuid(), os.getgid(), "/", "/bin/sh", "/"))
with open_image(sys.argv[1]) as view, box(here, view, image_host(view)) as place:
    print(os.path.dirname(place.shared), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def base() -> list[Item]:
    return [*system("ls", "mount", "umount", "nsenter"), *go_tree()]


@pytest.fixture
def recipe(base: list[Item]) -> Recipe:
    return Recipe(native_arch(), User="student").run("ADD root", *base)


def run_on(here: Host, recipe: Recipe, tmp_path: Path) -> ImageReport:
    try:
        return check_image(str(recipe.docker(tmp_path / "image.tar")), run_on=here)
    except ImageRefused as refused:
        if "namespaces" in refused.message.text:
            pytest.skip("no user namespaces here")
        raise


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_it_ends_and_leaves_nothing(
    host: Callable[..., Host], recipe: Recipe, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, expected = HOSTILE[name]
    if expected is not Found.YES:  # nothing is to come to its end, so as much is seen in a third of the time
        monkeypatch.setattr(running, "TIME_LIMIT", 2.0)
    mark = f"{os.getpid()}-{name}"
    recipe.env("GOMEDIC_MARK", mark).run("RUN", Item("etc/profile.d/x.sh", text))
    report = run_on(host(), recipe, tmp_path)
    found = {way.way: way.found for way in report.launch_ways}
    assert found["exec"] is Found.NO
    if expected is not None:
        assert found["login-shell"] is expected
    assert marked(mark) == []


def test_nothing_of_this_machine_is_reached(
    host: Callable[..., Host], recipe: Recipe, tmp_path: Path
) -> None:
    tries = "".join(f'{tried} >/dev/null 2>&1 && GOFLAGS="$GOFLAGS|{tried}"\n' for tried in ESCAPES)
    recipe.run("RUN", Item("etc/profile.d/x.sh", f'{tries}export GOFLAGS="$GOFLAGS."\n'))
    report = run_on(host(), recipe, tmp_path)
    login = next(s for s in report.examination.sessions if s.kind == "login")
    assert login.environment["GOFLAGS"] == "."


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs process descriptors")
def test_a_killed_doctor_leaves_no_copy(base: list[Item], tmp_path: Path) -> None:
    image = Recipe(native_arch()).run("ADD root", *base).docker(tmp_path / "image.tar")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, image], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as doctor:  # fmt: skip
        assert doctor.stdout is not None
        folder = doctor.stdout.readline().strip()
        if not folder:
            pytest.skip("no user namespaces here")
        helpers = Path(f"/proc/{doctor.pid}/task/{doctor.pid}/children").read_text().split()
        descriptors = [os.pidfd_open(int(pid)) for pid in helpers]
        assert os.path.isdir(folder)
        doctor.kill()
    for descriptor in descriptors:
        assert select.select([descriptor], [], [], 60)[0]
        os.close(descriptor)
    assert len(helpers) == 2
    assert not os.path.exists(folder)
