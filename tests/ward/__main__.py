"""The ward's command line: `python tests/ward`, or the launcher `ward` beside this file."""

import argparse
import os
import shlex
import shutil
import signal
import sys
from pathlib import Path

if not __package__:  # started as a folder
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from ward import machine, rounds, toolchains

CANNOT = 77  # the exit code that build tools know for "skipped"


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if sys.argv[1:2] == ["_inside"]:
        return rounds.inside(*sys.argv[2:4])
    parser = _parser()
    chosen = parser.parse_intermixed_args()
    if reason := machine.refusal():
        print(f"ward: {reason}", file=sys.stderr)
        return CANNOT
    if chosen.mode == "possible":
        return 0
    if chosen.mode == "prepare":
        toolchains.prepare()
        return 0
    doctor = _doctor(parser, chosen.doctor) if chosen.mode == "treat" else "/"
    orders = [
        rounds.Orders(chosen.mode, patient, doctor, chosen.any_name)
        for patient in rounds.load_all(chosen.patients)
    ]
    if chosen.mode == "shell":
        rounds.look_around(orders[0])
        return 0
    return _round(orders, chosen.j, as_json=chosen.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ward", description="Really broken machines to try the doctor on.")
    parser.add_argument("mode", choices=("possible", "prepare", "sick", "treat", "shell"))
    parser.add_argument("patients", nargs="*", metavar="PATIENT.toml")
    parser.add_argument("--json", action="store_true", help="print the reports as JSON")
    parser.add_argument("-j", type=int, default=2, metavar="N", help="patients at once (default 2)")
    parser.add_argument(
        "--any-name", action="store_true", help="accept any check name that mentions what it must"
    )
    parser.add_argument(
        "--doctor", default="gomedic", help="the command that is the doctor (default: gomedic)"
    )
    return parser


def _doctor(parser: argparse.ArgumentParser, command: str) -> str:
    """Return the doctor's command with its program's absolute path."""
    words = shlex.split(command)
    program = shutil.which(words[0])
    if not program or os.path.abspath(program).startswith(("/tmp/", "/run/")):
        parser.error(f"no such program, or under /tmp or /run, which a patient's machine has new: {words[0]}")
    return shlex.join([os.path.abspath(program), *words[1:]])


def _round(orders: list[rounds.Orders], at_once: int, *, as_json: bool) -> int:
    done = []
    for report in rounds.reports(orders, at_once):
        done.append(report)
        if not as_json:
            rounds.show(report)
    print(rounds.as_json(done) if as_json else rounds.closing_line(done))
    return 0 if all(report.ok for report in done) else 1


if __name__ == "__main__":
    sys.exit(main())
