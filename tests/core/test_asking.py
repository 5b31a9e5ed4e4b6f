"""What belongs to an error message: real ones from the ward's patients and public threads."""

import re
import time
import tomllib
from typing import Any

import pytest
from msgspec import structs

from gomedic.asking import Answer, answer
from gomedic.checks import ALL
from gomedic.diagnosis import ordered
from gomedic.model import Account, CheckResult, Evidence, Examination, Finding, Severity
from gomedic.pasted import LONGEST, flattened, words_of
from gomedic.texts import N_, Message
from gomedic.wordings import EXACT, VAGUE
from gomedic.wordings_system import EXACT as SYSTEM
from gomedic.wordings_system import LAST
from loading import ROOT

MESSAGES = tomllib.loads((ROOT / "tests/core/messages.toml").read_text())["message"]
PATIENTS = ROOT / "tests/ward/patients"
NAMES = {check.id for check in ALL}
# What many a machine has beside its real trouble.
USUAL = (
    "noninteractive-shell-no-path",
    "gobin-not-on-path",
    "path-entry-missing-dir",
    "stale-session-env",
    "distro-go-env-defaults",
    "goproxy-unreachable",
    "modcache-not-writable",
)


def finding(check: str, severity: Severity = Severity.HINT, subject: str = "here", **more: Any) -> Finding:
    words = Message(N_("Something is wrong with {check}."), {"check": check})
    return Finding(check, subject, severity, words, words, (Evidence("seen"),), **more)


def examined(*findings: Finding, states: dict[str, str] | None = None) -> Examination:
    hit = {each.check for each in findings}
    results = [
        CheckResult(
            check.id,
            (states or {}).get(check.id, "found" if check.id in hit else "passed"),
            0.0,
            Message(N_("There is no project here.")) if check.id in (states or {}) else None,
        )
        for check in ALL
    ]
    account = Account("student", 1000, 1000, "/home/student", "/bin/bash")
    return Examination(account, None, 0.1, "2026-11-23T04:00:00Z", (), (), ordered(findings), tuple(results))


HEALTHY = examined()


def first(said: Answer) -> str:
    return said.findings[0].check if said.findings else said.checks[0].check.id if said.checks else said.state


def told(case: dict[str, Any]) -> str:
    return f"{case['text']!r:.90} -> {case['check']} ({case['from']})"


def test_there_are_enough_real_messages() -> None:
    assert len(MESSAGES) >= 60
    assert len({case["check"] for case in MESSAGES}) >= 55


def test_each_message_comes_from_a_patient_or_a_thread() -> None:
    strange = []
    for case in MESSAGES:
        patient = PATIENTS / f"{case['from']}.toml"
        if "#" in case["from"]:
            continue
        known = tomllib.loads(patient.read_text())
        prints = [each["prints"] for each in known["symptom"] if "prints" in each]
        seen = case.get("translated") or any(re.search(p, case["text"].strip()) for p in prints)
        if case["check"] not in known["expect"]["finding"] or not seen:
            strange.append(told(case))
    assert strange == []


def test_what_was_found_comes_first_among_other_findings() -> None:
    missed = []
    for case in MESSAGES:
        others = [finding(name) for name in USUAL if name != case["check"]]
        said = answer(case["text"], examined(finding(case["check"], Severity.ERROR), *others))
        if said.state not in ("found", "near") or first(said) != case["check"]:
            missed.append(f"{told(case)}: {said.state} {first(said)}")
    print(f"found here: {len(MESSAGES) - len(missed)} of {len(MESSAGES)} messages lead to the right finding")
    assert missed == []


def test_a_message_alone_leads_to_its_usual_cause() -> None:
    clear = [case for case in MESSAGES if case.get("alone", True)]
    missed = [
        f"{told(case)}: {first(said)}"
        for case in clear
        if first(said := answer(case["text"], HEALTHY)) != case["check"]
    ]
    among = [
        case
        for case in MESSAGES
        if case["check"] in {n.check.id for n in answer(case["text"], HEALTHY).checks}
    ]
    print(f"not found here: {len(clear) - len(missed)} of {len(clear)} name the usual cause first;")
    print(f"{len(among)} of all {len(MESSAGES)} have it among the four that are named")
    assert missed == []


def test_a_known_message_without_its_fault_is_not_called_found() -> None:
    for case in MESSAGES:
        assert answer(case["text"], HEALTHY).state in ("not here", "near", "other"), told(case)


def test_every_check_that_the_wordings_name_is_there() -> None:
    tables = (*SYSTEM, *EXACT, *LAST, *VAGUE)
    assert {name for each in tables for name in each.checks} - NAMES == set()


def test_nearly_every_check_has_a_wording() -> None:
    spoken = {name for each in (*SYSTEM, *EXACT, *LAST) for name in each.checks}
    assert NAMES - spoken == set()


def test_no_wording_takes_long_on_a_strange_text() -> None:
    strange = ["a" * LONGEST, "go: " * 5000, "/bin/" * 4000, "'" * LONGEST, "未找到" * 6000, " /go" * 5000]
    for text in strange:
        answer(text, HEALTHY)
    begun = time.process_time()
    for text in strange:
        answer(text, HEALTHY)
    spent = time.process_time() - begun
    print(f"{spent / len(strange) * 1000:.0f} ms for each of the longest, strangest texts")
    assert spent < 10 * len(strange)  # seconds; a search that goes astray would not end


# ------------------------------------------------------------------ what is said


def test_a_found_cause_of_a_cause_stands_behind_it() -> None:
    root = finding("rc-crlf", Severity.ERROR, "~/.bashrc")
    follows = finding("path-not-persisted", Severity.ERROR, "terminal", because_of=root.id)
    said = answer("bash: go: command not found", examined(follows, root))
    assert [each.check for each in said.findings] == ["rc-crlf", "path-not-persisted"]
    assert said.ill


def test_the_thing_that_the_message_names_decides() -> None:
    one = finding("goroot-missing-dir", Severity.ERROR, "/opt/go1.17")
    two = finding("goroot-missing-dir", Severity.ERROR, "/usr/local/go")
    said = answer("go: cannot find GOROOT directory: /usr/local/go", examined(one, two))
    assert [each.subject for each in said.findings] == ["/usr/local/go", "/opt/go1.17"]


def test_a_word_that_names_a_session_decides_nothing() -> None:
    hint = finding("noninteractive-shell-no-path", subject="command")
    ill = finding("bash-profile-does-not-source-bashrc", Severity.ERROR, "~/.bash_login")
    said = answer("bash: go: command not found", examined(hint, ill))
    assert [each.check for each in said.findings] == [ill.check, hint.check]


def test_a_hint_is_found_but_is_no_illness() -> None:
    said = answer("zsh: command not found: go", examined(finding("noninteractive-shell-no-path")))
    assert said.state == "found"
    assert not said.ill


def test_a_check_that_was_skipped_says_why() -> None:
    said = answer("go: unknown directive: toolchain", examined(states={"go-too-old": "skipped"}))
    assert said.state == "not here"
    assert str(said.checks[0].said) == "Not looked for: There is no project here."


def test_a_check_that_was_not_run_does_not_count_as_passed() -> None:
    said = answer("go: unknown directive: toolchain", structs.replace(HEALTHY, checks=()))
    assert {near.state for near in said.checks} == {""}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("./main.go:7:2: undefined: fmt.Printn", "at ./main.go:7:2"),
        ('./prog.go:4:2: "os" imported and not used', "at ./prog.go:4:2"),
        ("go: go.mod file not found in current directory or any parent directory; see 'go help modules'", "go mod init"),
        ("panic: runtime error: index out of range [5] with length 3", "no fault of how Go is set up"),
        ("main.go:3:8: no required module provides package github.com/gin-gonic/gin", "go mod tidy"),
    ],
)  # fmt: skip
def test_what_is_the_programs_own_fault_is_said(text: str, part: str) -> None:
    said = answer(text, HEALTHY)
    assert said.state == "other"
    assert part in str(said.said)


def test_a_question_in_words_finds_what_is_near() -> None:
    said = answer("my module cache belongs to root, go cannot store modules", HEALTHY)
    assert said.state == "near"
    assert "modcache-not-writable" in [near.check.id for near in said.checks]


@pytest.mark.parametrize("text", ["GOROOT", "why is my go so old", "gopls is not working in my editor"])
def test_a_single_telling_word_is_enough_where_a_check_is_named_for_it(text: str) -> None:
    said = answer(text, HEALTHY)
    named = {"goroot-missing-dir", "go-too-old", "tool-go-version-mismatch"}
    assert said.state == "near"
    assert named & {near.check.id for near in said.checks}


def test_a_question_in_chinese_finds_what_is_near() -> None:
    said = answer("模块代理连不上, 不应答", HEALTHY)
    assert "goproxy-unreachable" in [near.check.id for near in said.checks]


@pytest.mark.parametrize("text", ["The weather is lovely today", "你好", "?!", "", "x" * 100_000])
def test_what_is_no_message_is_honestly_unknown(text: str) -> None:
    said = answer(text, examined(finding("rc-crlf", Severity.ERROR)))
    assert said.state == "unknown"
    assert not said.findings
    assert not said.ill


def test_colours_and_line_breaks_of_a_terminal_do_not_matter() -> None:
    pasted = "\x1b[31mgo: cannot find\n   GOROOT\x1b[0m directory:\r\n ‘go’ binary is trimmed"
    assert flattened(pasted) == "go: cannot find GOROOT directory: 'go' binary is trimmed"
    assert first(answer(pasted, HEALTHY)) == "goroot-trimmed-binary"


def test_of_a_long_paste_both_ends_are_read() -> None:
    middle = "noise " * LONGEST
    assert first(answer(f"{middle} sudo: go: command not found", HEALTHY)) == "sudo-secure-path"
    assert first(answer(f"sudo: go: command not found {middle}", HEALTHY)) == "sudo-secure-path"


def test_chinese_words_are_pairs_of_signs() -> None:
    assert words_of("找不到 GOROOT 目录") == {"找不", "不到", "goroot", "目录"}
