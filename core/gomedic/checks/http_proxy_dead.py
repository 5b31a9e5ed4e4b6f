"""The proxy that go is told to use does not answer."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import kinds, seen, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import merged
from gomedic.model import Finding, Fix, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("The proxy answers")
WHY = N_(
    "go sends every download through the proxy that these variables name; where nobody listens, each one fails."
)
FOUND = N_("Every download goes to the proxy {address}, by {names}, but nobody listens there.")
DROP = N_("Stop setting {names}")
NAMES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def _ahead(facts: Facts) -> None:
    for name in NAMES:
        for value in _values.values(facts, name):
            facts.ask_address(value.value)


def _run(facts: Facts) -> Iterator[Finding]:
    dead: dict[tuple[str, int], list[_values.Value]] = {}
    for name in NAMES:
        for value in _values.values(facts, name):
            address = facts.refused(value.value)
            if address is not None:
                dead.setdefault(address, []).append(value)
    for (host, port), found in dead.items():
        yield _finding(facts, f"{host}:{port}", found)


def _finding(facts: Facts, address: str, found: list[_values.Value]) -> Finding:
    names = ", ".join(dict.fromkeys(value.name for value in found))
    values: Values = {"names": names, "address": address}
    steps = merged([step for value in found for step in _values.drop_steps(facts, value)])
    fix = Fix("drop", Message(DROP, values), steps, safe=not any(step.privileged for step in steps))
    return Finding(
        check="http-proxy-dead",
        subject=address,
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(
            *(seen(value.origin, value.sessions[0]) for value in found),
            told(f"{address}: connection refused"),
        ),
        fixes=(fix,),
        sessions=tuple(dict.fromkeys(kind for value in found for kind in kinds(value.sessions))),
        weight=30,
    )


CHECK = Check(
    "http-proxy-dead",
    TITLE,
    WHY,
    _run,
    ahead=_ahead,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"names": "http_proxy, https_proxy", "address": "127.0.0.1:7890"}),
    found=N_(
        "A connection is tried to the address that http_proxy, https_proxy and all_proxy name. Only a refusal counts."
    ),
    cured=N_("If the proxy is meant to run, start it again. Else the fix stops setting these variables."),
    threads=("goproxy/goproxy.cn#68", "goproxyio/goproxy#140"),
)
