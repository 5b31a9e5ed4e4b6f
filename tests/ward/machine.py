"""The throw-away machine: a copy-on-write view of the real one, in namespaces of its own."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ward.toolchains import CACHE

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
REPOSITORY = Path(__file__).resolve().parents[2]
_GO_OF_THE_REAL_MACHINE = (
    "usr/bin/go", "usr/bin/gofmt", "usr/local/bin/go", "usr/local/go", "usr/lib/go", "usr/lib/go-*", "opt/go*",
    "root/.config/go", "root/go", "root/sdk", "root/.cache/go-build",
)  # fmt: skip
_START_UP_FILES_OF_ROOT = (
    "root/.bash*", "root/.profile", "root/.zsh*", "root/.zcomp*", "root/.config/fish", "root/.local/share/fish",
    "root/.gitconfig", "root/.ssh",
)  # fmt: skip


_TRIAL = """
set -e
place=$(mktemp -d)
trap 'umount -l "$place" 2>/dev/null; rmdir "$place"' EXIT
mount --make-rprivate /
mount -t tmpfs tmpfs "$place"
mkdir "$place/upper" "$place/work" "$place/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" "$place/root"
"""


def refusal() -> str | None:
    """Return why no patient can have a machine here, None where they can."""
    if os.geteuid():
        return "only root can give each patient a machine of its own"
    tried = subprocess.run([*_unshare(), "sh", "-c", _TRIAL], check=False, capture_output=True, text=True)
    return (
        None if tried.returncode == 0 else f"no namespaces and overlays here ({tried.stderr.strip()[-200:]})"
    )


def start(words: Sequence[str], image_environment: Mapping[str, str], *, interactive: bool = False) -> str:
    """Run `ward WORDS` as process 1 of a new machine; return what it wrote to standard error.

    `image_environment` is what process 1 has besides PATH. An interactive one keeps the terminal.
    """
    done = subprocess.run(
        [*_unshare(), sys.executable, str(Path(__file__).parent), *words],
        env={"PATH": DEFAULT_PATH, **image_environment}, check=False, text=True,
        stderr=None if interactive else subprocess.PIPE, stdin=None if interactive else subprocess.DEVNULL,
    )  # fmt: skip
    return done.stderr or ""


def enter(doctor: str, *, user_namespaces: bool) -> None:
    """Move into a copy-on-write view of the file system, with its own /proc, /tmp, /run and loopback.

    Whoever the patient is, it can reach the program `doctor`.

    pivot_root leaves the old root behind, so that user namespaces work inside as on a real machine; after
    chroot alone the kernel refuses them, as in many containers (user_namespaces(7)).
    """
    root = _overlay()
    for name in ("dev", "sys"):
        _mount("--rbind", f"/{name}", str(root / name))
    _mount("-t", "proc", "proc", str(root / "proc"))
    os.chdir(root)
    if user_namespaces:
        _pivot()
    else:
        os.chroot(".")
    os.chdir("/")
    _mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/tmp")
    _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=False)
    _forget_the_real_machine()
    python = Path(sys.executable)
    _let_everybody_reach(Path(doctor), Path(doctor).resolve(), python, python.resolve(), REPOSITORY)


def hide_the_toolchain_store() -> None:
    """Cover the ward's own Go trees, which a doctor would rightly find, with an empty folder."""
    _mount("-t", "tmpfs", "tmpfs", str(CACHE))


def _unshare() -> list[str]:
    program = shutil.which("unshare", path=DEFAULT_PATH) or "unshare"
    return [program, "--mount", "--pid", "--fork", "--net", "--ipc", "--uts", "--kill-child"]


def _overlay() -> Path:
    place = CACHE / "machine"
    place.mkdir(parents=True, exist_ok=True)
    _mount("--make-rprivate", "/")
    _mount("-t", "tmpfs", "tmpfs", str(place))
    for name in ("upper", "work", "root"):
        (place / name).mkdir()
    layers = f"lowerdir=/,upperdir={place}/upper,workdir={place}/work"
    _mount("-t", "overlay", "overlay", "-o", layers, str(place / "root"))
    return place / "root"


def _pivot() -> None:
    Path("old-root").mkdir(exist_ok=True)
    subprocess.run(["pivot_root", ".", "old-root"], check=True)
    subprocess.run(["umount", "-l", "/old-root"], check=True)
    os.rmdir("/old-root")


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def _forget_the_real_machine() -> None:
    for pattern in (*_GO_OF_THE_REAL_MACHINE, *_START_UP_FILES_OF_ROOT):
        for stray in Path("/").glob(pattern):
            if stray.is_dir() and not stray.is_symlink():
                shutil.rmtree(stray)
            else:
                stray.unlink()
    for name in ("bashrc", "profile"):
        shipped = Path(f"/usr/share/base-files/dot.{name}")
        if shipped.exists():
            shutil.copy(shipped, f"/root/.{name}")


def _let_everybody_reach(*places: Path) -> None:
    """Let the patient's account pass every folder on the way to these places."""
    for folder in {parent for place in places for parent in place.parents}:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)
