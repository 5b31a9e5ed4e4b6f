"""Modules are turned off."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("Modules are on")
WHY = N_(
    "With modules off, go.mod is not read: `go mod` refuses, and packages of the project itself are not found."
)
FOUND = N_("GO111MODULE is set to off in {place}, so go works without modules.")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GO111MODULE"):
        if value.value == "off":
            message = Message(FOUND, {"place": _values.place(facts, value.origin)})
            yield _values.finding(facts, value, "gomodule-off", message, WHY, severity=Severity.WARNING)


CHECK = Check(
    "gomodule-off",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(FOUND, {"place": "~/.bashrc:12"}),
    found=N_("The value of GO111MODULE is looked at, with the place that sets it."),
    cured=N_(
        "The fix stops setting GO111MODULE; modules are on by default since Go 1.16. If an old project needs them off, set it for the commands of that project alone."
    ),
    threads=("bootdotdev/bootdev#94", "therecipe/qt#1300", "https://go.dev/ref/mod"),
)
