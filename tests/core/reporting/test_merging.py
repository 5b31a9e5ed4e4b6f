"""Several reports put together: who has what, which cause hits most; broken and hostile files change nothing."""

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import junitparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gomedic.host import Host
from gomedic.model import Account, CheckResult, Evidence, Examination, Finding, GoCommand, Session, Severity
from gomedic.reporting.forms import rendered
from gomedic.reporting.merging import Cause, Hit, One, Overview, merged
from gomedic.reporting.overview import FORMS, overview_as
from gomedic.texts import Message, catalogue_for
from made_up import Machine, refusal

BuildHost = Callable[..., Host]
ENGLISH = catalogue_for("en")


def document(
    account: str = "ann", *findings: tuple[str, str, str | None], message: str = "It is so."
) -> dict[str, Any]:
    found = [
        {"id": f"{check}@x", "check": check, "severity": severity, "message": message}
        | ({"because_of": because} if because else {})
        for check, severity, because in findings
    ]
    return {
        "schema": 1, "version": "9.9", "examined": {"account": account, "home": f"/home/{account}", "took_place": "2026-11-23T04:00:00Z"},
        "sessions": [{"kind": "terminal", "go": {"version": "go1.22.10"}}, {"kind": "cron", "go": None}], "findings": found,
        "checks": [], "something": "new",
    }  # fmt: skip


def write(folder: Path, **documents: Any) -> list[str]:
    paths = []
    for name, content in documents.items():
        path = folder / f"{name}.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        paths.append(str(path))
    return paths


OLD, CRLF, FOLLOWS = (
    ("go-too-old", "warning", None),
    ("rc-crlf", "error", None),
    ("rc-crlf", "error", "go-too-old@x"),
)


def test_the_cause_that_hits_most_by_itself_comes_first(tmp_path: Path, host: BuildHost) -> None:
    files = write(
        tmp_path, a=document("ann", OLD, FOLLOWS), b=document("bob", OLD, FOLLOWS), c=document("cid", CRLF),
        d=document("dan", ("gobin-not-on-path", "hint", None)),
    )  # fmt: skip
    found = merged(host(), files)
    assert [(hit.check, hit.severity, len(hit.names), hit.root_causes) for hit in found.hits] == [
        ("go-too-old", "warning", 2, 2), ("rc-crlf", "error", 3, 1),
    ]  # fmt: skip
    assert [each.name for each in found.reports] == [
        "ann (a.json)",
        "bob (b.json)",
        "cid (c.json)",
        "dan (d.json)",
    ]
    assert (found.well, found.left_out) == (1, ())
    assert found.reports[0].go == "go1.22.10"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "no report"),
        ("{", "no report"),
        ("[]", "no report"),
        ('{"schema": 1}', "examined"),
        ('{"schema": "1"}', "schema"),
        (json.dumps({**document(), "schema": 2}), "schema 2"),
        (json.dumps({**document(), "findings": {}}), "findings"),
        ('{"record": "finding"}', "no report"),
        ('{"record": "examined"}\n{"record"', "no report"),
        ("[" * 100_000, "no report"),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "no report"),
    ],
)
def test_what_is_broken_or_foreign_is_left_out_with_a_sentence(
    content: str, why: str, tmp_path: Path, host: BuildHost
) -> None:
    found = merged(
        host(), [*write(tmp_path, bad=content, good=document()), str(tmp_path / "none.json"), str(tmp_path)]
    )
    assert [each.name for each in found.reports] == ["ann (good.json)"]
    first, *rest = (str(message) for message in found.left_out)
    assert first.startswith("bad.json is ")
    assert why in first or why == "no report"
    assert "\n" not in first
    assert len(rest) == 2


def test_names_are_hidden_on_request(tmp_path: Path, host: BuildHost) -> None:
    spoken = "/home/zhang.wei/.bashrc of zhang.wei has token=abcdef0123456789"
    files = write(tmp_path, **{"zhang.wei": document("zhang.wei", OLD, message=spoken)})
    for form in FORMS:
        masked = overview_as(merged(host(), files, mask=True), ENGLISH, form)
        assert "zhang" not in masked
        plain = overview_as(merged(host(), files), ENGLISH, form)
        assert "zhang.wei" in plain
        assert "abcdef0123456789" not in plain


def test_the_same_name_twice_is_told_apart(tmp_path: Path, host: BuildHost) -> None:
    (path,) = write(tmp_path, a=document())
    assert [each.name for each in merged(host(), [path, path]).reports] == ["ann (a.json)", "ann (a.json) #2"]


# ------------------------------------------------------------------ hostile names


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _value in attrs}


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["</td><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=HYPERLINK(1)", "-1+1", "<!--", "]]>", "\x00\x1b[31m", "\udcff"]
)  # fmt: skip
EXPECTED = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "h1",
    "p",
    "main",
    "section",
    "h2",
    "table",
    "tr",
    "th",
    "td",
    "code",
    "svg",
    "rect",
    "br",
    "footer",
}


def overview_of(name: str, check: str, message: str) -> Overview:
    cause = Cause(f"{check}@x", check, "error", message, False)
    return Overview(
        (One(name, message, name, (cause,)),), (Hit(check, "error", (name,), 1, message),),
        (Message("{file} is none.", {"file": name}),),
    )  # fmt: skip


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_name_breaks_out_of_the_page(name: str, check: str, message: str) -> None:
    tags = Tags()
    tags.feed(overview_as(overview_of(name, check, message), ENGLISH, "html"))
    tags.close()
    assert tags.seen <= EXPECTED
    assert not {name for name in tags.attributes if name.startswith("on") or name in ("src", "href")}


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_cell_is_a_formula(name: str, check: str, message: str) -> None:
    text = overview_as(overview_of(name, check, message), ENGLISH, "csv")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {6}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(HOSTILE)
def test_the_json_holds_every_name(name: str) -> None:
    found = json.loads(overview_as(overview_of(name, "c", name), ENGLISH, "json"))
    assert found["causes"][0]["hits"] == 1


# ------------------------------------------------------------------ JUnit and JSON Lines


def ill(message: str = "It is so.", severity: Severity = Severity.ERROR, check: str = "rc-crlf") -> Finding:
    return Finding(
        check, "s", severity, Message("{m}", {"m": message}), Message("Why."), (Evidence(message, "/f", 3),)
    )


def examined(*findings: Finding) -> Examination:
    go = GoCommand("/g/bin/go", "/g/bin/go", "go1.22.10", "/g")
    checks = (
        CheckResult("rc-crlf", "found" if findings else "passed", 0.0000051),
        CheckResult("go-too-old", "skipped", 0.0, Message("No project.")),
        CheckResult("dns-failure", "failed", 0.0, Message("Could not.")),
    )
    account = Account("gus", 1000, 1000, "/home/gus", "/bin/bash")
    session = Session("terminal", "/bin/bash", "ok", 0.1, go=go)
    return Examination(account, None, 0.25, "2026-11-23T04:00:00Z", (session,), (), findings, checks)


def form(examination: Examination, name: str) -> str:
    return rendered(Host({}, "/", examination.account), examination, ENGLISH, name)


def test_junit_counts_failures_errors_and_skipped() -> None:
    policy = ill(check="policy-go-version")
    text = form(examined(ill(), ill("And so."), ill("By the way.", Severity.HINT), policy), "junit")
    suite = junitparser.TestSuite.fromstring(text.encode())
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (4, 2, 1, 1)
    cases = {case.name: case for case in suite}
    (failure,) = cases["rc-crlf"].result
    assert (failure.message, failure.type) == ("It is so.", "error")
    assert "And so." in failure.text
    assert "/f:3   It is so." in failure.text
    assert "By the way." in cases["rc-crlf"].system_out
    assert cases["policy-go-version@s"].classname == "gomedic.policy"


def test_junit_is_as_the_schema_of_jenkins_wants_it() -> None:
    """Attributes and elements that junit-10.xsd of its xUnit plug-in knows, times without exponents."""
    known = {
        "testsuite": {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname"},
        "properties": set(), "property": {"name", "value"}, "testcase": {"name", "time", "classname"},
        "failure": {"type", "message"}, "error": {"type", "message"}, "skipped": {"type", "message"}, "system-out": set(),
    }  # fmt: skip
    root = ElementTree.fromstring(form(examined(ill(), ill("x", Severity.HINT)), "junit"))
    for element in root.iter():
        assert set(element.attrib) <= known[element.tag]
        assert re.fullmatch(r"[0-9]*(\.[0-9]*)?", element.get("time", ""))


@given(HOSTILE)
@settings(max_examples=50)
def test_junit_is_xml_whatever_is_said(message: str) -> None:
    root = ElementTree.fromstring(form(examined(ill(message)), "junit").encode("utf-8", "surrogatepass"))
    assert len(root.findall("testcase")) == 3


@given(HOSTILE)
@settings(max_examples=50)
def test_json_lines_are_one_object_each_and_read_back(message: str) -> None:
    lines = form(examined(ill(message)), "jsonl").split("\n")
    records = [json.loads(line) for line in lines if line]
    assert [record["record"] for record in records] == [
        "examined",
        "session",
        "finding",
        "check",
        "check",
        "check",
    ]
    assert records[2]["of"] == {"account": "gus", "took_place": "2026-11-23T04:00:00Z"}


def test_json_lines_can_be_merged(tmp_path: Path, host: BuildHost) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(form(examined(ill()), "jsonl"))
    (one,) = merged(host(), [str(path)]).reports
    assert (one.name, one.go, [cause.check for cause in one.causes]) == (
        "gus (a.jsonl)",
        "go1.22.10",
        ["rc-crlf"],
    )


# ------------------------------------------------------------------ the command line


@pytest.mark.skipif(bool(refusal()), reason=refusal())
def test_report_merges(tmp_path: Path, home: Path) -> None:
    machine = Machine(tmp_path, home)
    write(home, a=document("ann", OLD), b=document("bob"), bad="{}")
    ran = machine.gomedic("report", "--merge", "a.json", "b.json", "-o", "class.html")
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert "1 of 2 are well." in (home / "class.html").read_text()
    ran = machine.gomedic("report", "--merge", "a.json", "bad.json", "--json")
    assert (ran.code, json.loads(ran.out)["count"]) == (1, 1)
    assert "bad.json is no report of gomedic" in ran.err
    assert machine.gomedic("report", "--merge", "bad.json", "--csv").code == 3
    assert machine.gomedic("report", "--merge", "a.json", "--text").code == 2
    assert machine.gomedic("report", "--csv").code == 2
