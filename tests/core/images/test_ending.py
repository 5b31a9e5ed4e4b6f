"""Who does not want to wait for a check any more need not: it ends soon, and leaves no process and no copy."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace

from core.images.builder import Item, Recipe, debian, go_tree, with_go
from core.images.leftovers import copies_of, marked, until, workers_of
from core.images.real import system
from core.images.test_reading import packed
from gomedic.host import Host
from gomedic.images.checking import LOST, check_images
from gomedic.images.model import ImageReport, NotRead
from gomedic.images.reading import open_image
from gomedic.images.stopping import Cancelled
from gomedic.model import Progress
from gomedic.policy.reading import policy_of
from gomedic.probes.toolchains import native_arch

CLI = [sys.executable, "-m", "gomedic", "image", "check", "--run"]


@pytest.fixture
def here(host: Callable[..., Host]) -> Host:
    return host()


@pytest.fixture(scope="module")
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Give an image with a start-up file that hangs, and the mark of all that runs in it."""
    mark = f"{os.getpid()}-hangs"
    recipe = Recipe(native_arch(), User="student").run("ADD root", *system(), *go_tree())
    recipe.env("GOMEDIC_MARK", mark).run("RUN", Item("etc/profile.d/x.sh", "sleep 1000\n"))
    yield str(recipe.docker(tmp_path_factory.mktemp("hanging") / "image.tar")), mark
    assert marked(mark) == []


def begun(work: Iterator[object], mark: str) -> list[str]:
    """Let a check go on until shells of its images hang; return the copies."""
    for value in work:
        if isinstance(value, NotRead) and "namespaces" in value.reason.text:
            pytest.skip("no user namespaces here")
        assert isinstance(value, Progress), value
        if marked(mark):
            break
    found = copies_of(os.getpid())
    assert found
    assert all(map(os.path.isdir, found))
    return found


@pytest.mark.parametrize(("count", "apart"), [(1, False), (1, True), (2, False)])
def test_a_check_that_is_closed_leaves_nothing(
    here: Host, hanging: tuple[str, str], count: int, apart: bool
) -> None:
    path, mark = hanging
    work = check_images([path] * count, run_on=here, apart=apart)
    copies = begun(work, mark)
    was = time.monotonic()
    work.close()
    assert time.monotonic() - was < 5, "the start-up that hangs is not waited for"
    assert marked(mark) == []
    assert copies_of(os.getpid()) == []
    assert not any(map(os.path.exists, copies))


@pytest.mark.parametrize(("count", "by"), [(1, signal.SIGINT), (2, signal.SIGINT), (2, signal.SIGKILL)])
def test_so_does_a_command_that_is_interrupted_or_killed(
    hanging: tuple[str, str], tmp_path: Path, count: int, by: int
) -> None:
    path, mark = hanging
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    with subprocess.Popen(
        CLI + [path] * count, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, text=True
    ) as command:  # fmt: skip
        until(lambda: bool(marked(mark)) or command.poll() is not None)
        if command.poll() is not None:
            pytest.skip("no user namespaces here")
        copies = copies_of(command.pid)
        command.send_signal(by)
        assert command.wait(30) == (130 if by == signal.SIGINT else -by)
    assert copies
    if by == signal.SIGKILL:
        until(lambda: not any(map(os.path.exists, copies)) and not marked(mark))
    assert marked(mark) == []
    assert not any(map(os.path.exists, copies))


def test_a_worker_that_is_killed_is_told_and_the_other_goes_on(
    here: Host, hanging: tuple[str, str], tmp_path: Path
) -> None:
    path, mark = hanging
    good = str(Recipe(native_arch()).run("ADD", *debian()).docker(tmp_path / "image.tar"))
    work = check_images([path, good], run_on=here)
    copies = begun(work, mark)
    ill = [
        worker
        for worker in workers_of(os.getpid())
        if copies_of(worker.pid) and marked_below(worker.pid, mark)
    ]
    assert len(ill) == 1
    ill[0].kill()
    told = [value for value in work if not isinstance(value, Progress)]
    assert [type(value) for value in told] == [NotRead, ImageReport]
    assert told[0].reason.text == LOST
    until(lambda: not any(map(os.path.exists, copies)))


def marked_below(pid: int, mark: str) -> bool:
    import psutil

    below = {str(child.pid) for child in psutil.Process(pid).children(recursive=True)}
    return bool(below & set(marked(mark)))


def test_workers_say_what_one_process_says(tmp_path: Path) -> None:
    paths = []
    for at, recipe in enumerate((with_go(), with_go(User="student"), Recipe().run("ADD", *debian()))):
        paths.append(str(recipe.docker(tmp_path / f"{at}.tar")))
    broken = tmp_path / "broken"
    broken.write_text("no image\n" * 100)
    policy = policy_of('[go]\nversion = "1.21"\nsessions = ["login"]\n', "gomedic.toml")
    told = [v for v in check_images([*paths, str(broken)], policy=policy) if not isinstance(v, Progress)]
    alone = [
        v
        for p in [*paths, str(broken)]
        for v in check_images([p], policy=policy)
        if not isinstance(v, Progress)
    ]
    assert [plain(value) for value in told] == [plain(value) for value in alone]
    assert [type(value) for value in told] == [ImageReport] * 3 + [NotRead]


def plain(value: object) -> object:
    """Return a report without what time it is."""
    if not isinstance(value, ImageReport):
        return value
    checks = tuple(replace(check, seconds=0.0) for check in value.examination.checks)
    return replace(value, examination=replace(value.examination, seconds=0.0, took_place="", checks=checks))


FORMS: dict[str, Callable[[Path], Path]] = {
    "docker": lambda p: with_go().docker(p / "image"),
    "docker gz": lambda p: packed(with_go().docker(p / "image")),
    "oci": lambda p: with_go().oci(p / "image"),
    "oci plain": lambda p: with_go().oci(p / "image", "none"),
    "folder": lambda p: (p / "image/etc").mkdir(parents=True) or p / "image",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sums", [False, True])
def test_reading_ends_where_nobody_waits_for_it(tmp_path: Path, form: str, sums: bool) -> None:
    wanted_no_more = Event()
    wanted_no_more.set()
    with pytest.raises(Cancelled):
        open_image(str(FORMS[form](tmp_path)), cancelled=wanted_no_more, sums=sums)


@pytest.mark.parametrize("form", ["docker", "oci"])
def test_so_does_reading_later_in_the_view(tmp_path: Path, form: str) -> None:
    wanted_no_more = Event()
    with open_image(str(FORMS[form](tmp_path)), cancelled=wanted_no_more) as view:
        wanted_no_more.set()
        with pytest.raises(Cancelled):
            list(view.contents())
