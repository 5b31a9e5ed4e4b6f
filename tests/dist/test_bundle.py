"""The bundles do what the program does from source, and do not show in what they start."""

import os
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

import schema
from core.images.builder import Item, Recipe, files_of, with_go
from gomedic.probes.toolchains import native_arch
from loading import ROOT

STRANGE = {
    "LD_LIBRARY_PATH": "/their/lib:",
    "LD_LIBRARY_PATH_ORIG": "left by another program",
    "LD_BIND_NOW": "",
    "PYTHONHOME": "/nowhere",
    "PYTHONPATH": "/their/modules",
    "QT_PLUGIN_PATH": "/usr/lib/qt/plugins",
    "QML2_IMPORT_PATH": "/their/qml",
    "OPENSSL_CONF": "/their/openssl.cnf",
    "_PYI_ARCHIVE_FILE": "/another/bundle",
    "_PYI_APPLICATION_HOME_DIR": "/another",
    "_PYI_PARENT_PROCESS_LEVEL": "1",
    "_MEIPASS2": "/another",
    "GOMEDIC_PERSON_": "x",
    "GOMEDIC_PERSON_A": "y",
    "EMPTY": "",
    "TWO_LINES": "one\ntwo",
    "CHINESE": "是",
}


def test_it_knows_its_version(program, run):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    done = run(program, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"gomedic {version}\n", "")


def test_it_examines(program, run, home):
    done = run(program, "check", "--json")
    report = msgspec.json.decode(done.stdout, type=schema.Report)
    assert (report.examined.home, done.stderr) == (str(home), "")
    # root's own start-up files may be slow
    assert {session.state for session in report.sessions} <= {"ok", "hung"}
    assert {check.state for check in report.checks} <= {"passed", "found", "skipped"}


def test_it_checks_images(program, run, tmp_path):
    good = with_go().run("COPY", Item("etc/profile.d/go.sh", "export PATH=/usr/local/go/bin:$PATH\n"))
    paths = [good.docker(tmp_path / "good.tar"), with_go().docker(tmp_path / "lost.tar")]
    done = run(program, "image", "check", *map(str, paths), "--json")
    found = msgspec.json.decode(done.stdout)["images"]
    assert (done.returncode, [bool(each["findings"]) for each in found]) == (1, [False, True]), done.stderr


def test_it_starts_the_shells_of_an_image(program, run, tmp_path):
    system = [
        *files_of(("/bin/bash", "/bin/sh", "/usr/bin/env")),
        Item("etc/passwd", "root:x:0:0::/:/bin/bash\n"),
    ]
    path = Recipe(native_arch()).run("ADD", *system, Item("tmp", mode=0o1777)).docker(tmp_path / "image.tar")
    done = run(program, "image", "check", "--run", str(path), "--json")
    if "namespaces" in done.stdout:
        pytest.skip("no user namespaces here")
    ways = {way["way"]: way["certainty"] for way in msgspec.json.decode(done.stdout)["launch_ways"]}
    assert ways["login-shell"] == ways["run"] == "measured", done.stderr


def test_it_speaks_chinese(program, run):
    done = run(program, "explain", "no-go-installed", LANG="zh_CN.UTF-8")
    assert "没有" in done.stdout, done


def test_it_checks_signatures_without_gnupg(bundle, run):
    inside = bundle / "lib" / "_internal"
    if bundle.name == "gomedic":
        assert list((inside / "pysequoia").glob("*.so"))
    else:
        done = run(inside / "gpgv", "--version", LD_LIBRARY_PATH=str(inside))
        assert done.stdout.startswith("gpgv (GnuPG)"), done


@pytest.mark.parametrize("more", [{}, STRANGE], ids=["plain", "strange"])
def test_its_children_see_the_persons_environment_name_by_name(program, run, home, more):
    """A terminal's shell inherits the doctor's own environment where nothing else started the doctor."""
    if os.geteuid() != 0:
        pytest.skip("needs root, for a process that nothing else started")
    seen = {}
    for name, started in (
        ("bundle", [program]),
        ("source", [sys.executable, "-I", "-m", "gomedic"]),
    ):
        with socket.create_server(("127.0.0.1", 0)) as server:  # a start-up file's writes are thrown away
            server.settimeout(0.5)
            port = server.getsockname()[1]
            (home / ".bashrc").write_text(f"cat /proc/$$/environ > /dev/tcp/127.0.0.1/{port}\n")
            words = [
                "--pid",
                "--fork",
                "--mount-proc",
                *map(str, started),
                "check",
                "--only",
                "no-go-installed",
            ]
            done = run(shutil.which("unshare"), *words, **more)
            assert done.returncode in (0, 1), done.stderr
            seen[name] = sorted(map(without_the_tracers, delivered(server)), key=str)
    lacking = [dict(more.items() - env.items()) for env in seen["bundle"]]
    assert {} in lacking
    assert seen["bundle"] == seen["source"]


def delivered(server):
    """Yield the environments that shells have sent."""
    while True:
        try:
            connection = server.accept()[0]
        except TimeoutError:
            return
        with connection, connection.makefile("rb") as file:
            entries = file.read().removesuffix(b"\0").split(b"\0")
        yield dict(sorted(os.fsdecode(entry).split("=", 1) for entry in entries if entry))


def without_the_tracers(env):
    """Leave out what the doctor tells the traced shell, which differs from run to run."""
    return {
        name: value for name, value in env.items() if not name.startswith(("GOMEDIC_T", "PS4", "BASH_ENV"))
    }


def test_it_runs_from_any_folder(bundle, run, tmp_path):
    place = tmp_path / "a folder of 学生 $HOME"
    shutil.copytree(bundle, place, symlinks=True)
    assert run(place / "gomedic", "--version").returncode == 0
    link = tmp_path / "link"
    link.symlink_to(place / "gomedic")
    assert run(link, "--version").returncode == 0


def test_one_file_runs_from_any_folder(one_files, run, tmp_path):
    if not one_files:
        pytest.skip("needs a self-contained executable that `make dist` made")
    place = tmp_path / "a folder of 学生 $HOME"
    place.mkdir()
    program = shutil.copy(one_files[-1], place)
    assert run(program, "--version").returncode == 0
    link = tmp_path / "link"
    link.symlink_to(program)
    assert run(link, "--version").returncode == 0
    assert len(list(place.glob(".gomedic-*"))) == 1
    assert not list(tmp_path.glob(".gomedic-*"))


def test_what_is_missing_is_said(bundle, run, tmp_path):
    alone = Path(shutil.copy(bundle / "gomedic", tmp_path / "alone"))
    done = run(alone)
    assert (done.returncode, done.stdout) == (3, "")
    assert "keep the whole folder together" in done.stderr
    assert "保持整个文件夹完整" in run(alone, LC_ALL="zh_CN.UTF-8").stderr


@pytest.mark.parametrize("libc", [None, b"GLIBC_2.17\0GLIBC_2.300\0"], ids=["none", "old"])
def test_an_older_machine_gets_a_sentence(program, run, tmp_path, libc):
    if os.geteuid() != 0:
        pytest.skip("needs root, for a root file system of its own")
    shutil.copy(program, tmp_path / "gomedic")
    if libc is not None:
        for name, content in (("ld-linux-x86-64.so.2", b""), ("libc.so.6", libc)):
            (tmp_path / "lib64").mkdir(exist_ok=True)
            (tmp_path / "lib64" / name).write_bytes(content)
    done = run(shutil.which("chroot") or "/usr/sbin/chroot", str(tmp_path), "/gomedic")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert ("has none" if libc is None else "is older") in done.stderr
    assert not list(tmp_path.glob(".gomedic-*"))


def test_roots_helper_is_in_it(program, run):
    done = run(program, "--as-root-helper", input="{}", PYTHONINSPECT="1")
    assert msgspec.json.decode(done.stdout)["state"] == "refused"


def test_the_window_opens(display, person, program):
    if "headless" in str(program) or not shutil.which("xdotool"):
        pytest.skip("has no window" if "headless" in str(program) else "needs xdotool")
    env = {**person, "DISPLAY": display, "XAUTHORITY": os.environ.get("XAUTHORITY", ""), **STRANGE}
    with subprocess.Popen([program], env=env) as window:
        words = [
            "xdotool",
            "search",
            "--sync",
            "--onlyvisible",
            "--pid",
            str(window.pid),
            "--name",
            "gomedic",
        ]
        try:
            subprocess.run(words, capture_output=True, timeout=60, check=True)
        finally:
            window.kill()
