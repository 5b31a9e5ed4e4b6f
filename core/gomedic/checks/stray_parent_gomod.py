"""A forgotten go.mod takes in every folder below it."""

import os
from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Fix, Move, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("No forgotten go.mod lies above the project")
WHY = N_(
    "go takes the nearest go.mod upwards, so one in the home folder governs every folder below that has none of its own."
)
FOUND = N_(
    "{module} takes in {folder}, which has no go.mod of its own: go asks for what that module requires."
)
ASIDE = N_("Rename {module} to {target}")


def _run(facts: Facts) -> Iterator[Finding]:
    project = facts.project
    if project is None or os.path.dirname(project.module) not in (facts.home.rstrip("/"), "/", "/tmp"):  # noqa: S108
        return
    if project.folder == os.path.dirname(project.module):
        return
    target = project.module + ".disabled"
    values: Values = {"module": project.module, "folder": facts.short(project.folder), "target": target}
    hit = [session for session in facts.judged_sessions if session.go]
    step = Move(
        source=project.module, target=target, privileged=not facts.can_make(os.path.dirname(project.module))
    )
    yield Finding(
        check="stray-parent-gomod",
        subject=project.module,
        severity=Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(project.first_line or "module", None, project.module, 1),),
        fixes=(Fix("aside", Message(ASIDE, values), (step,), safe=not step.privileged),),
        sessions=kinds(hit),
        weight=45,
    )


CHECK = Check(
    "stray-parent-gomod",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(FOUND, {"module": "/home/student/go.mod", "folder": "~/hello"}),
    found=N_(
        "Where the folder that you are in has no go.mod of its own, go takes the next one above. One that lies in your home, in /tmp or at the very top is told."
    ),
    cured=N_(
        "The fix renames that go.mod; nothing in it is lost. Then give your project one of its own: `go mod init hello`."
    ),
    threads=("golang/go#26708", "openshift-online/ocm-cli#235"),
)
