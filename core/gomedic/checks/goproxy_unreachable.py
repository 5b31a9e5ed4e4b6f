"""The module proxy that go is told to use does not answer."""

import re
from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding
from gomedic.texts import N_, Message, Values

TITLE = N_("The module proxy answers")
WHY = N_(
    "go asks the first module proxy of GOPROXY, and goes on to the next only after certain answers; a refused connection is none of them."
)
FOUND = N_("GOPROXY is set to {value} in {place}, but nobody listens at {address}.")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOPROXY"):
        first = re.split(r"[,|]", value.value)[0]
        address = facts.refused(first) if "://" in first else None
        if address is not None:
            shown = f"{address[0]}:{address[1]}"
            values: Values = {
                "value": value.value,
                "place": _values.place(facts, value.origin),
                "address": shown,
            }
            more = (told(f"{shown}: connection refused"),)
            yield _values.finding(
                facts, value, "goproxy-unreachable", Message(FOUND, values), WHY, more=more, weight=30
            )


CHECK = Check("goproxy-unreachable", TITLE, WHY, _run)
