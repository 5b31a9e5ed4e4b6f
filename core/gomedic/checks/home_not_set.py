"""HOME is empty, so go has no place for its caches."""

from collections.abc import Iterator

from gomedic.checks import _folders
from gomedic.checks._words import TERMINAL, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("HOME is set")
WHY = N_(
    "go keeps its build cache below HOME unless GOCACHE or XDG_CACHE_HOME says otherwise; without any of them it builds nothing."
)
FOUND = N_(
    "HOME is empty in {where}, and neither GOCACHE nor XDG_CACHE_HOME is set: go has no place for its build cache."
)


def _run(facts: Facts) -> Iterator[Finding]:
    hit = [
        s
        for s in facts.judged_sessions
        if s.go and not s.environment.get("HOME") and not _folders.build_cache(facts, s)
    ]
    if hit:
        yield Finding(
            check="home-not-set",
            subject="HOME",
            severity=Severity.ERROR,
            message=Message(FOUND, {"where": where(hit)}),
            why=Message(WHY),
            evidence=(told("HOME=", hit[0]),),
            sessions=kinds(hit),
            weight=60,
        )


CHECK = Check(
    "home-not-set",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"where": TERMINAL}),
    found=N_("HOME, GOCACHE and XDG_CACHE_HOME are looked at wherever there is a go."),
    cured=N_(
        "Set HOME where the work is started from: Environment=HOME=/home/student in a systemd service, a line HOME=/home/student in a crontab, -e HOME=/tmp for docker run. For builds alone GOCACHE will do. gomedic has no fix: it cannot reach these places."
    ),
    threads=("criyle/go-judge#52", "golang/go#29243", "siderolabs/talos#908"),
)
