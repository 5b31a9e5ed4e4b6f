"""A stock machine: its root file system, made once, and a throw-away copy of it to examine."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from stock.recipes import RECIPES, Recipe
from ward.machine import DEFAULT_PATH, REPOSITORY

CACHE = Path(os.environ.get("STOCK_CACHE", "/var/cache/gomedic-stock"))
_LOADER = "ld-linux-x86-64.so.2"
_ENTER = """
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs {scratch}
mkdir {scratch}/upper {scratch}/work {scratch}/root
mount -t overlay overlay -o lowerdir={tree},upperdir={scratch}/upper,workdir={scratch}/work {scratch}/root
cd {scratch}/root
mkdir -p dev proc sys run tmp doctor .toolchain
mount --rbind /dev dev
mount --rbind /sys sys
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount --bind {libraries} doctor
mount --bind {toolchain} .toolchain
for place in {places}; do mkdir -p ".$place"; mount --bind "$place" ".$place"; done
chmod a+x root
mkdir -p old-root
pivot_root . old-root
/bin/umount -l /old-root 2>/dev/null || /bin/busybox umount -l /old-root
rmdir /old-root
cd /
exec /bin/sh -c "$STOCK_INSIDE"
"""


def lacking() -> str | None:
    """Return why no stock machine can be made here, None where they can."""
    if os.geteuid():
        return "only root can make root file systems"
    return None if shutil.which("mmdebstrap") else "mmdebstrap is not installed"


def tree(recipe: Recipe) -> Path:
    """Return where its root file system lies, made now where it does not yet."""
    place = CACHE / recipe.name
    if not place.is_dir():
        making = CACHE / f".{recipe.name}"
        shutil.rmtree(making, ignore_errors=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        CACHE.chmod(0o711)  # whoever looks for a go over the whole machine is not to find those in here
        _make(recipe, making)
        making.rename(place)
    return place


def _make(recipe: Recipe, place: Path) -> None:
    words = ["mmdebstrap", "--quiet", "--format=directory", f"--variant={recipe.variant}"]
    words += [f"--include={','.join(recipe.include)}", f"--components={recipe.components}"]
    if recipe.keyring:
        name, _slash, path = recipe.keyring.partition("/")
        words += [f"--keyring={tree(next(r for r in RECIPES if r.name == name)) / path}"]
    subprocess.run([*words, recipe.suite, str(place)], check=True)
    if recipe.finish:
        subprocess.run(
            ["sh", "-ec", recipe.finish], env={"PATH": DEFAULT_PATH, "ROOT": str(place)}, check=True
        )


def libraries() -> Path:
    """Return a folder with the loader and libraries of the Python that runs this, gathered now if need be.

    With them the doctor runs on a machine of another C library, which stays as it is.
    """
    place = CACHE / "doctor-libraries"
    place.mkdir(parents=True, exist_ok=True)
    programs = [
        Path(sys.executable).resolve(),
        *Path(sys.base_prefix).rglob("*.so"),
        *Path(sys.prefix).rglob("*.so"),
    ]
    wanted = [p for p in programs if "PySide6" not in p.parts]
    listed = subprocess.run(["ldd", *map(str, wanted)], capture_output=True, text=True, check=False).stdout
    for path in {
        line.split("=>")[-1].split(" (")[0].strip() for line in listed.splitlines() if " (0x" in line
    }:
        if path.startswith("/") and not (place / Path(path).name).exists():
            shutil.copy(path, place)
    return place


def run_on(recipe: Recipe, toolchain: Path, script: str) -> "subprocess.CompletedProcess[str]":
    """Run a shell script as root on a throw-away copy of the machine; Go's tree is in /.toolchain."""
    place = tree(recipe)
    scratch = CACHE / "scratch"
    scratch.mkdir(exist_ok=True)
    places = " ".join(shlex.quote(str(folder)) for folder in (sys.base_prefix, REPOSITORY))
    enter = _ENTER.format(
        scratch=scratch, tree=place, libraries=libraries(), toolchain=toolchain, places=places
    )  # fmt: skip
    unshare = ["unshare", "--mount", "--pid", "--fork", "--net", "--ipc", "--uts", "--kill-child"]
    return subprocess.run(
        [*unshare, "sh", "-c", enter], env={"PATH": DEFAULT_PATH, "STOCK_INSIDE": script},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def doctor(user: str, words: str) -> str:
    """Return the command line of the doctor on such a machine, for an account of it.

    Python itself becomes the account, because busybox has no program that would keep the environment as it is.
    """
    become = (
        "import os, pwd, sys, runpy; a = pwd.getpwnam(sys.argv.pop(1)); os.initgroups(a.pw_name, a.pw_gid); "
        "os.setgid(a.pw_gid); os.setuid(a.pw_uid); os.chdir(a.pw_dir); runpy.run_module('gomedic', run_name='__main__')"
    )
    python = shlex.quote(sys.executable)
    return f"/doctor/{_LOADER} --library-path /doctor {python} -c {shlex.quote(become)} {user} {words}"
