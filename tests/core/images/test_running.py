"""Images of which the shells are really started, in a box: this machine's own bash and sh in a small root."""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.images.builder import Item, Recipe, files_of, go_tree, with_go
from gomedic.host import Host
from gomedic.images.box import box
from gomedic.images.checking import check_image, check_images
from gomedic.images.machine import image_host
from gomedic.images.model import Carrier, Found, ImageReport, NotRead
from gomedic.images.problems import ImageRefused
from gomedic.images.reading import open_image
from gomedic.images.running import run_launches
from gomedic.probes.toolchains import native_arch
from started import snapshot

BuildHost = Callable[..., Host]
PROGRAMS = (
    "/bin/bash",
    "/bin/sh",
    "/usr/bin/env",
    "/usr/bin/id",
    "/usr/bin/cat",
    "/usr/bin/touch",
    "/usr/bin/sleep",
)
PASSWD = "root:x:0:0::/root:/bin/bash\nstudent:x:1000:1000::/home/student:/bin/bash\n"
PROFILE = 'PATH=/usr/bin:/bin\nfor f in /etc/profile.d/*.sh; do [ -r "$f" ] && . "$f"; done\n'


@pytest.fixture(scope="module")
def system() -> list[Item]:
    return [
        *files_of(PROGRAMS), Item("etc/passwd", PASSWD), Item("etc/profile", PROFILE), Item("tmp", mode=0o1777),
        Item("home/student", uid=1000, gid=1000), Item("root", mode=0o700), *go_tree(),
    ]  # fmt: skip


@pytest.fixture
def recipe(system: list[Item]) -> Recipe:
    made = Recipe(native_arch(), User="student").run("ADD rootfs.tar /", *system)
    return made.env("PATH", "/usr/local/go/bin:/usr/bin:/bin")


@pytest.fixture
def here(host: BuildHost) -> Host:
    return host()


def carried(text: str, mode: int = 0o644) -> Item:
    return Item("etc/profile.d/go.sh", text, mode=mode)


def report_on(here: Host, recipe: Recipe, tmp_path: Path, user: str | None = None) -> ImageReport:
    try:
        return check_image(str(recipe.docker(tmp_path / "image.tar")), user=user, run_on=here)
    except ImageRefused as refused:
        if "namespaces" in refused.message.text:
            pytest.skip("no user namespaces here")
        raise


def found(report: ImageReport) -> dict[str, Found]:
    return {way.way: way.found for way in report.launch_ways if way.measured}


def test_what_cannot_be_read_is_measured(here: Host, recipe: Recipe, tmp_path: Path) -> None:
    recipe.run(
        "RUN …",
        carried("export PATH=$(env cat /etc/where):$PATH\n"),
        Item("etc/where", "/usr/local/go/bin\n"),
    )
    read = {way.way: way.found for way in check_image(str(recipe.docker(tmp_path / "image.tar"))).launch_ways}
    assert read["login-shell"] is not Found.YES
    report = report_on(here, recipe, tmp_path)
    ways = {way.way: way for way in report.launch_ways}
    assert report.certainty == "measured"
    assert ways["login-shell"].found is ways["shell"].found is ways["run"].found is Found.YES
    assert (ways["login-shell"].carrier, ways["login-shell"].origin.file) == (
        Carrier.PROFILE_D,
        "/etc/profile.d/go.sh",
    )
    assert ways["login-shell"].made_by.layer == 2


@pytest.mark.parametrize(("user", "expected"), [("student", Found.NO), ("root", Found.YES)])
def test_a_file_closed_to_the_account_is_closed_in_the_box(
    here: Host, recipe: Recipe, tmp_path: Path, user: str, expected: Found
) -> None:
    recipe.run("RUN umask 077; echo …", carried("export PATH=/usr/local/go/bin:$PATH\n", 0o600))
    report = report_on(here, recipe, tmp_path, user)
    assert found(report)["login-shell"] is expected
    assert any(f.check == "startup-file-unreadable" for f in report.examination.findings) is (
        user == "student"
    )


def test_a_start_up_file_sees_and_changes_nothing_of_this_machine(
    here: Host, recipe: Recipe, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("/usr/local/go/bin")
    secret.chmod(0o644)
    recipe.run("RUN …", carried(
        f'export PATH=/bin:/usr/bin; export GOPATH="$(cat {secret})/$(cat /proc/1/environ)"\n'
        f"touch {tmp_path}/made /tmp/made /var/tmp/made /home/student/made 2>/dev/null\n"
        "sleep 300 & (exec <>/dev/tcp/127.0.0.1/22) && export GOBIN=/net\n"
    ))  # fmt: skip
    was = snapshot(tmp_path)
    path = recipe.docker(tmp_path.parent / f"{tmp_path.name}.tar")
    with closing(open_image(str(path))) as view:
        session = run_launches(here, view)["login-shell"]
    assert (session.state, session.environment["GOPATH"]) == ("ok", "/")
    assert "GOBIN" not in session.environment
    assert snapshot(tmp_path) == was


def test_a_start_up_that_hangs_is_ended(here: Host, recipe: Recipe, tmp_path: Path) -> None:
    recipe.run("RUN …", carried("sleep 1000\n"))
    report = report_on(here, recipe, tmp_path)
    assert found(report)["login-shell"] is Found.NO
    assert found(report)["shell"] is Found.YES
    login = next(s for s in report.examination.sessions if s.kind == "login")
    assert (login.state, login.stopped_at.file, login.stopped_at.line) == ("hung", "/etc/profile.d/go.sh", 1)


@pytest.mark.parametrize(("script", "expected"), [
    ('#!/bin/sh\nwhere=/usr/local/go\nexport PATH=$($where/none 2>/dev/null; echo $where)/bin:$PATH\nexec "$@"\n', Found.YES),
    ("#!/bin/sh\nexec sleep 1\n", Found.NO),
])  # fmt: skip
def test_the_entry_point_is_run(
    here: Host, system: list[Item], tmp_path: Path, script: str, expected: Found
) -> None:
    recipe = Recipe(native_arch(), User="student", Entrypoint=["/entry.sh"]).run("ADD rootfs.tar /", *system)
    recipe.run("COPY entry.sh /", Item("entry.sh", script, mode=0o755))
    report = report_on(here, recipe, tmp_path)
    assert next(way.found for way in report.launch_ways if way.way == "run") is expected


def test_an_image_of_another_architecture_is_not_run(here: Host, tmp_path: Path) -> None:
    other = "arm64" if native_arch() != "arm64" else "amd64"
    path = str(Recipe(other).run("ADD", Item("etc/passwd", PASSWD)).docker(tmp_path / "image.tar"))
    *_progress, told = check_images([path], platform=f"linux/{other}", run_on=here)
    assert isinstance(told, NotRead)
    assert other in str(told.reason)
    assert "Without --run" in str(told.reason)


def test_the_box_is_gone_afterwards_and_its_environment_stays_inside(
    here: Host, recipe: Recipe, tmp_path: Path
) -> None:
    view = open_image(str(recipe.docker(tmp_path / "image.tar")))
    image = image_host(view)
    with closing(view), box(here, view, image) as place:
        folder = os.path.dirname(place.shared)
        argv, env = place.enter(("/usr/bin/env",), {"LD_PRELOAD": "/evil.so", "A": "b"})
        assert set(env) == {"PATH"}
        inside = image.starting_by(place.enter)
        said = inside.run(("/usr/bin/id", "-u"), env={}, cwd="/")
        shutil.copytree("/etc/skel", tmp_path / "gomedic-shown")
        place.show(str(tmp_path / "gomedic-shown"))
        shown = inside.run(
            ("/bin/sh", "-c", "cat /tmp/gomedic-shown/.profile"), env={"PATH": "/usr/bin"}, cwd="/"
        )
    assert (said.out, said.code) == (b"1000\n", 0)
    assert shown.out == Path("/etc/skel/.profile").read_bytes()
    assert not os.path.exists(folder)
    assert argv[-1] != env


def test_hard_links_and_files_that_later_layers_replace(here: Host, recipe: Recipe, tmp_path: Path) -> None:
    recipe.run("RUN ln", Item("opt/one", "first\n"), Item("opt/two", link="opt/one", kind="h"))
    recipe.run("RUN echo", Item("opt/one", "second\n"))
    view = open_image(str(recipe.docker(tmp_path / "image.tar")))
    image = image_host(view)
    with closing(view), box(here, view, image) as place:
        said = image.starting_by(place.enter).run(("/usr/bin/cat", "/opt/one", "/opt/two"), env={}, cwd="/")
    assert said.out == b"second\nfirst\n"


def test_a_shell_that_does_not_run_here_is_not_measured(here: Host, tmp_path: Path) -> None:
    report = report_on(here, with_go(), tmp_path)  # its shells have a header and nothing behind it
    ways = {way.way: way for way in report.launch_ways}
    assert [way.way for way in report.launch_ways if way.measured] == []
    assert ways["login-shell"].found is Found.NO, "as it was read: /etc/profile takes Go away"
