"""Run checks over facts, and put the root cause first."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from gomedic.facts import Facts
from gomedic.host import ProbeError
from gomedic.model import CheckResult, Finding, Severity
from gomedic.texts import N_, Message

LAST_RESORT = "go-fails-unexplained"
_LEAST = -100  # below what every cause weighs
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HINT: 2}
_WORK_IN = {"terminal": 10, "ssh": 2}  # most work is done in terminals; any other session counts 1


def _nothing_ahead(_facts: Facts) -> None:
    """Begin nothing."""


class Check(Struct, frozen=True):
    """A rule: looks at facts, never at the machine, and yields what is wrong; with all that its page says."""

    id: str
    title: str  # the good state
    why: str
    run: Callable[[Facts], Iterable[Finding]]
    ahead: Callable[[Facts], None] = _nothing_ahead  # begins to learn what takes long
    severities: tuple[Severity, ...] = ()  # those that its findings may have
    example: Message | None = None  # what a finding says
    found: str = ""  # how it is found: what is looked at
    cured: str = ""  # what the fixes do, and what to do where there is none
    threads: tuple[str, ...] = ()  # where people met it: "golang/go#19143", or an address of documentation

    @property
    def waits(self) -> bool:
        """Whether it needs answers that take long to come."""
        return self.ahead is not _nothing_ahead


class Skip(Exception):  # noqa: N818 - it is no error
    """Raised by a check that does not apply here."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def begin(facts: Facts, checks: Iterable[Check]) -> None:
    """Begin to learn what takes long, for all checks at once; what fails here fails again in its check, which tells."""
    for check in checks:
        with contextlib.suppress(Exception):
            check.ahead(facts)


def diagnose(facts: Facts, checks: Iterable[Check]) -> Iterator[tuple[CheckResult, tuple[Finding, ...]]]:
    """Yield each check's result as it comes; a check that fails never stops the others, and never passes."""
    for check in checks:
        begun = time.perf_counter()
        findings: tuple[Finding, ...] = ()
        reason: Message | None = None
        try:
            findings = tuple(check.run(facts))
            state = "found" if findings else "passed"
        except Skip as skip:
            state, reason = "skipped", skip.reason
        except ProbeError as error:
            state, reason = "failed", Message(N_("Could not find out: {error}."), {"error": str(error)})
        except Exception as error:  # noqa: BLE001 - a broken check is a result, not a crash
            state = "failed"
            reason = Message(
                N_("The check itself failed: {error}."), {"error": f"{type(error).__name__}: {error}"}
            )
        yield CheckResult(check.id, state, round(time.perf_counter() - begun, 6), reason), findings


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with what follows from another linked to it, the cause that explains most first."""
    linked = _linked(tuple(findings))
    return tuple(
        sorted(linked, key=lambda f: (f.because_of is not None, _ORDER[f.severity], -_work(f), f.id))
    )


def _work(finding: Finding) -> int:
    """Return how much of the person's work a finding explains: how deep the cause lies, and where it hits."""
    return finding.weight + sum(_WORK_IN.get(kind, 1) for kind in finding.sessions)


def _linked(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Drop fixes without a step and links to a finding that was not made; a cause is as grave as what follows from it."""
    findings = _explained(findings)
    causes = {f.id: f.severity for f in findings}
    worst = {
        f.because_of: f.severity
        for f in findings
        if f.severity is Severity.ERROR and _explains(causes.get(f.because_of or ""), f)
    }
    return tuple(
        replace(
            finding,
            severity=worst.get(finding.id, finding.severity),
            fixes=tuple(fix for fix in finding.fixes if fix.steps or fix.install),
            because_of=finding.because_of
            if _explains(causes.get(finding.because_of or ""), finding)
            else None,
        )
        for finding in findings
    )


def _explains(cause: Severity | None, finding: Finding) -> bool:
    """Tell whether something that grave was found, and can be a cause: a hint explains nothing but a hint."""
    return cause is not None and (cause is not Severity.HINT or finding.severity is Severity.HINT)


def _explained(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Drop the last resort's finding where an error says why go fails in such a session; after a warning it comes last."""
    causes = [f for f in findings if f.check != LAST_RESORT]
    errors = {kind for f in causes if f.severity is Severity.ERROR for kind in f.sessions}
    warnings = {kind for f in causes if f.severity is Severity.WARNING for kind in f.sessions}
    return tuple(
        replace(f, severity=Severity.WARNING, weight=_LEAST) if f.check == LAST_RESORT and warnings & set(f.sessions) else f
        for f in findings
        if f.check != LAST_RESORT or not errors & set(f.sessions)
    )  # fmt: skip
