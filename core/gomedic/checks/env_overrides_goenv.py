"""An exported variable overrides what was stored with `go env -w`."""

from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Severity
from gomedic.probes.go_settings import EnvLine, env_file
from gomedic.texts import N_, Message, Values

TITLE = N_("What go env -w stored is what go takes")
WHY = N_("go takes a variable of the environment before its own file, so `go env -w` had no effect.")
FOUND = N_(
    "{name} is set to {value} in {place}, so {stored}, stored in {file} with `go env -w`, has no effect."
)
_NO_MATTER = ("GOROOT", "GOENV")


def _run(facts: Facts) -> Iterator[Finding]:
    path = next((env_file(session) for session in facts.judged_sessions if session.go), None)
    for name, line in facts.settings.lines(path).items():
        for value in _values.values(facts, name) if name not in _NO_MATTER else ():
            if (
                value.where == "environment"
                and line.value
                and value.value != line.value
                and value.origin.is_line
            ):
                yield _finding(facts, value, line, path or "")


def _finding(facts: Facts, value: _values.Value, line: EnvLine, path: str) -> Finding:
    values: Values = {
        "name": value.name, "value": value.value, "place": _values.place(facts, value.origin),
        "stored": line.value, "file": facts.short(path),
    }  # fmt: skip
    stored: tuple[Evidence, ...] = (told(line.text, None, path, line.line),)
    return _values.finding(
        facts,
        value,
        "env-overrides-goenv",
        Message(FOUND, values),
        WHY,
        severity=Severity.WARNING,
        more=stored,
        weight=15,
    )


CHECK = Check(
    "env-overrides-goenv",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(
        FOUND,
        {
            "name": "GOPROXY",
            "value": "https://proxy.golang.org,direct",
            "place": "~/.bashrc:12",
            "stored": "https://goproxy.cn,direct",
            "file": "~/.config/go/env",
        },
    ),
    found=N_(
        "Each line of the file that `go env -w` writes is compared with what start-up files export under the same name."
    ),
    cured=N_(
        "The fix takes the exporting line away, so that the stored value counts. If the exported value is the one you want, remove the stored one instead: `go env -u GOPROXY`."
    ),
    threads=("golang/go#68270", "golang/go#52230"),
)
