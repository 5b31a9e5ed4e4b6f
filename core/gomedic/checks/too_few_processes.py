"""So few processes are allowed that go cannot start its compilers."""

from collections.abc import Iterator

from gomedic.checks import _builds
from gomedic.checks._words import kinds
from gomedic.checks.goflags_problem import flags
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.variables import in_go_env_file
from gomedic.model import Finding, Fix, Session, Severity
from gomedic.needs import Needs
from gomedic.probes.cgroups import Bound
from gomedic.probes.go_settings import env_file
from gomedic.texts import N_, Message

TITLE = N_("There may be enough processes for a build")
WHY = N_(
    "go starts a compiler for each processor, and every thread counts as a process; where no more are allowed it stops with “resource temporarily unavailable”."
)
FOUND = N_(
    "Only {limit} processes and threads are allowed here, and a build with Go {version} needs {needed}."
)
ONE = N_("Let go compile one package at a time")
RAISE = N_("Allow at least {needed}: `docker run --pids-limit {needed}`, or `ulimit -u` in a shell.")
_EACH = 6  # processes and threads that each further compiler takes: 10 with one, 21 with two, 50 with eight


def _run(facts: Facts) -> Iterator[Finding]:
    sessions, limit = _builds.judged(facts), _limit(facts)
    if not sessions or limit is None:
        return
    needed = _builds.needs(sessions[0])
    alone = _is_alone(facts, sessions[0])
    least = needed.pids_alone if alone else max(needed.pids, 10 + _EACH * (facts.machine.processors - 1))
    if limit.value >= least:
        return
    values = {
        "limit": str(int(limit.value)),
        "version": needed.release.removeprefix("go"),
        "needed": str(least),
    }
    yield Finding(
        check="too-few-processes",
        subject=limit.source if limit.source.startswith("/") else "pids",
        severity=Severity.ERROR if limit.value <= needed.pids_failed else Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(_builds.bound(limit, sessions[0]), _builds.measured(str(needed.pids), str(needed.pids_failed), needed)),
        fixes=() if alone else _one_at_a_time(facts, sessions[0], limit, needed),
        sessions=kinds(sessions),
        weight=14,
        advice=(Message(RAISE, {"needed": str(least)}),),
    )  # fmt: skip


def _limit(facts: Facts) -> Bound | None:
    """Return the tighter of what the control group and the account may have; root has no limit of the second kind."""
    sandbox = facts.machine.sandbox
    own = None if facts.is_root else sandbox.resource("processes")
    known = [bound for bound in (sandbox.groups.pids, own) if bound is not None]
    return min(known, key=lambda bound: bound.value, default=None)


def _is_alone(facts: Facts, session: Session) -> bool:
    return facts.machine.processors == 1 or "-p=1" in flags(facts.setting(session, "GOFLAGS").value)


def _one_at_a_time(facts: Facts, session: Session, limit: Bound, needed: Needs) -> tuple[Fix, ...]:
    path = env_file(session)
    if limit.value < needed.pids_alone or path is None or facts.setting(session, "GOFLAGS").value:
        return ()
    if not facts.writable(path):
        return ()
    return (Fix("one", Message(ONE), in_go_env_file(facts, path, "GOFLAGS", "-p=1"), safe=True),)


CHECK = Check(
    "too-few-processes",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(FOUND, {"limit": "16", "version": "1.26.6", "needed": "32"}),
    found=N_(
        "The limits of the control groups (pids.max) and of the account (ulimit -u) are read. How few a build can do with was measured: 16 with Go 1.22, 32 with Go 1.26, more with more processors."
    ),
    cured=N_(
        "The fix sets GOFLAGS=-p=1 as `go env -w` does, so that packages are compiled one after the other, where that is enough. Else raise the limit of the container."
    ),
    threads=("golang/go#50303", "golang/go#72148", "golang/go#76390"),
)
