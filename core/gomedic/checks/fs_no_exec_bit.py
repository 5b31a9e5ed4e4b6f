"""The project lies on a file system where nothing can be started."""

from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("What is built in the project may be started")
WHY = N_(
    "How a shared folder is mounted is decided outside; chmod +x does not help. `go run .` starts its program elsewhere and works."
)
FOUND = N_("The project lies in {folder}, which is mounted noexec: what go builds there cannot be started.")


def _run(facts: Facts) -> Iterator[Finding]:
    if facts.project is None or not facts.place(facts.project.folder).noexec:
        return
    hit = [session for session in facts.judged_sessions if session.go]
    yield Finding(
        check="fs-no-exec-bit",
        subject=facts.project.folder,
        severity=Severity.WARNING,
        message=Message(FOUND, {"folder": facts.project.folder}),
        why=Message(WHY),
        evidence=(told(f"{facts.project.folder}: noexec", file=facts.project.folder),),
        sessions=kinds(hit),
        weight=15,
    )


CHECK = Check(
    "fs-no-exec-bit",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(FOUND, {"folder": "/vagrant/hello"}),
    found=N_(
        "The kernel is asked how the file system of the project is mounted, and whether that forbids to start programs (noexec)."
    ),
    cured=N_(
        "Move the project to a folder of this system's own disk, such as one in your home. Or have the shared folder mounted without noexec, which is set on the outside. gomedic does not move your projects."
    ),
    threads=("goadesign/goa#1252", "hashicorp/vagrant#5649"),
)
