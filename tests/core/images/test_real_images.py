"""Images that buildah built and skopeo wrote: the right verdict and layer, read and run; and podman agrees."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from core.images.real import ALONE, IMAGES, Store
from core.images.test_oracles import on_disk
from gomedic.host import Host
from gomedic.images.checking import check_image, is_ill
from gomedic.images.model import Found, ImageReport
from gomedic.images.reading import open_image
from gomedic.probes.toolchains import native_arch

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, ("buildah", "skopeo"))) or native_arch() != "amd64",
        reason="needs root, buildah and skopeo",
    ),
]
GUILTY = {
    "lost-in-login": ("login-shell-path-reset", 1, "ADD file:"),
    "closed": ("startup-file-unreadable", 4, "chmod 0600 /etc/profile.d/golang.sh"),
    "other-goroot": ("goroot-version-mismatch", 4, "ADD file:"),
    "deleted": ("no-go-installed", 4, "rm -rf /usr/local/go"),
    "other-processor": ("wrong-arch", 2, "ADD file:"),
}
"""The finding of each image that has one, its guilty layer, and what the command of that layer has in it."""
QUIETLY = "</dev/null >/dev/null 2>&1"
IN_CONTAINER = {
    "terminal": "bash -ic 'command -v go'", "login-shell": "bash -lc 'command -v go'", "login-sh": "sh -lc 'command -v go'",
    "shell": "bash -c 'command -v go'", "sh": "sh -c 'command -v go'", "env-i": "env -i /bin/sh -c 'command -v go'",
}  # fmt: skip
BY_ROOT = {"su": "su USER -c 'command -v go'", "su-login": "su - USER -c 'command -v go'"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(tmp_path_factory.mktemp("images"))
    yield made
    made.close()


@pytest.fixture
def here(host: Callable[..., Host]) -> Host:
    return host()


def assert_guilty(report: ImageReport, name: str) -> None:
    check, number, command = GUILTY[name]
    assert is_ill(report)
    found = next(f for f in report.examination.findings if f.check == check)
    made = [(e.made_by.layer, e.made_by.created_by) for e in found.evidence if e.made_by is not None]
    assert any(layer == number and command in by for layer, by in made), made


@pytest.mark.parametrize("form", ["docker-archive", "oci"])
@pytest.mark.parametrize("name", sorted(GUILTY))
def test_the_guilty_layer_is_found(store: Store, here: Host, name: str, form: str) -> None:
    path = store.archive(name, form)
    assert_guilty(check_image(path), name)
    if form == "docker-archive":
        assert_guilty(check_image(path, run_on=here), name)


@pytest.mark.parametrize("form", ["docker-archive", "oci-archive", "oci", "dir"])
def test_a_good_image_is_well_in_every_form(store: Store, form: str) -> None:
    report = check_image(store.archive("good", form), sums=True)
    assert not is_ill(report), report.examination.findings


def test_a_good_image_is_well_when_it_is_run(store: Store, here: Host) -> None:
    report = check_image(store.archive("good", "docker-archive"), run_on=here)
    assert not is_ill(report), report.examination.findings
    assert report.certainty == "measured"


@pytest.mark.parametrize("form", ["docker-archive", "oci"])
@pytest.mark.parametrize("name", ["closed", "deleted", "tricky"])
def test_no_node_is_another_than_the_kernels_overlay_shows(store: Store, name: str, form: str) -> None:
    with store.mounted(name) as top, open_image(store.archive(name, form), sums=True) as view:
        shown = on_disk(top)
        seen = {
            path: (n.kind, 0o777 if n.kind == "l" else n.mode, n.uid, n.gid, n.size, n.link)
            for path, n in view.walk()
        }
        assert seen == shown
        assert all(
            view.read(path, 1 << 16) == (top / path).read_bytes()[: 1 << 16]
            for path, (kind, *_rest) in shown.items()
            if kind == "f" and path.startswith(("opt/", "etc/"))
        )


@pytest.mark.parametrize("name", sorted({*IMAGES} - {"deleted", "other-processor", "other-goroot", "tricky"}))
def test_real_containers_find_go_where_the_table_says(store: Store, here: Host, name: str) -> None:
    if not store.starts_containers:
        pytest.skip("podman starts no containers here")
    path = store.archive(name, "docker-archive")
    real = in_containers(store, name)
    for report in (check_image(path), check_image(path, run_on=here)):
        rows = {way.way: way.found for way in report.launch_ways if way.way in real}
        assert rows == real, report.certainty


def in_containers(store: Store, name: str) -> dict[str, Found]:
    """Return for each way whether a real container finds go."""
    image, holder = f"localhost/{name}:1", f"gomedic-{name}"
    run = store.podman("run", "--rm", *ALONE, image, "sh", "-c", "command -v go")
    started = store.podman("run", "-d", "--name", holder, *ALONE, image, "sleep", "300")
    assert started.returncode == 0, started.stderr
    try:
        user = store.podman("exec", holder, "id", "-un").stdout.strip()
        found = {"run": run.returncode, "exec": store.podman("exec", holder, "go").returncode}
        found |= _asked(store, (holder,), IN_CONTAINER, user)
        found |= _asked(store, ("--user", "root", holder), BY_ROOT, user)
    finally:
        store.podman("rm", "-f", "-t", "0", holder)
    return {way: Found.YES if code == 0 else Found.NO for way, code in found.items()}


def _asked(store: Store, where: tuple[str, ...], ways: dict[str, str], user: str) -> dict[str, int]:
    script = "".join(f"{command} {QUIETLY}; echo {way} $?\n" for way, command in ways.items())
    told = store.podman("exec", *where, "sh", "-c", script.replace("USER", user))
    answers = dict(line.split() for line in told.stdout.splitlines())
    assert answers.keys() == ways.keys(), (told.stdout, told.stderr)
    return {way: int(code) for way, code in answers.items()}
