"""The build cache is turned off, which Go no longer allows."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("The build cache is on")
WHY = N_(
    "Since Go 1.12 go refuses to build without its cache; to run tests anew there is `go test -count=1`."
)
FOUND = N_("GOCACHE is set to off in {place}, and go refuses to build without a cache.")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOCACHE"):
        if value.value == "off":
            yield _values.finding(
                facts,
                value,
                "gocache-off",
                Message(FOUND, {"place": _values.place(facts, value.origin)}),
                WHY,
            )


CHECK = Check(
    "gocache-off",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"place": "~/.bashrc:12"}),
    found=N_("The value of GOCACHE is looked at, wherever it comes from: a start-up file or `go env -w`."),
    cured=N_(
        "The fix stops setting GOCACHE. To run tests anew: `go test -count=1`. To empty the cache: `go clean -cache`."
    ),
    threads=("golang/go#29378", "golang/go#29127", "golang/go#42993"),
)
