"""`gomedic check --json` beside four bare `bash -lic true` started at once: plain Debian dotfiles, one run, interleaved.

    python tests/benchmarks/bench_check.py [RUNS]

The four shells are what an examination cannot do without: every start-up file has to be run by the real shell.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from made_up import GOMEDIC, Machine, refusal

RUNS = 11
SHELLS = 4


def seconds_of(*commands: list[str], env: dict[str, str]) -> float:
    """Return how long these commands take when started at once."""
    begun = time.perf_counter()
    started = [
        subprocess.Popen(
            words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for words in commands
    ]  # fmt: skip
    for process in started:
        process.wait()
    return time.perf_counter() - begun


def measure(env: dict[str, str], runs: int) -> None:
    """Print the seconds of each run of both, and the medians."""
    bare, check, start = [], [], []
    for number in range(runs + 1):
        shells = seconds_of(*[["/bin/bash", "-lic", "true"]] * SHELLS, env=env)
        ours = seconds_of([*GOMEDIC, "check", "--json"], env=env)
        only_start = seconds_of([*GOMEDIC, "--version"], env=env)
        if number:  # the first warms the page cache up
            bare.append(shells)
            check.append(ours)
            start.append(only_start)
            print(
                f"4 × bash -lic {shells:.3f} s   check {ours:.3f} s   --version {only_start:.3f} s",
                flush=True,
            )
    middle = [statistics.median(values) for values in (bare, check, start)]
    print("medians: 4 × bash -lic {:.3f} s, check {:.3f} s, --version {:.3f} s".format(*middle))
    print(f"check takes {middle[1] / middle[0]:.1f} times the four shells; aim: half a second")


def main() -> None:
    """Start again on a machine whose account has nothing but /etc/skel, and measure there."""
    if len(sys.argv) > 2:
        measure(
            {"HOME": sys.argv[2], "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}, int(sys.argv[1])
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(shutil.copytree("/etc/skel", f"{folder}/home"))
        again = [sys.executable, __file__, sys.argv[1] if len(sys.argv) > 1 else str(RUNS), str(home)]
        subprocess.run(Machine(Path(folder), home).words(again), check=True)


def test_the_speed_of_an_examination() -> None:
    if reason := refusal():
        pytest.skip(f"no account can be made up: {reason}")
    subprocess.run([sys.executable, __file__], check=True)


if __name__ == "__main__":
    main()
