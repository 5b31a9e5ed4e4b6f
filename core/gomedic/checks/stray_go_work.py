"""A go.work above the project does not list it."""

import os
from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Fix, Move, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("The workspace lists the project")
WHY = N_(
    "go takes the nearest go.work upwards, and within a workspace builds only the modules that it lists."
)
FOUND = N_("{work} governs {module}, but does not list it, so nothing in the project builds.")
GONE = N_("{place} sets GOWORK to {work}, which does not exist, so go builds nothing.")
WHY_GONE = N_("Where GOWORK names a file, go works in that workspace, wherever it is called.")
ASIDE = N_("Rename {work} to {target}")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOWORK"):
        if value.value.startswith("/") and not facts.exists(value.value):
            message = Message(GONE, {"place": _values.place(facts, value.origin), "work": value.value})
            yield _values.finding(facts, value, "stray-go-work", message, WHY_GONE, weight=45)
    yield from _unlisted(facts)


def _unlisted(facts: Facts) -> Iterator[Finding]:
    project, work = facts.project, facts.workspace
    if project is None or work is None or os.path.dirname(project.module) in work.uses:
        return
    if any(facts.setting(session, "GOWORK").value for session in facts.judged_sessions):
        return
    target = work.file + ".disabled"
    values: Values = {"work": work.file, "module": facts.short(project.module), "target": target}
    hit = [session for session in facts.judged_sessions if session.go]
    step = Move(source=work.file, target=target, privileged=not facts.can_make(os.path.dirname(work.file)))
    yield Finding(
        check="stray-go-work",
        subject=work.file,
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(f"use {' '.join(work.uses)}", None, work.file, work.line),),
        fixes=(Fix("aside", Message(ASIDE, values), (step,), safe=not step.privileged),),
        sessions=kinds(hit),
        weight=45,
    )


CHECK = Check(
    "stray-go-work",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"work": "/home/student/go.work", "module": "~/hello/go.mod"}),
    found=N_(
        "The nearest go.work above the project is read for the project's folder, and the file that GOWORK names is looked for."
    ),
    cured=N_(
        "The fix renames a forgotten go.work, and go no longer takes it. If you do use that workspace, add the project: `go work use .`; for a single command say GOWORK=off before it."
    ),
    threads=("golang/go#51604", "golang/go#49632"),
)
