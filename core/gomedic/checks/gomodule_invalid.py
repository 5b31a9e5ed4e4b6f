"""GO111MODULE has a value that Go does not know."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("GO111MODULE is on, off or auto")
WHY = N_("go knows no other value and refuses every command but `go version`; unset is right today.")
FOUND = N_("GO111MODULE is set to {value} in {place}; go knows only on, off and auto.")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GO111MODULE"):
        if value.value not in ("on", "off", "auto"):
            values: Values = {"value": value.value, "place": _values.place(facts, value.origin)}
            yield _values.finding(facts, value, "gomodule-invalid", Message(FOUND, values), WHY)


CHECK = Check(
    "gomodule-invalid",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"value": "false", "place": "~/.config/go/env:1"}),
    found=N_(
        "The value of GO111MODULE is read from start-up files and from the file of `go env -w` itself, because `go env` may refuse to answer where it is wrong."
    ),
    cured=N_("The fix stops setting GO111MODULE where it is set. Unset is right: modules are on."),
    threads=("golang/go#34880", "golang/go#36594"),
)
