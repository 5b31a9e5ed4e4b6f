"""The C compiler that cgo is told to use is not there."""

import os
from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("The C compiler of cgo is there")
WHY = N_("Packages that use C are compiled with CC; plain Go builds without it, so only some projects fail.")
FOUND = N_(
    "CC is set to {value} in {place}, but there is no such program, so every package that uses cgo fails."
)


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "CC"):
        program = value.value.split()[0] if value.value.split() else ""
        folders = [entry.entry for entry in value.sessions[0].path]
        there = (
            facts.is_file(program)
            if "/" in program
            else any(facts.is_file(os.path.join(f, program)) for f in folders)
        )
        if program and not there:
            values: Values = {"value": program, "place": _values.place(facts, value.origin)}
            shown = (told(f"CC={value.value}", value.sessions[0]),)
            message = Message(FOUND, values)
            yield _values.finding(
                facts, value, "cc-missing", message, WHY, severity=Severity.WARNING, more=shown, weight=20
            )


CHECK = Check(
    "cc-missing",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(FOUND, {"value": "x86_64-pc-linux-gnu-gcc", "place": "~/.bashrc:12"}),
    found=N_(
        "The program that CC names is looked for: at its path where one is given, else in every folder on PATH."
    ),
    cured=N_(
        "The fix stops setting CC, and go takes gcc again. If you need that very compiler, install it instead. Projects without C code build all the same."
    ),
    threads=("golang/go#52064", "https://pkg.go.dev/cmd/cgo"),
)
