"""What the checks cost: judging alone, over facts already probed, and each check of a whole examination.

    python tests/benchmarks/bench_checks.py [GO]      # GO: a Go tree that the account has on PATH

CPU time counts (time.process_time), the least of several runs, for other work may share the machine. The aims: all checks
together judge in under 20 ms; no check takes longer than the slowest session's own start-up and 0.3 s, on plain dotfiles.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from gomedic import checks
from gomedic.diagnosis import Check, begin, diagnose
from gomedic.facts import Facts
from gomedic.host import Host
from gomedic.machine import Machine as Probed
from gomedic.sessions.survey import survey
from gomedic.texts import Message
from made_up import GOMEDIC, Machine, refusal

RUNS = 7
JUDGING = 0.020  # seconds for all checks
PROBING = 0.3  # seconds for a check, beyond the slowest session


def judging() -> None:
    """Print what each check takes to judge, once everything that it asks is known; the least of RUNS."""
    host = Host.this_machine()
    facts = Facts(host, survey(host).sessions, machine=Probed(host))
    begun = time.process_time()
    begin(facts, checks.ALL)
    for _progress in facts.machine.questions.settle(Message("")):
        pass
    first = list(diagnose(facts, checks.ALL))  # learns what was not asked ahead
    print(f"probing: {(time.process_time() - begun) * 1000:.1f} ms of CPU time")
    runs = [[judged(facts, check) for check in checks.ALL] for _run in range(RUNS)]
    least = {check.id: min(run[at] for run in runs) for at, check in enumerate(checks.ALL)}
    for name, seconds in sorted(least.items(), key=lambda item: -item[1])[:10]:
        print(f"{seconds * 1000:7.2f} ms  {name}")
    total = min(sum(run) for run in runs)
    print(f"{total * 1000:7.2f} ms  all {len(first)} checks (aim: under {JUDGING * 1000:.0f} ms)")
    assert total < JUDGING
    facts.machine.questions.close()


def judged(facts: Facts, check: Check) -> float:
    begun = time.process_time()
    list(diagnose(facts, [check]))
    return time.process_time() - begun


def whole() -> None:
    """Print the slowest checks of `check --json` beside the slowest session."""
    best: dict[str, float] = {}
    for _run in range(3):
        said = subprocess.run([*GOMEDIC, "check", "--json"], capture_output=True, text=True, check=False)
        report = json.loads(said.stdout)
        slowest = max(session["seconds"] for session in report["sessions"])
        for check in report["checks"]:
            ratio = check["seconds"] / (slowest + PROBING)
            best[check["id"]] = min(ratio, best.get(check["id"], ratio))
    for name, ratio in sorted(best.items(), key=lambda item: -item[1])[:5]:
        print(f"{ratio:6.3f}  {name}")
    print("as a share of the slowest session's start-up and 0.3 s; the whole examination:")
    print(f"{report['examined']['seconds']:.3f} s, its slowest session {slowest:.3f} s")
    assert max(best.values()) < 1


def main() -> None:
    """Start again on a machine whose account has nothing but /etc/skel, and a Go on PATH if one is given."""
    if len(sys.argv) > 2:
        judging()
        whole()
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        subprocess.run(["cp", "-a", "/etc/skel", str(home)], check=True)
        go = sys.argv[1] if len(sys.argv) > 1 else ""
        with (home / ".bashrc").open("a") as bashrc:
            bashrc.write(f"export PATH={go}/bin:$PATH\n" if go else "")
        machine = Machine(Path(folder), home)
        given = [f"{name}={value}" for name, value in machine.env().items()]
        again = [sys.executable, __file__, go, "again"]
        subprocess.run(machine.words(["/usr/bin/env", "-i", *given, *again]), check=True, cwd=os.sep)


def test_the_cost_of_the_checks() -> None:
    if reason := refusal():
        pytest.skip(f"no account can be made up: {reason}")
    subprocess.run([sys.executable, __file__], check=True)


if __name__ == "__main__":
    main()
