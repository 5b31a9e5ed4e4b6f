"""The build cache is turned off, which Go no longer allows."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding
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


CHECK = Check("gocache-off", TITLE, WHY, _run)
