"""GOOS or GOARCH is left over from a build for another machine."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Go builds for this machine")
WHY = N_(
    "Left set, it has go build everything for the other machine: builds succeed, and nothing that is built can run here."
)
FOUND = N_(
    "{name} is set to {value} in {place}, but this machine is {native}: what go builds cannot run here."
)


def _run(facts: Facts) -> Iterator[Finding]:
    for name, native in (("GOOS", "linux"), ("GOARCH", facts.native_arch)):
        for value in _values.values(facts, name):
            if value.value != native:
                values: Values = {
                    "name": name,
                    "value": value.value,
                    "native": native,
                    "place": _values.place(facts, value.origin),
                }
                message = Message(FOUND, values)
                yield _values.finding(
                    facts, value, "goos-goarch-leftover", message, WHY, severity=Severity.WARNING
                )


CHECK = Check(
    "goos-goarch-leftover",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(
        FOUND, {"name": "GOARCH", "value": "arm64", "place": "~/.config/go/env:1", "native": "amd64"}
    ),
    found=N_("GOOS and GOARCH are compared with this machine, with the place that sets them."),
    cured=N_(
        "The fix stops setting the variable. To build for another machine, set it for that one command: `GOARCH=arm64 go build`."
    ),
    threads=("golang/go#57108", "golang/go#57693"),
)
