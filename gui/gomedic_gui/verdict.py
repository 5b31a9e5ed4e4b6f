"""The one sentence that answers: is my Go all right, and if not, why?"""

from msgspec import Struct

from gomedic.model import Examination, Severity
from gomedic.texts import N_
from gomedic_gui.text import counted, enumerated, listed, tr
from gomedic_gui.wording import kind_in_words, version_in_words

_TOGETHER = "\N{NO-BREAK SPACE}"  # between a number and its unit


class Verdict(Struct, frozen=True):
    """What stands at the top of the window."""

    level: str  # "ok", "unknown", "hint" or the value of a Severity
    headline: str
    details: str


def verdict_of(examination: Examination) -> Verdict:
    """Return the verdict on an examination."""
    return Verdict(_level(examination), _headline(examination), details_of(examination))


def verdict_so_far(examination: Examination) -> Verdict:
    """Return what can be said before the examination is at its end: what is wrong, or which Go a terminal gets."""
    if _level(examination) in ("error", "warning"):
        return Verdict(_level(examination), _headline(examination), "")
    terminal = next((session for session in examination.sessions if session.kind == "terminal"), None)
    if terminal is None or terminal.go is None:
        return Verdict("unknown", tr(N_("Looking at your Go…")), "")
    version = version_in_words(terminal.go.version)
    return Verdict("unknown", tr(N_("New terminals run {version}. Looking further…"), version=version), "")


def details_of(examination: Examination) -> str:
    """Return what was found, what was examined, and how long it took."""
    passed = sum(check.state == "passed" for check in examination.checks)
    return listed(
        [
            _count(examination, Severity.ERROR, N_("{n} problem"), N_("{n} problems")),
            _count(examination, Severity.WARNING, N_("{n} warning"), N_("{n} warnings")),
            counted(passed, N_("{n} check passed"), N_("{n} checks passed")),
            _unknown_count(examination),
            tr(N_("{seconds} s"), seconds=f"{examination.seconds:.1f}").replace(" ", _TOGETHER),
        ]
    )


def _count(examination: Examination, severity: Severity, one: str, many: str) -> str:
    count = sum(finding.severity is severity for finding in examination.findings)
    return counted(count, one, many) if count else ""


def _unknown_count(examination: Examination) -> str:
    count = sum(check.state == "failed" for check in examination.checks)
    return counted(count, N_("{n} check undecided"), N_("{n} checks undecided")) if count else ""


def _level(examination: Examination) -> str:
    severities = {finding.severity for finding in examination.findings}
    for severity in (Severity.ERROR, Severity.WARNING):
        if severity in severities:
            return str(severity.value)
    return "unknown" if any(check.state == "failed" for check in examination.checks) else "ok"


def _headline(examination: Examination) -> str:
    level = _level(examination)
    if level == "error":
        return _error_headline(examination)
    if level == "warning":
        return tr(N_("Go works, but may surprise you."))
    if level == "unknown":
        return tr(N_("Nothing wrong was found, but not everything could be examined."))
    return _healthy_headline(examination)


def _error_headline(examination: Examination) -> str:
    terminal = next((session for session in examination.sessions if session.kind == "terminal"), None)
    if not examination.toolchains and all(session.go is None for session in examination.sessions):
        return tr(N_("Go is not installed on this computer."))
    if terminal is not None and terminal.go is None and terminal.state == "ok":
        return tr(N_("Go is installed, but new terminals cannot find it."))
    return _where_it_hurts(examination)


def _where_it_hurts(examination: Examination) -> str:
    errors = [finding for finding in examination.findings if finding.severity is Severity.ERROR]
    kinds = list(dict.fromkeys(kind for finding in errors for kind in finding.sessions))
    if "terminal" in kinds:
        return tr(N_("Go has a problem in new terminals."))
    ways = [kind_in_words(kind) for kind in kinds if not kind.startswith("process:")]
    if ways:
        return tr(N_("Go has a problem here: {sessions}."), sessions=enumerated(ways))
    return tr(N_("Go has a problem here."))


def _healthy_headline(examination: Examination) -> str:
    gos = [session.go for session in examination.sessions if session.go is not None]
    if not gos:
        return tr(N_("Nothing is wrong here."))
    return tr(N_("Your Go is all right: {version}."), version=version_in_words(gos[0].version))
