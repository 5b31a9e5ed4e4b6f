"""A round through the ward: each patient in a machine of its own, some at once, and the totals."""

import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from msgspec import Struct

from ward import machine, treatment
from ward.admission import admit, script_environment
from ward.patient import VERDICTS, Patient, Report, load
from ward.toolchains import CACHE


class Orders(Struct, frozen=True):
    """What process 1 of a patient's machine is to do."""

    mode: str  # sick treat shell
    patient: Patient
    doctor: str = "/"  # a command line; its program by absolute path
    any_name: bool = False


def reports(orders: Sequence[Orders], at_once: int) -> Iterator[Report]:
    """Yield the report of each patient, in order."""
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(one, orders)


def one(orders: Orders) -> Report:
    """Admit one patient to a machine of its own and return its report; a ward that fails is a failed patient."""
    with tempfile.TemporaryDirectory(prefix="ward-answer.", dir=CACHE) as folder:
        answer = Path(folder, "answer.json")
        answer.touch()
        complaint = machine.start(_words(orders, answer), orders.patient.env)
        if text := answer.read_bytes():
            return msgspec.json.decode(text, type=Report)
    return Report(id=orders.patient.id, ok=False, seen=[f"ward: {complaint.strip()[-600:]}"])


def look_around(orders: Orders) -> None:
    """Open a root shell inside a patient's machine."""
    machine.start(_words(orders, Path(os.devnull)), orders.patient.env, interactive=True)


def _words(orders: Orders, answer: Path) -> list[str]:
    return ["_inside", msgspec.json.encode(orders).decode(), str(answer)]


def inside(encoded: str, answer: str) -> int:
    """Carry out orders as process 1 of a new machine."""
    orders = msgspec.json.decode(encoded, type=Orders)
    out = os.open(answer, os.O_WRONLY)  # of the file system that is left in the next line
    machine.enter(shlex.split(orders.doctor)[0], user_namespaces=orders.patient.userns)
    if orders.mode == "shell":
        admit(orders.patient)
        subprocess.run(["bash", "-i"], env=script_environment(orders.patient), check=False)
        return 0
    if orders.mode == "sick":
        report = treatment.sick(orders.patient)
    else:
        report = treatment.treat(orders.patient, orders.doctor, any_name=orders.any_name)
    os.write(out, msgspec.json.encode(report))
    return 0


def load_all(paths: Sequence[str]) -> list[Patient]:
    """Return the patients of these files."""
    return [load(Path(path)) for path in paths]


def show(report: Report) -> None:
    """Print one line of a patient's verdicts, and what went wrong."""
    facts = {
        name: value for name, value in msgspec.to_builtins(report).items() if name not in ("id", "seen", "ok")
    }
    flags = " ".join(f"{name}={_word(value)}" for name, value in facts.items())
    print(f"{'ok  ' if report.ok else 'FAIL'} {report.id}: {flags}", flush=True)
    for line in [] if report.ok else report.seen:
        print(f"       {line[:600]}", flush=True)


def _word(value: object) -> object:
    return {True: "yes", False: "NO"}[value] if isinstance(value, bool) else value


def totals(done: Sequence[Report]) -> dict[str, tuple[int, int]]:
    """Return for each verdict how many patients have it, of how many that were asked."""
    asked = {name: [getattr(r, name) for r in done if getattr(r, name) is not None] for name in VERDICTS}
    return {name: (sum(verdicts), len(verdicts)) for name, verdicts in asked.items()}


def closing_line(done: Sequence[Report]) -> str:
    """Return the totals in one line."""
    return "; ".join(f"{name} {good}/{all_}" for name, (good, all_) in totals(done).items() if all_)


def as_json(done: Sequence[Report]) -> str:
    """Return the totals and every report as JSON."""
    return json.dumps(
        {"totals": totals(done), "patients": msgspec.to_builtins(done)}, ensure_ascii=False, indent=1
    )
