"""The sandbox of this container refuses the way newer C libraries start threads."""

from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("Programs built with cgo can start threads")
WHY = N_(
    "Since glibc 2.34 threads are started with clone3; an older Docker or libseccomp answers it with EPERM, and cgo programs stop: pthread_create failed: Operation not permitted."
)
FOUND = N_(
    "The sandbox here refuses clone3: programs built with cgo may stop when they start; update Docker and libseccomp on the host."
)


def _run(facts: Facts) -> Iterator[Finding]:
    hit = [session for session in facts.judged_sessions if session.go]
    if hit and facts.machine.forbids_clone3:
        yield Finding(
            check="seccomp-clone3",
            subject="clone3",
            severity=Severity.HINT,
            message=Message(FOUND),
            why=Message(WHY),
            evidence=(told("clone3: EPERM", None, "/proc/self/status"),),
            sessions=kinds(hit),
            weight=4,
        )


CHECK = Check(
    "seccomp-clone3",
    TITLE,
    WHY,
    _run,
    severities=(Severity.HINT,),
    example=Message(FOUND),
    found=N_(
        "The kernel is asked for clone3 once, in a way that starts nothing: an outdated sandbox answers EPERM, where a kernel without it, or a newer sandbox, says ENOSYS."
    ),
    cured=N_(
        "Update Docker and libseccomp on the host, or take an image with an older C library, such as golang:bullseye. Programs without C code are not concerned."
    ),
    threads=("moby/moby#42680", "docker-library/golang#467", "actions/runner-images#3812"),
)
