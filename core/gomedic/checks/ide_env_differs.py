"""A running editor lacks a Go variable that terminals have."""

from collections.abc import Iterator

from gomedic.checks._words import seen, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.variables import in_go_env_file
from gomedic.model import Finding, Fix, Session, Severity, Variable
from gomedic.probes.go_settings import env_file
from gomedic.probes.running import Running
from gomedic.texts import N_, Message, Values

TITLE = N_("Editors and terminals give go the same settings")
WHY = N_(
    "An editor's server is started without the lines for interactive shells; what is stored with go env -w reaches both."
)
FOUND = N_("{name} is {value} in terminals, by {place}, but the running editor (process {pid}) has {other}.")
UNSET = N_("none")
STORE = N_("Store {name} with go env -w, where every process finds it")
NAMES = (
    "GOPROXY",
    "GOPRIVATE",
    "GONOPROXY",
    "GOSUMDB",
    "GONOSUMDB",
    "GOINSECURE",
    "GOFLAGS",
    "GOTOOLCHAIN",
    "GO111MODULE",
)


def _ahead(facts: Facts) -> None:
    facts.ask_running()


def _run(facts: Facts) -> Iterator[Finding]:
    fresh = facts.session("terminal")
    editors = [running for running in facts.running if running.is_editor]
    for name in NAMES:
        variable = fresh.variables.get(name) if fresh else None
        if fresh is None or variable is None or not variable.exported or not variable.origin.is_line:
            continue
        other = next((e for e in editors if facts.setting(e.session, name).value != variable.value), None)
        if other is not None:
            yield _finding(facts, name, variable, fresh, other)


def _finding(facts: Facts, name: str, variable: Variable, fresh: Session, running: Running) -> Finding:
    other = facts.setting(running.session, name).value
    place = f"{facts.short(variable.origin.path or '')}:{variable.origin.line}"
    values: Values = {
        "name": name, "value": variable.value, "place": place, "pid": running.pid, "other": other or Message(UNSET),
    }  # fmt: skip
    path = env_file(fresh)
    steps = in_go_env_file(facts, path, name, variable.value) if path else ()
    return Finding(
        check="ide-env-differs",
        subject=name,
        severity=Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(seen(variable.origin, fresh), told(running.session.label or "", running.session)),
        fixes=(Fix("store", Message(STORE, values), steps, safe=True),),
        sessions=("editor", running.session.kind),
        weight=12,
    )


CHECK = Check(
    "ide-env-differs",
    TITLE,
    WHY,
    _run,
    ahead=_ahead,
    severities=(Severity.WARNING,),
    example=Message(
        FOUND,
        {
            "name": "GOPROXY",
            "value": "https://goproxy.cn,direct",
            "place": "~/.bashrc:12",
            "pid": 2040,
            "other": Message(UNSET),
        },
    ),
    found=N_(
        "What start-up files set for terminals is compared with the environment that running editors really have, as the kernel tells it."
    ),
    cured=N_(
        "The fix stores the value with `go env -w`, where every process finds it, editors too. Restart the editor or its server once, so that it asks go anew."
    ),
    threads=("goproxy/goproxy.cn#179", "golang/vscode-go#1887", "golang/vscode-go#1010"),
)
