"""The exported Dockerfile, really built; and its image entered in every way that there is."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from gomedic.exporting import Archive, ExportRefusedError, Generated, Options, generate, kind_named

HADOLINT = os.path.join(os.path.dirname(sys.executable), "hadolint")
FILE = "go1.22.5.linux-amd64.tar.gz"
BASE = "localhost/base:1"
# What Debian's /etc/profile does, which is what takes an image's PATH away.
PROFILE = """\
PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
export PATH
for i in /etc/profile.d/*.sh; do
  if [ -r "$i" ]; then . "$i"; fi
done
"""
PASSWD = "root:x:0:0:root:/root:/bin/bash\nstudent:x:1000:1000::/home/student:/bin/bash\n"
MakeGo = Callable[..., str]


def made(**options: object) -> Generated:
    return generate(kind_named("dockerfile"), Options(**options))  # type: ignore[arg-type]


# ------------------------------------------------------------------ a small system, and what builds on it


def add_program(root: Path, name: str) -> None:
    """Copy a program of this machine, with the libraries that it needs."""
    source = os.path.realpath(str(shutil.which(name)))
    listed = subprocess.run(["ldd", source], capture_output=True, text=True, check=False).stdout
    for path in [source, *re.findall(r"(/\S+) \(0x", listed)]:
        target = root / (f"bin/{name}" if path == source else path[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(os.path.realpath(path), target)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file system of a small Debian-like machine: busybox, dash, bash, two accounts."""
    root = tmp_path_factory.mktemp("system")
    root.chmod(0o755)
    for name in (
        "bin",
        "etc",
        "usr/bin",
        "usr/local/bin",
        "usr/sbin",
        "root",
        "home/student",
        "proc",
        "dev",
        "opt",
    ):
        (root / name).mkdir(parents=True)
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    for name in ("busybox", "dash", "bash"):
        if shutil.which(name) is None:
            pytest.skip(f"no {name} here")
        add_program(root, name)
    listed = subprocess.run(["busybox", "--list"], capture_output=True, text=True, check=True).stdout.split()
    if "su" not in listed:
        pytest.skip("this busybox has no su: Debian's busybox-static has one")
    for name in {*listed, "sh"} - {"busybox", "bash"}:
        (root / "bin" / name).symlink_to("dash" if name == "sh" else "busybox")
    (root / "etc/passwd").write_text(PASSWD)
    (root / "etc/group").write_text("root:x:0:\nstudent:x:1000:\n")
    (root / "etc/profile").write_text(PROFILE)
    return root


class Builder:
    """buildah, with a store of its own."""

    def __init__(self, store: Path) -> None:
        self.words = [
            "buildah",
            "--root",
            f"{store}/root",
            "--runroot",
            f"{store}/run",
            "--storage-driver",
            "vfs",
        ]

    def __call__(self, *words: str, code: int = 0) -> str:
        ended = subprocess.run(
            [*self.words, *words], capture_output=True, text=True, check=False, timeout=300
        )
        assert ended.returncode == code or (code and ended.returncode), ended.stdout + ended.stderr
        return ended.stdout if not code else ended.stdout + ended.stderr

    def build(self, folder: Path, text: str, name: str, code: int = 0) -> str:
        (folder / "Dockerfile").write_text(text)
        how = ["bud", "--isolation", "chroot", "--pull-never", "--build-arg", f"BASE={BASE}"]
        return self(*how, "-t", name, "-f", str(folder / "Dockerfile"), str(folder), code=code)

    def config(self, name: str) -> Mapping[str, list[str]]:
        found: Mapping[str, list[str]] = json.loads(self("inspect", "--type", "image", name))["OCIv1"][
            "config"
        ]
        return found


@pytest.fixture(scope="module")
def buildah(system: Path, tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """A builder that has the base image; skipped where there is none or it may not build."""
    if shutil.which("buildah") is None or os.getuid() != 0:
        pytest.skip("no buildah here, or it may not build")
    builder, folder = Builder(tmp_path_factory.mktemp("store")), tmp_path_factory.mktemp("base")
    with tarfile.open(folder / "system.tar", "w") as file:
        file.add(system, ".")
    try:
        builder.build(folder, "FROM scratch\nADD system.tar /\nRUN true\n", BASE)
    except AssertionError as error:
        pytest.skip(f"buildah cannot build here: {str(error)[-300:]}")
    return builder


# ------------------------------------------------------------------ the ways in


def way(environment: Sequence[str], *words: str) -> list[str]:
    return ["env", "-i", *environment, *words]


def ways(config: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    """Return how each way into a container starts a command."""
    image, entry = config["Env"], config.get("Entrypoint") or []
    ask, home = "go version", ["HOME=/home/student"]
    return {
        "run": way(image, *entry, "go", "version"),
        "exec": way(image, "go", "version"),
        "bash -lc": way([*image, *home], "bash", "-lc", ask),
        "sh -lc": way([*image, *home], "dash", "-lc", ask),
        "su": way(image, "su", "student", "-c", ask),
        "su -": way(image, "su", "-", "student", "-c", ask),
        "su - of root": way(image, "su", "-", "-c", ask),
        "cron": way(["PATH=/usr/bin:/bin", *home], "sh", "-c", ask),
        "sudo": way(["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], "sh", "-c", ask),
        "env -i": way([], "sh", "-c", ask),
    }


def table(builder: Builder, name: str) -> Mapping[str, bool]:
    """Enter a container of the image in every way, and see whether the right Go answers."""
    every = ways(builder.config(name))
    told = inside(builder, name, *every.values())
    return {key: out == "go version go1.22.5 linux/amd64\n" for key, out in zip(every, told, strict=True)}


def inside(builder: Builder, name: str, *commands: Sequence[str]) -> list[str]:
    """Return what each command says in a container of the image."""
    container = builder("from", "--pull-never", name).strip()
    try:
        root = builder("mount", container).strip()
        Path(root, "dev/null").touch(mode=0o666)  # an engine gives every container one
        Path(root, "dev/null").chmod(0o666)
        run = [["chroot", root, *words] for words in commands]
        return [
            subprocess.run(w, capture_output=True, text=True, check=False, timeout=120).stdout for w in run
        ]
    finally:
        builder("rm", container)


@pytest.fixture(scope="module")
def archive() -> bytes:
    """The archive of a release whose programs are scripts."""
    out = io.BytesIO()
    script = b"#!/bin/sh\ncase $1 in version) echo go version go1.22.5 linux/amd64 ;;\n"
    script += b'build) mkdir -p "$GOCACHE/0a" && echo object >"$GOCACHE/0a/0a1-d" ;;\nesac\n'
    with tarfile.open(fileobj=out, mode="w:gz") as file:
        for name in ("go/bin/go", "go/bin/gofmt"):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(script), 0o755
            file.addfile(entry, io.BytesIO(script))
    return out.getvalue()


def described(data: bytes, url: str = "https://dl.google.com/go/") -> Archive:
    return Archive("go1.22.5", FILE, url + FILE, hashlib.sha256(data).hexdigest())


# ------------------------------------------------------------------ what must hold


def test_env_alone_is_lost_where_everybody_says_it_is(
    buildah: Builder, archive: bytes, tmp_path: Path
) -> None:
    """The table without the exported lines: were it all yes, the test below would show nothing."""
    (tmp_path / "go.tar.gz").write_bytes(archive)
    text = f"FROM {BASE}\nADD go.tar.gz /usr/local/\nENV PATH=/usr/local/go/bin:$PATH\n"
    buildah.build(tmp_path, text, "localhost/plain:1")
    found = table(buildah, "localhost/plain:1")
    assert [key for key, there in found.items() if there] == ["run", "exec", "su"]


def test_the_exported_image_has_go_in_every_way(
    buildah: Builder, archive: bytes, tmp_path: Path, httpserver: HTTPServer
) -> None:
    httpserver.expect_request(f"/{FILE}").respond_with_data(archive)
    options = {"archive": described(archive, httpserver.url_for("/")), "goproxy": "https://goproxy.cn,direct"}
    buildah.build(tmp_path, made(**options).text, "localhost/good:1")
    found = table(buildah, "localhost/good:1")
    assert [key for key, there in found.items() if not there] == []
    assert len(found) == 10
    assert "GOPROXY=https://goproxy.cn,direct" in buildah.config("localhost/good:1")["Env"]


def test_an_archive_beside_the_dockerfile_goes_where_it_shall(
    buildah: Builder, archive: bytes, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_bytes(archive)
    text = made(archive=described(archive), copy=True, goroot="/opt/go-1.22", user="student", cache=True).text
    buildah.build(tmp_path, text, "localhost/copied:1")
    assert [key for key, there in table(buildah, "localhost/copied:1").items() if not there] == []
    config = buildah.config("localhost/copied:1")
    assert (config["User"], config["Entrypoint"]) == ("student", ["/usr/local/bin/go-entrypoint.sh"])
    ask = 'readlink -f "$GOCACHE/0a/0a1-d"'
    entered = way(config["Env"], *config["Entrypoint"], "sh", "-c", ask)
    logged_in = way(config["Env"], "su", "-", "student", "-c", ask)
    linked = inside(buildah, "localhost/copied:1", entered, logged_in)
    assert linked == ["/opt/go-cache/0a/0a1-d\n"] * 2


def test_an_archive_with_another_sum_makes_no_image(buildah: Builder, archive: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(archive + b"\0")
    said = buildah.build(
        tmp_path, made(archive=described(archive), copy=True).text, "localhost/bad:1", code=1
    )
    assert "/go.tar.gz: FAILED" in said


@pytest.mark.parametrize("folder", ["/opt/my go", "/opt/'a' \"b\" $c \\ %d #e", "/opt/中文"])
def test_a_go_that_is_there_already_is_found_wherever_it_lies(
    buildah: Builder, archive: bytes, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "tree").mkdir()
    with tarfile.open(fileobj=io.BytesIO(archive)) as file:
        file.extractall(tmp_path / "tree", filter="data")
    lines = made(goroot=folder, gopath="/srv/a b", goproxy="https://'x' \"$HOME\"").text.splitlines()
    at = lines.index("FROM ${BASE}")
    with tarfile.open(tmp_path / "go.tar", "w") as tar:
        tar.add(tmp_path / "tree/go", folder)
    lines.insert(at + 1, "ADD go.tar /")
    buildah.build(tmp_path, "\n".join(lines), "localhost/odd:1")
    assert [key for key, there in table(buildah, "localhost/odd:1").items() if not there] == []
    environment = dict(line.partition("=")[::2] for line in buildah.config("localhost/odd:1")["Env"])
    assert environment["PATH"].startswith(f"{folder}/bin:")
    assert environment["PATH"].endswith(":/srv/a b/bin")
    assert (environment["GOPATH"], environment["GOPROXY"]) == ("/srv/a b", "https://'x' \"$HOME\"")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can enter another root")
@pytest.mark.parametrize("shell", ["dash", "busybox sh", "bash"])
def test_the_init_command_gives_a_container_go_in_every_way(
    system: Path, archive: bytes, tmp_path: Path, shell: str
) -> None:
    root = tmp_path / "root"
    shutil.copytree(system, root, symlinks=True)
    (root / "tmp").chmod(0o1777)
    (root / "dev/null").touch()
    (root / "dev/null").chmod(0o666)
    with tarfile.open(fileobj=io.BytesIO(archive)) as file:
        file.extractall(root / "opt", filter="data")
    line = generate(kind_named("init"), Options(goroot="/opt/go", goproxy="https://a,direct")).text
    image = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    entered: list[bool] = []
    for _time in range(2):
        begun = subprocess.run(
            ["chroot", root, "env", "-i", *image, *shell.split(), "-c", line],
            capture_output=True,
            text=True,
            check=True,
        )
        assert begun.stderr == ""
        for words in ways({"Env": image}).values():
            ended = subprocess.run(["chroot", root, *words], capture_output=True, text=True, check=False)
            entered.append(ended.stdout == "go version go1.22.5 linux/amd64\n")
    assert entered == [True] * 20


@pytest.mark.skipif(not os.path.exists(HADOLINT), reason="no hadolint here")
def test_hadolint_has_nothing_to_say(tmp_path: Path) -> None:
    forms = [
        {},
        {"goroot": "/opt/my go", "gopath": "/srv/go", "goproxy": "https://a,direct"},
        {"archive": described(b""), "user": "student", "cache": True},
        {"archive": described(b""), "copy": True, "base": "golang:1.22"},
    ]
    files = [tmp_path / f"{number}.Dockerfile" for number in range(len(forms))]
    for file, form in zip(files, forms, strict=True):
        file.write_text(made(**form).text)
    quiet = ["--ignore", "DL3066"]  # an account of the image's own is named, not numbered
    ended = subprocess.run([HADOLINT, *quiet, *map(str, files)], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_what_an_image_cannot_have_is_refused() -> None:
    with pytest.raises(ExportRefusedError, match="dockerfile cannot fill in a home folder"):
        made(gopath="~/go")
    with pytest.raises(ExportRefusedError, match="plain letters"):
        made(goroot="/opt/my go", archive=described(b""))
    with pytest.raises(ExportRefusedError, match="address"):
        made(archive=described(b"", "https://mirror/$(x) "))
    with pytest.raises(ExportRefusedError, match="no name of an image"):
        made(base="debian\nRUN x")


def test_the_caches_price_is_told() -> None:
    told = [str(message) for message in made(cache=True).warnings]
    assert any("docker exec does not pass the entrypoint" in text for text in told)
    assert any("your own CMD" in text for text in told)
    assert any("student alone" in str(message) for message in made(cache=True, user="student").warnings)
