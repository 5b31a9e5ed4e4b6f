"""GOPATH is the folder of a module."""

import os
from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.shell_text import home_relative
from gomedic.fixes.variables import set_value
from gomedic.model import Finding, Fix, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("GOPATH is no project")
WHY = N_(
    "GOPATH holds modules that go fetches and programs that it installs. A project with a go.mod belongs somewhere else."
)
FOUND = N_(
    "GOPATH is set to {value} in {place}, and a go.mod lies there: go refuses to work in such a project, or ignores its go.mod."
)
SET = N_("Make {better} the workspace")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOPATH"):
        folder = next(
            (e for e in value.value.split(":") if e.startswith("/") and facts.is_file(f"{e}/go.mod")), None
        )
        if folder is not None:
            values: Values = {"value": folder, "place": _values.place(facts, value.origin)}
            shown = (told(f"{folder}/go.mod", file=f"{folder}/go.mod"),)
            fixes = (*_better(facts, value), *_values.drop_fixes(facts, value))
            message = Message(FOUND, values)
            yield _values.finding(
                facts, value, "gopath-is-module", message, WHY, fixes=fixes, more=shown, weight=55
            )


def _better(facts: Facts, value: _values.Value) -> tuple[Fix, ...]:
    """Later lines may use $GOPATH, so it gets another value rather than none."""
    better = os.path.join(facts.home, "go")
    step = set_value(facts, "GOPATH", value.origin, home_relative(better, facts.home))
    if step is None or step.privileged or value.where != "environment":
        return ()
    return (Fix("workspace", Message(SET, {"better": facts.short(better)}), (step,), safe=True),)


CHECK = Check(
    "gopath-is-module",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"value": "/home/student/projects/hello", "place": "~/.bashrc:12"}),
    found=N_("A go.mod is looked for at the top of every folder that GOPATH names."),
    cured=N_(
        "The fix makes ~/go the workspace again, or stops setting GOPATH. Your project stays where it is."
    ),
    threads=("golang/go#38896", "docker-library/golang#458"),
)
