"""An examination as JUnit XML, as CI systems read it: a test case for each check and each demand of a policy that is broken."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gomedic.model import CheckResult, Examination, Finding, Severity
from gomedic.report import OF_POLICY, Catalogue
from gomedic.reporting.masking import Hide
from gomedic.texts import Message, in_language

if TYPE_CHECKING:
    from junitparser import Failure, TestCase

# What XML 1.0 cannot hold, not even escaped (W3C, XML 1.0, section 2.2); lone surrogates stand for bytes that are no UTF-8.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SUITE, CHECKS, POLICY = "gomedic", "gomedic.check", "gomedic.policy"


def junit_of(examination: Examination, catalogue: Catalogue, hide: Hide) -> str:
    """Return the document. A finding at error or warning is a failure, a check that could not find out an error."""
    from junitparser import TestSuite  # slow, and needed for this form alone

    suite = TestSuite(SUITE)
    suite.timestamp = examination.took_place.removesuffix("Z")
    suite.hostname = "localhost"
    suite.add_property("account", _legal(hide(examination.account.name)))
    writer = _Writer(catalogue, hide)
    by_check: dict[str, list[Finding]] = {}
    for finding in examination.findings:
        by_check.setdefault(finding.check, []).append(finding)
    for result in examination.checks:
        suite.add_testcase(writer.case(result, by_check.get(result.id, ())))
    results = {result.id for result in examination.checks}
    for finding in examination.findings:
        if finding.check not in results:
            suite.add_testcase(writer.demand(finding))
    suite.update_statistics()  # type: ignore[no-untyped-call]
    suite.time = round(examination.seconds, 3)
    text: bytes = suite.tostring()  # type: ignore[no-untyped-call]
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text.decode()}\n'


class _Writer:
    def __init__(self, catalogue: Catalogue, hide: Hide) -> None:
        self._catalogue = catalogue
        self._hide = hide

    def case(self, result: CheckResult, findings: Iterable[Finding]) -> "TestCase":
        """Return a check's test case; what is only worth knowing is its output."""
        from junitparser import Error, Failure, Skipped, TestCase

        case = TestCase(result.id, CHECKS, round(result.seconds, 3))
        grave = [finding for finding in findings if finding.severity is not Severity.HINT]
        hints = [finding for finding in findings if finding.severity is Severity.HINT]
        reason = self._told(result.reason) if result.reason else ""
        if grave:
            case.result = self._said(Failure, grave)
        elif result.state == "failed":
            case.result = Error(reason, "failed")
        elif result.state == "skipped":
            case.result = Skipped(reason, "skipped")
        if hints:
            case.system_out = "\n\n".join(self._whole(hint) for hint in hints)
        return case

    def demand(self, finding: Finding) -> "TestCase":
        """Return the test case of what no check of the list found: a demand of a policy."""
        from junitparser import Failure, TestCase

        group = POLICY if finding.check.startswith(OF_POLICY) else CHECKS
        case = TestCase(_legal(self._hide(finding.id)), group, 0.0)
        if finding.severity is not Severity.HINT:
            case.result = self._said(Failure, [finding])
        return case

    def _said(self, kind: "type[Failure]", findings: list[Finding]) -> "Failure":
        """Return one result for all findings of a check: a test case may have one alone."""
        worst = "error" if any(f.severity is Severity.ERROR for f in findings) else "warning"
        failure = kind(self._told(findings[0].message), worst)
        failure.text = "\n\n".join(self._whole(finding) for finding in findings)
        return failure

    def _whole(self, finding: Finding) -> str:
        lines = [self._told(finding.message), self._told(finding.why)]
        for seen in finding.evidence:
            place = f"{seen.file}:{seen.line}" if seen.file and seen.line else seen.file or seen.session or ""
            lines.append(_legal(self._hide(f"{place}   {seen.text}")))
        lines += [f"→ {self._told(way)}" for way in (*(fix.title for fix in finding.fixes), *finding.advice)]
        return "\n".join(lines)

    def _told(self, message: Message) -> str:
        return _legal(self._hide(in_language(message, self._catalogue)))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("�", text)
