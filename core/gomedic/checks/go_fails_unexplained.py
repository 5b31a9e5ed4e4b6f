"""The go of a session fails, and no other check knows why."""

from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, seen, told, where
from gomedic.diagnosis import LAST_RESORT, Check
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Session, Severity
from gomedic.probes.trial import Failure
from gomedic.texts import N_, Message, Values

TITLE = N_("The go command answers in every session")
WHY = N_(
    "gomedic does not know this illness. What differs from a session where go works may point to its cause."
)
FOUND = N_("In {where}, `{command}` fails, and gomedic does not know why: {line}")
SHOWN = 4  # differences; more would be a dump of the environment


def _ahead(facts: Facts) -> None:
    for session in facts.judged_sessions:
        if facts.was_tried(session):
            facts.ask_go(session)


def _run(facts: Facts) -> Iterator[Finding]:
    trials = {session.kind: facts.trial(session) for session in facts.judged_sessions}
    failed = [session for session in facts.judged_sessions if trials[session.kind] is not None]
    well = next(
        (s for s in facts.judged_sessions if s.go and trials[s.kind] is None and facts.was_tried(s)), None
    )
    told_of: set[Failure] = set()
    for session in failed:
        failure = trials[session.kind]
        if failure is not None and failure not in told_of:
            told_of.add(failure)
            hit = [s for s in failed if trials[s.kind] == failure]
            yield _finding(failure, hit, well)


def _finding(failure: Failure, hit: list[Session], well: Session | None) -> Finding:
    values: Values = {"where": where(hit), "command": failure.command, "line": failure.line}
    return Finding(
        check=LAST_RESORT,
        subject=failure.command,
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(failure.line, hit[0]), *(_differences(hit[0], well) if well else ())),
        sessions=kinds(hit),
        weight=1,
    )


def _differences(ill: Session, well: Session) -> list[Evidence]:
    """Return the few variables that can matter to go and differ from a session where it works, with their origins."""
    found = []
    for name, variable in ill.variables.items():
        other = well.variables.get(name)
        if variable.exported and name != "HOME" and (other is None or other.value != variable.value):
            found.append(seen(variable.origin, ill, f"{name}={variable.value}"))
    if ill.go and well.go and ill.go.path != well.go.path:
        found.insert(0, told(ill.go.path, ill, ill.go.path))
    return found[:SHOWN]


CHECK = Check(
    LAST_RESORT,
    TITLE,
    WHY,
    _run,
    ahead=_ahead,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"where": TERMINAL, "command": "go list fmt", "line": "signal: bus error"}),
    found=N_(
        "Wherever go should work, it is asked a few questions that fetch nothing, with a cache that is thrown away; with --deep it also builds a program of one file. If that fails and no other check says why, this one says so."
    ),
    cured=N_(
        "There is no fix for what is not known. Look at the differences that are listed, each with the line that it comes from, and think of what was changed last. The output of `gomedic check --json` helps others to help you."
    ),
    threads=("https://go.dev/doc/install", "https://go.dev/help"),
)
