"""The report on an examination: as text, as a page, as JSON, in both languages, with names hidden."""

import json
import os
from html.parser import HTMLParser

import pytest

from gomedic.host import Host
from gomedic.model import (
    Account,
    CheckResult,
    Evidence,
    Examination,
    Finding,
    Fix,
    GoCommand,
    Origin,
    PathEntry,
    Session,
    Severity,
    Toolchain,
    Variable,
)
from gomedic.reporting.forms import FORMS, rendered
from gomedic.reporting.page import _marked
from gomedic.texts import N_, Message, catalogue_for

HOME = "/home/zhang.wei"
ACCOUNT = Account("zhang.wei", 1000, 1000, HOME, "/bin/bash")
LINE = Origin(f"{HOME}/.bashrc", 12, 'export GOROOT=/opt/<old> # & "more"')
GO = GoCommand("/usr/bin/go", "/usr/lib/go/bin/go", "go1.19.8", "/usr/lib/go")
FINDING = Finding(
    "goroot-missing-dir", "/opt/<old>", Severity.ERROR,
    Message(N_("GOROOT is set to {value}."), {"value": "/opt/<old>"}), Message(N_("go looks there.")),
    (Evidence(LINE.text or "", LINE.file, 12, "terminal"),),
    (Fix("unset", Message(N_("Take the line out"))),),
)  # fmt: skip
PROXY = Variable("http://zhang:hunter2@proxy:3128", True, LINE)
SAME = (PathEntry("/usr/bin", True, LINE), PathEntry(f"{HOME}/go/bin", False, LINE))
EXAMINATION = Examination(
    ACCOUNT, None, 0.5, "2026-11-23T04:00:00Z",
    (
        Session("terminal", "/bin/bash", "ok", 0.1, SAME, {"http_proxy": PROXY}, go=GO),
        Session("ssh", "/bin/bash", "ok", 0.1, SAME, go=GO),
        Session("cron", "/bin/sh", "hung", 0.1, stopped_at=LINE),
    ),
    (Toolchain("/usr/lib/go", "go1.19.8", "distribution", False, ("src/fmt",)),),
    (FINDING,),
    (CheckResult("rc-crlf", "passed", 0.0), CheckResult("go-too-old", "skipped", 0.0, Message(N_("There is no project here.")))),
)  # fmt: skip
MACHINE = Host({}, "/", ACCOUNT)


def report(form: str, language: str = "en", *, mask: bool = False) -> str:
    return rendered(MACHINE, EXAMINATION, catalogue_for(language), form, mask=mask)


class Reader(HTMLParser):
    """Reads a page as a browser would; a tag left open or closed twice is an error."""

    VOID = ("meta", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not [name for name, _value in attrs if name in ("src", "href") or name.startswith("on")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_is_whole_and_needs_nothing_else() -> None:
    reader = read(report("html"))
    words = " ".join(reader.words)
    assert 'export GOROOT=/opt/<old> # & "more"' in words
    assert not {"script", "link", "img", "iframe", "old"} & set(reader.seen)
    assert "One thing is wrong with Go here." in words


@pytest.mark.parametrize("form", ["text", "html"])
def test_everything_that_was_examined_is_told(form: str) -> None:
    told = report(form)
    for words in (
        "go1.19.8", "New terminal, Login over ssh", "hung", "src/fmt", "There is no project here.", "Take the line out",
        ".bashrc:12", "1 of 2 passed",
    ):  # fmt: skip
        assert words in told, words


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mask", [False, True])
def test_a_password_is_in_no_report(form: str, mask: bool) -> None:
    assert "hunter2" not in report(form, mask=mask)


@pytest.mark.parametrize("form", FORMS)
def test_names_are_there_unless_hidden(form: str) -> None:
    assert "zhang.wei" in report(form)
    masked = report(form, mask=True)
    assert "zhang" not in masked
    assert os.uname().nodename not in masked or len(os.uname().nodename) < 4
    assert "~/.bashrc" in masked


def test_the_json_is_that_of_check() -> None:
    document = json.loads(report("json"))
    assert document["schema"] == 1
    assert document["findings"][0]["id"] == "goroot-missing-dir@/opt/<old>"


def test_it_speaks_chinese() -> None:
    page = report("html", "zh_CN")
    assert '<html lang="zh-CN">' in page
    assert "新打开的终端" in page or "新终端" in page
    assert "gomedic" in report("text", "zh_CN").splitlines()[0]


def test_a_table_is_aligned_by_columns_not_signs() -> None:
    rows = [line for line in report("text", "zh_CN").splitlines() if line.endswith("/usr/bin/go")]
    assert len(rows) == 2


def test_a_command_in_a_sentence_is_set_as_code() -> None:
    assert _marked("Run `go env -w <x>`, then a ` alone.") == (
        "Run <code>go env -w &lt;x&gt;</code>, then a ` alone."
    )
