"""Wheel and source archive: built from what is in the repository, and enough by themselves."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from loading import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
WINDOW = """
import sys
from gomedic_gui import __file__ as place
from gomedic_gui.app import application
from gomedic_gui.doctor import doctor_for
from gomedic_gui.window import Window
from gomedic.host import Host

app = application("zh_CN")
window = Window(doctor_for(Host.this_machine()))
window.show()
app.processEvents()
print(place, window.isVisible())
window.close()
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a fresh clone would have, with the changes that are not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("no git here: cannot tell the repository's files from others")
    folder = tmp_path_factory.mktemp("checkout")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def built(sources: Path, target: Path) -> tuple[Path, Path]:
    """Build in `sources`; return the wheel and the source archive."""
    words = [sys.executable, "-m", "hatchling", "build", "-d", str(target)]
    done = subprocess.run(words, cwd=sources, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return next(target.glob("*.whl")), next(target.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def products(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return built(checkout, tmp_path_factory.mktemp("products"))


@pytest.fixture(scope="module")
def installed(products: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel alone; what it depends on is that of the tests' environment."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    words = [sys.executable, "-m", "pip", "--python", str(folder), "install", "-q", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*words, str(products[0])], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    site = next(folder.glob("lib/python3.*/site-packages"))
    others = [path for path in sys.path if path.endswith("site-packages")]
    (site / "others.pth").write_text(
        "\n".join(others) + "\n"
    )  # their own .pth files, ours among them, are not read
    return folder


def run(folder: Path, home: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    env = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SHELL": "/bin/bash", **more}
    argv = [str(folder / "bin" / words[0]), *words[1:]]
    return subprocess.run(argv, cwd=home, env=env, capture_output=True, text=True, timeout=120, check=False)


# ------------------------------------------------------------------ what is inside


def test_the_wheel_has_all_that_the_program_reads(products: tuple[Path, Path]) -> None:
    names = set(zipfile.ZipFile(products[0]).namelist())
    wanted = {
        "gomedic/cli.py",
        "gomedic_gui/font/gomedic-sans-sc.otf",
        "gomedic_resources/locale/zh_CN/LC_MESSAGES/gomedic.mo",
        "gomedic_resources/integration/completions/_gomedic",
        "gomedic_resources/integration/man/zh_CN/man1/gomedic.1",
        "gomedic_resources/integration/io.github.gomedic.gomedic.policy",
        "gomedic_resources/keys/google.asc",
        f"gomedic-{VERSION}.data/data/share/applications/io.github.gomedic.gomedic.desktop",
        f"gomedic-{VERSION}.data/data/share/icons/hicolor/scalable/apps/gomedic.svg",
        f"gomedic-{VERSION}.data/data/share/man/man1/gomedic.1",
        f"gomedic-{VERSION}.dist-info/licenses/LICENSE",
    }
    assert wanted - names == set()
    assert [name for name in names if name.endswith((".po", ".pyc")) or name.startswith("tests/")] == []


def test_the_source_archive_has_what_its_tests_need(products: tuple[Path, Path]) -> None:
    with tarfile.open(products[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        "pyproject.toml",
        "LICENSE",
        "README.md",
        "Makefile",
        "packaging/compile_texts.py",
        "tests/conftest.py",
    }
    assert wanted - names == set()


def test_a_second_build_gives_the_same_bytes(
    checkout: Path, products: tuple[Path, Path], tmp_path: Path
) -> None:
    again = built(checkout, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in products]


def test_the_source_archive_builds_the_same_wheel(products: tuple[Path, Path], tmp_path: Path) -> None:
    with tarfile.open(products[1]) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    wheel, _archive = built(tmp_path / "unpacked" / f"gomedic-{VERSION}", tmp_path / "built")
    assert wheel.read_bytes() == products[0].read_bytes()


# ------------------------------------------------------------------ installed, without the sources


def test_it_starts_and_examines(installed: Path, home: Path) -> None:
    assert run(installed, home, "gomedic", "--version").stdout == f"gomedic {VERSION}\n"
    done = run(installed, home, "gomedic", "check", "--only", "no-go-installed", "--json")
    assert json.loads(done.stdout)["examined"]["home"] == str(home), done.stderr


def test_it_speaks_chinese(installed: Path, home: Path) -> None:
    assert "检查并报告" in run(installed, home, "gomedic", "--help", LANG="zh_CN.UTF-8").stdout


def test_its_window_opens(installed: Path, home: Path) -> None:
    done = run(
        installed, home, "python", "-c", WINDOW, QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=str(home)
    )
    place, visible = done.stdout.split()
    assert (place.startswith(str(installed)), visible) == (True, "True"), done.stderr


def test_it_belongs_to_pip_and_adds_only_what_goes_with_it(installed: Path, home: Path) -> None:
    done = run(installed, home, "gomedic", "install-self", "--user", "--json")
    told = json.loads(done.stdout)
    assert (told["owner"], told["program"]) == ("pip", str(installed))
    assert not os.path.lexists(home / ".local/bin/gomedic")
    assert (home / ".local/share/bash-completion/completions/gomedic").is_file()
    entry = (home / ".local/share/applications/io.github.gomedic.gomedic.desktop").read_text()
    assert f'Exec="{installed}/bin/gomedic"' in entry
    assert run(installed, home, "gomedic", "uninstall-self").returncode == 0
    assert not (home / ".local").exists()
