"""Running checks: a check that fails is a result and never a pass; the cause that explains most comes first."""

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace

from gomedic.diagnosis import Check, Skip, diagnose, ordered
from gomedic.facts import Facts
from gomedic.host import Host, ProbeError
from gomedic.model import Evidence, Finding, Fix, InstallToolchain, SetMode, Severity
from gomedic.texts import Message

BuildHost = Callable[..., Host]
STEP = SetMode(path="/x", before=0o600, after=0o644)


def finding(
    name: str,
    severity: Severity = Severity.ERROR,
    *,
    weight: int = 0,
    sessions: int = 1,
    because_of: str | None = None,
) -> Finding:
    kinds = ("terminal", "ssh", "login")[:sessions]
    seen = (Evidence("seen"),)
    return Finding(
        name,
        "x",
        severity,
        Message(name),
        Message("why"),
        seen,
        sessions=kinds,
        because_of=because_of,
        weight=weight,
    )


@pytest.fixture
def facts(host: BuildHost) -> Facts:
    return Facts(host(), ())


def passes(_facts: Facts) -> Iterator[Finding]:
    yield from ()


def finds(_facts: Facts) -> Iterator[Finding]:
    yield finding("finds")


def breaks(_facts: Facts) -> Iterator[Finding]:
    yield finding("breaks")
    raise KeyError("GOROOT")


def cannot_know(_facts: Facts) -> Iterator[Finding]:
    raise ProbeError("go env: timed out")
    yield


def does_not_apply(_facts: Facts) -> Iterator[Finding]:
    raise Skip(Message("no {what} here", {"what": "project"}))
    yield


RUNS = [
    (passes, "passed", None, 0),
    (finds, "found", None, 1),
    (breaks, "failed", "The check itself failed: KeyError: 'GOROOT'.", 0),
    (cannot_know, "failed", "Could not find out: go env: timed out.", 0),
    (does_not_apply, "skipped", "no project here", 0),
]


def test_each_check_has_a_result_and_none_stops_the_others(facts: Facts) -> None:
    checks = [Check(run.__name__, "title", "why", run) for run, *_rest in RUNS]
    results = list(diagnose(facts, checks))
    told = [
        (result.id, result.state, str(result.reason) if result.reason else None, len(found))
        for result, found in results
    ]
    assert told == [(run.__name__, *rest) for run, *rest in RUNS]
    assert all(result.seconds >= 0 for result, _found in results)


def names(*findings: Finding) -> list[str]:
    return [found.check for found in ordered(findings)]


def test_graver_findings_come_first() -> None:
    hint, warning, error = (finding(s.value, s, weight=9 - n) for n, s in enumerate(reversed(Severity)))
    assert names(hint, warning, error) == ["error", "warning", "hint"]


def test_what_explains_more_comes_first() -> None:
    assert names(finding("a"), finding("b", sessions=3), finding("c", weight=5), finding("d")) == [
        "c",
        "b",
        "a",
        "d",
    ]


def test_what_hits_terminals_comes_before_what_hits_logins_alone() -> None:
    logins = replace(finding("logins", weight=5), sessions=("ssh", "login"))
    assert names(logins, finding("terminals")) == ["terminals", "logins"]
    deep = replace(logins, weight=40)
    assert names(finding("terminals"), deep) == ["logins", "terminals"], "a deeper cause explains more"


def test_a_hint_explains_nothing_but_hints() -> None:
    hint = finding("cause", Severity.HINT)
    assert names(hint, finding("follows", because_of="cause@x")) == ["follows", "cause"]
    severities = [f.severity for f in ordered([hint, finding("follows", because_of="cause@x")])]
    assert severities == [Severity.ERROR, Severity.HINT]
    both = ordered([hint, finding("follows", Severity.HINT, because_of="cause@x")])
    assert [found.because_of for found in both] == [None, "cause@x"]


def test_what_follows_comes_after_every_cause() -> None:
    follows = finding("follows", weight=100, because_of="cause@x")
    assert names(follows, finding("hint", Severity.HINT), finding("cause")) == ["cause", "hint", "follows"]


def test_a_link_to_a_finding_that_was_not_made_is_dropped() -> None:
    (alone,) = ordered([finding("follows", because_of="cause@x")])
    assert alone.because_of is None
    both = ordered([finding("follows", because_of="cause@x"), finding("cause")])
    assert [found.because_of for found in both] == [None, "cause@x"]


def test_the_order_is_the_same_whatever_the_checks_order() -> None:
    findings = [finding(name) for name in "cab"]
    assert names(*findings) == names(*findings[::-1]) == ["a", "b", "c"]


def test_a_fix_that_does_nothing_is_not_offered() -> None:
    whole = finding("x")
    fixes = (
        Fix("empty", Message("e")), Fix("steps", Message("s"), (STEP,)), Fix("install", Message("i"), install=InstallToolchain("latest")),
    )  # fmt: skip
    (found,) = ordered(
        [type(whole)(**{**{f: getattr(whole, f) for f in whole.__struct_fields__}, "fixes": fixes})]
    )
    assert [fix.id for fix in found.fixes] == ["steps", "install"]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (Severity.ERROR, ["cause"]),
        (Severity.WARNING, ["cause", "go-fails-unexplained"]),
        (Severity.HINT, ["go-fails-unexplained", "cause"]),
    ],
)
def test_the_last_resort_yields_to_an_error_and_stands_behind_a_warning(
    other: Severity, told: list[str]
) -> None:
    found = ordered([finding("go-fails-unexplained", sessions=3), finding("cause", other)])
    assert [f.check for f in found] == told


def test_the_last_resort_is_told_where_the_error_is_about_another_session() -> None:
    ssh = replace(finding("cause"), sessions=("ssh",))
    assert {f.check for f in ordered([finding("go-fails-unexplained"), ssh])} == {
        "go-fails-unexplained",
        "cause",
    }
