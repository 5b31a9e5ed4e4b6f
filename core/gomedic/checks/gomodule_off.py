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


CHECK = Check("gomodule-off", TITLE, WHY, _run)
