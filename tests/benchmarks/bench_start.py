"""How fast the bundles start, beside the same from source: the version, and the window's first paint. One run, interleaved.

    python tests/benchmarks/bench_start.py [RUNS] [--dist FOLDER]

The first paint is the first change of a virtual display's memory (Xvfb's -fbdir), without a window manager. What is
measured is warm: the first run of each does not count. The aims: 0.25 s to the version, 0.9 s to the first paint.
"""

import argparse
import mmap
import os
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNS = 9
PATIENCE = 60.0  # seconds


def contestants(dist: Path) -> dict[str, list[str]]:
    """Return what starts gomedic, by name; only what is there."""
    machine = os.uname().machine
    files = sorted(dist.glob(f"gomedic*-linux-{machine}"))
    found = {"source": ROOT / ".venv" / "bin" / "gomedic", "folder": dist / "gomedic" / "gomedic"}
    found["headless folder"] = dist / "gomedic-headless" / "gomedic"
    found |= {("headless one file" if "headless" in path.name else "one file"): path for path in files}
    return {name: [str(path)] for name, path in found.items() if os.access(path, os.X_OK)}


def seconds_to_version(words: list[str], env: Mapping[str, str]) -> float:
    """Return how long `--version` takes."""
    begun = time.perf_counter()
    subprocess.run([*words, "--version"], env=env, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


@contextmanager
def screen(folder: Path) -> Iterator[tuple[str, mmap.mmap]]:
    """Start an X server; yield its display and the memory of its only screen."""
    read, write = os.pipe()
    words = [
        "Xvfb",
        "-displayfd",
        str(write),
        "-screen",
        "0",
        "1400x900x24",
        "-fbdir",
        str(folder),
        "-nolisten",
        "tcp",
    ]
    with subprocess.Popen([*words, "-noreset"], pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        with (folder / "Xvfb_screen0").open("rb") as file:
            memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        try:
            yield display, memory
        finally:
            memory.close()
            server.terminate()


def picture(memory: mmap.mmap) -> bytes:
    """Return what is shown, without the file's header (X11/XWDFile.h)."""
    header, colours = struct.unpack(">I", memory[:4])[0], struct.unpack(">I", memory[76:80])[0]
    return memory[header + colours * 12 :]


def seconds_to_paint(words: list[str], env: Mapping[str, str], memory: mmap.mmap) -> float:
    """Return how long it takes until anything is shown."""
    before = picture(memory)
    begun = time.perf_counter()
    with subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, start_new_session=True) as window:
        while picture(memory) == before:
            assert time.perf_counter() - begun < PATIENCE, "no window came"
            assert window.poll() is None, "it ended without a window"
            time.sleep(0.002)
        passed = time.perf_counter() - begun
        os.killpg(window.pid, signal.SIGKILL)
    until = time.perf_counter() + PATIENCE
    while picture(memory) != before and time.perf_counter() < until:
        time.sleep(0.01)
    return passed


def report(kind: str, aim: float, seconds: Mapping[str, list[float]]) -> None:
    """Print the medians, the least, and the ratio to source."""
    source = statistics.median(seconds["source"])
    print(f"{kind}; aim: {aim:g} s")
    for name, values in seconds.items():
        middle = statistics.median(values)
        print(
            f"  {name:18} median {middle:.3f} s   least {min(values):.3f} s   {middle / source:.2f} times source"
        )


def measure(runs: int, dist: Path) -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir()
        env = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
        versions: dict[str, list[float]] = {}
        for number in range(runs + 1):
            for name, words in contestants(dist).items():
                seconds = seconds_to_version(words, env)
                if number:
                    versions.setdefault(name, []).append(seconds)
        report("version", 0.25, versions)
        if not shutil.which("Xvfb"):
            return
        paints: dict[str, list[float]] = {}
        with screen(Path(folder)) as (display, memory):
            for number in range(runs + 1):
                for name, words in contestants(dist).items():
                    if "headless" in name:
                        continue
                    seconds = seconds_to_paint(words, {**env, "DISPLAY": display}, memory)
                    if number:
                        paints.setdefault(name, []).append(seconds)
        report("first paint", 0.9, paints)


def main() -> None:
    """Measure as the words say."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("runs", nargs="?", type=int, default=RUNS)
    words.add_argument("--dist", type=Path, default=ROOT / "dist")
    given = words.parse_args()
    measure(given.runs, given.dist)


def test_how_fast_the_bundles_start() -> None:
    if len(contestants(ROOT / "dist")) < 2:
        pytest.skip("there is no bundle in dist: make one with `make dist`")
    subprocess.run([sys.executable, __file__], check=True)


if __name__ == "__main__":
    main()
