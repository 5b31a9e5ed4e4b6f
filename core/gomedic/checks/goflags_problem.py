"""GOFLAGS holds what go cannot read, or what breaks every project but one."""

import re
from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import replace_line
from gomedic.model import Finding, Fix, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("GOFLAGS suits every project")
WHY = N_("GOFLAGS is added to every go command, everywhere; a mistake in it stops even `go version`.")
BARE = N_(
    "GOFLAGS is set to {value} in {place}: go takes {word} for a flag of its own and refuses every command."
)
VENDOR = N_("GOFLAGS is set to {value} in {place}, so every project without a vendor folder fails to build.")
JOIN = N_("Write {joined} in GOFLAGS")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOFLAGS"):
        words = flags(value.value)
        bare = next((word for word in words if not word.startswith("-") or word in ("-", "--")), None)
        values: Values = {
            "value": value.value,
            "place": _values.place(facts, value.origin),
            "word": bare or "",
        }
        if bare is not None:
            fixes = (*_join(facts, value, words, bare), *_values.drop_fixes(facts, value))
            yield _values.finding(
                facts, value, "goflags-problem", Message(BARE, values), WHY, fixes=fixes, weight=57
            )
        elif "-mod=vendor" in words or "--mod=vendor" in words:
            message = Message(VENDOR, values)
            yield _values.finding(facts, value, "goflags-problem", message, WHY, severity=Severity.WARNING)


def flags(text: str) -> list[str]:
    """Split GOFLAGS as go does: at blanks, a whole item may stand in quotes (cmd/go/internal/base, GOFLAGS)."""
    return [quoted or other for quoted, other in re.findall(r"""['"]([^'"]*)['"]|(\S+)""", text)]


def _join(facts: Facts, value: _values.Value, words: list[str], bare: str) -> tuple[Fix, ...]:
    """Offer `-tags=six` for `-tags six`, where that is what the line says."""
    at = words.index(bare)
    if at == 0 or not words[at - 1].startswith("-") or "=" in words[at - 1] or value.origin.path is None:
        return ()
    apart, joined = f"{words[at - 1]} {bare}", f"{words[at - 1]}={bare}"
    step = replace_line(
        facts,
        value.origin.path,
        value.origin.line or 0,
        lambda line: line.replace(apart, joined) if apart in line else None,
    )
    if step is None:
        return ()
    return (Fix("join", Message(JOIN, {"joined": joined}), (step,), safe=not step.privileged),)


CHECK = Check(
    "goflags-problem",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(BARE, {"value": "-tags six", "place": "~/.profile:9", "word": "six"}),
    found=N_(
        "GOFLAGS is split into words as go splits it. A word that is no flag is told, and so is -mod=vendor, which is right for single projects only."
    ),
    cured=N_(
        "Where a flag was written with a blank, the fix joins it: -tags=six. Else it stops setting GOFLAGS. A flag for one project belongs on that project's command line or in its Makefile."
    ),
    threads=(
        "Jguer/yay#1525",
        "golang/go#27368",
        "golang/vscode-go#1595",
        "bazel-contrib/bazel-gazelle#1150",
    ),
)
