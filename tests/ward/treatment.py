"""What is done with one patient inside its machine: prove that it is ill, or let the doctor treat it."""

import contextlib
import json
import os
import re
import shlex
import stat
import time
from pathlib import Path
from typing import Any

from msgspec import Struct

from ward import chart, machine, sessions
from ward.admission import admit, carry_out
from ward.patient import Patient, Report

_PATIENCE = 180  # seconds for one command of the doctor


class Answer(Struct, frozen=True):
    """What the doctor answered to one command; `said` is empty where it was no JSON."""

    code: int
    said: dict[str, Any]
    complaint: str


def sick(patient: Patient) -> Report:
    """Return whether the patient is ill as its file says, and whether the reference cure cures it."""
    admit(patient)
    report = Report(id=patient.id)
    report.ill, report.seen = sessions.all_hold(patient, patient.symptom)
    if patient.cure is not None:
        done = carry_out(patient, patient.cure)
        well, seen = sessions.all_hold(patient, patient.well)
        report.cured = done.returncode == 0 and well
        report.seen += seen + ([done.stdout[-300:]] if done.returncode else [])
    report.ok = report.ill and report.cured is not False
    return report


def treat(patient: Patient, doctor: str, *, any_name: bool) -> Report:
    """Let the doctor diagnose, cure and take back; return how that went.

    `any_name` accepts a diagnosis under any check name, as long as it mentions what it must.
    """
    admit(patient)
    machine.hide_the_toolchain_store()
    report = Report(id=patient.id)
    before = chart.take()
    begun = time.monotonic()
    answer = _ask(patient, doctor, "check --json")
    report.seconds = round(time.monotonic() - begun, 2)
    findings = [f for f in answer.said.get("findings", []) if f.get("severity") in ("error", "warning")]
    honest = _is_honest(patient, answer, before, report)
    if patient.healthy:
        report.quiet = bool(answer.said) and not findings
        report.seen += [f"false alarm: {f.get('check')}: {f.get('message')}" for f in findings]
        report.ok = report.quiet and honest
        return report
    named = _diagnosis(patient, findings, any_name, report)
    if named and patient.curable:
        _cure(patient, doctor, named, before, report)
    report.ok = (
        bool(report.diagnosed) and report.cured is not False and report.restored is not False and honest
    )
    return report


def _is_honest(patient: Patient, answer: Answer, before: chart.Chart, report: Report) -> bool:
    """Note whether the exit code fits, the answer is JSON, and examining changed nothing."""
    expected = 0 if patient.healthy else 1
    if not answer.said or answer.code != expected:
        what = "" if answer.said else "no JSON "
        report.seen.append(f"check: rc {answer.code} (expected {expected}), {what}{answer.complaint}")
    changed = chart.differences(before, chart.take())
    if changed:
        report.seen.append(f"check changed the machine: {changed[:5]}")
    return bool(answer.said) and answer.code == expected and not changed


def _diagnosis(
    patient: Patient, findings: list[dict[str, Any]], any_name: bool, report: Report
) -> str | None:
    """Note how well the findings fit; return the id of the first that names the illness."""
    wanted = {str(f.get("check")) for f in findings} if any_name else set(patient.expect.finding)
    named = [f for f in findings if f.get("check") in wanted and _mentions(f, patient.expect.names)]
    report.diagnosed = bool(named)
    report.first = bool(named) and findings[0] in named
    report.noise = len([f for f in findings if f.get("check") not in wanted and not f.get("because_of")])
    if not named:
        found = [f.get("check") for f in findings]
        report.seen.append(f"found {found}, wanted {sorted(wanted)} naming {list(patient.expect.names)}")
    return str(named[0]["id"]) if named else None


def _mentions(finding: dict[str, Any], names: tuple[str, ...]) -> bool:
    said = json.dumps({key: value for key, value in finding.items() if key != "fixes"}, ensure_ascii=False)
    return all(name in said for name in names)


def _cure(patient: Patient, doctor: str, finding: str, before: chart.Chart, report: Report) -> None:
    fixed = _ask(patient, doctor, f"fix {shlex.quote(finding)} --yes --json")
    cured = chart.take()
    well, seen = sessions.all_hold(patient, patient.well)
    by_claims = _clear_away(cured)
    report.cured = fixed.code == 0 and well
    report.seen += seen + ([f"fix rc {fixed.code}: {fixed.complaint}"] if fixed.code else [])
    undone = _ask(patient, doctor, "undo --yes --json")
    different = [path for path in chart.differences(before, chart.take()) if path not in by_claims]
    report.restored = undone.code == 0 and not different
    if not report.restored:
        complaint = undone.complaint if undone.code else ""
        report.seen.append(f"undo rc {undone.code}, still different: {different[:6]} {complaint}")


def _clear_away(cured: chart.Chart) -> set[str]:
    """Remove what the claims left behind, which is not the doctor's; return every path they changed."""
    touched = chart.take()
    by_claims = set(chart.differences(cured, touched))
    for path in sorted(by_claims - cured.keys(), reverse=True):
        with contextlib.suppress(OSError):
            os.rmdir(path) if stat.S_ISDIR(touched[path][0]) else os.unlink(path)
    return by_claims


def _ask(patient: Patient, doctor: str, words: str) -> Answer:
    """Run one command of the doctor as the patient's account, from the session the patient says."""
    out, err = Path("/tmp/doctor.out"), Path("/tmp/doctor.err")
    script = f"{doctor} {words} 2>{err} >{out}; echo rc=$?"  # in sh, whatever the account's shell is
    done = sessions.run(patient, patient.examine_from, f"/bin/sh -c {shlex.quote(script)}", _PATIENCE)
    said = out.read_text(errors="replace") if out.exists() else ""
    complaint = err.read_text(errors="replace") if err.exists() else done.stdout
    out.unlink(missing_ok=True)
    err.unlink(missing_ok=True)
    code = int((re.findall(r"rc=(\d+)", done.stdout) or ["99"])[-1])
    try:
        return Answer(code, json.loads(said), complaint[-400:])
    except ValueError:
        return Answer(code, {}, (said + complaint)[-400:])
