"""A sandbox kills what says nothing for a while, and a first build says nothing."""

from collections.abc import Iterator

from gomedic.checks import _builds
from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("A build is done before a sandbox takes it for hung")
WHY = N_(
    "go build writes nothing until it is done, and a judge that kills what is silent cannot tell it from a hung program."
)
FOUND = N_(
    "What is silent for {idle} s is killed, and a first build of a program with net/http is silent for about {needed} s on {count} processors."
)
TELLING = N_("Let go tell of each package that it compiles: `go build -v`.")


def _run(facts: Facts) -> Iterator[Finding]:
    idle = facts.machine.sandbox.idle
    sessions = [session for session in _builds.judged(facts) if not _builds.is_warm(facts, session)]
    if idle is None or not sessions:
        return
    needed, count = _builds.needs(sessions[0]), facts.machine.processors
    seconds = needed.seconds / min(count, 2)  # the last steps are of one processor alone
    if idle.value > 2 * seconds:
        return
    values = {"idle": f"{idle.value:g}", "needed": f"{seconds:.0f}", "count": str(count)}
    yield Finding(
        check="silent-build",
        subject="idle",
        severity=Severity.WARNING if idle.value <= seconds else Severity.HINT,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(
            _builds.bound(idle, sessions[0]),
            told(f"{needed.release}: {needed.seconds} s CPU (net/http)"),
        ),
        sessions=kinds(sessions),
        weight=10,
        advice=_builds.advice(_builds.WARM_CACHE, TELLING),
    )


CHECK = Check(
    "silent-build",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING, Severity.HINT),
    example=Message(FOUND, {"idle": "10", "needed": "19", "count": "1"}),
    found=N_(
        "Only you can tell after how long a sandbox kills what is silent: `gomedic check --limits idle=30s`. How much processor time a first build takes was measured: 19 s with Go 1.22, 26 s with Go 1.26; a machine half as fast takes twice that."
    ),
    cured=N_(
        "Warm the cache in the image, then a build is done in a second. `go build -v` writes the name of each package that is compiled. gomedic has no fix for this."
    ),
    threads=("kubernetes/perf-tests#51", "cilium/cilium#25272"),
)
