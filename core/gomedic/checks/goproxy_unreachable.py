"""The module proxy that go is told to use does not answer."""

import re
from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("The module proxy answers")
WHY = N_(
    "go asks the first module proxy of GOPROXY, and goes on to the next only after certain answers; a refused connection is none of them."
)
FOUND = N_("GOPROXY is set to {value} in {place}, but nobody listens at {address}.")


def _ahead(facts: Facts) -> None:
    for value in _values.values(facts, "GOPROXY"):
        if "://" in (first := _first(value.value)):
            facts.ask_address(first)


def _first(value: str) -> str:
    return re.split(r"[,|]", value)[0]


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOPROXY"):
        first = _first(value.value)
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


CHECK = Check(
    "goproxy-unreachable",
    TITLE,
    WHY,
    _run,
    ahead=_ahead,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND, {"value": "http://127.0.0.1:3000", "place": "~/.config/go/env:1", "address": "127.0.0.1:3000"}
    ),
    found=N_(
        "A connection to the first proxy of GOPROXY is tried. Only a refusal counts; where no answer comes, the network may just be down."
    ),
    cured=N_(
        "The fix stops setting GOPROXY, and go takes its own mirror. Where that cannot be reached, store another: `go env -w GOPROXY=https://goproxy.cn,direct`. If the proxy is your own, start it again."
    ),
    threads=("Sansui233/proxypool#17", "goproxy/goproxy.cn#124"),
)
