"""Every check has a complete page, in every language, and docs/checks holds what the checks say."""

import ast
import gettext
import inspect
import json
import re
import string
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo

from gomedic import checks, pages_of_images
from gomedic.diagnosis import Check
from gomedic.images import own_checks
from gomedic.model import Account, Examination, Finding, Severity
from gomedic.pages import WIDTH, Thread, check_named, has_fix, page_markdown, page_of, page_text, thread
from gomedic.policy import judging
from gomedic.report import PAGES, check_text, finding_json
from gomedic.texts import LANGUAGES, Message, in_language
from loading import ROOT, script

making = script("packaging/make_check_pages.py")
REFERENCE = re.compile(r"[\w.-]+/[\w.-]+#[1-9]\d*|https://[\w./-]+")
HELPERS = ("_values", "_goroot", "_folders", "_unrunnable")  # their findings are errors unless they are told
OFFERS = r"\bFix\(|\b(?:_values|_goroot|_unrunnable)\.finding\(|\b(?:install_go|use_other|elsewhere|owner_fix|drop_fixes)\("
ALL = making.ALL  # of machines, of images, of policies
IDS = [check.id for check in ALL]
OF_IMAGES = [check.id for check in pages_of_images.ALL]


@pytest.fixture(scope="module")
def catalogues() -> dict[str, gettext.NullTranslations]:
    """Return the catalogue of each language, compiled in memory."""
    compiling = script("packaging/compile_texts.py")
    found = {"en": gettext.NullTranslations()}
    for language in LANGUAGES[1:]:
        compiled = BytesIO()
        folder = ROOT / compiling.LOCALE / language / "LC_MESSAGES"
        write_mo(compiled, compiling.merged(sorted(folder.glob("*.po"))))
        compiled.seek(0)
        found[language] = gettext.GNUTranslations(compiled)
    return found


def speaking(catalogue: gettext.NullTranslations) -> Callable[[Message], str]:
    return lambda message: in_language(message, catalogue)


def test_the_pages_are_what_the_checks_say() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / PAGES).glob("*.md")}
    wanted = making.pages()
    assert sorted(committed) == sorted(wanted), "make pages"
    assert [name for name, text in wanted.items() if committed[name] != text] == [], "make pages"


def test_every_check_stands_in_the_index_once() -> None:
    assert sorted(name for names in making.GROUPS.values() for name in names) == sorted(IDS)


@pytest.mark.parametrize("check", ALL, ids=IDS)
def test_a_check_says_all_that_its_page_needs(check: Check) -> None:
    for text in (check.title, check.why, check.found, check.cured):
        assert text, "a page needs a title, and why, found and cured"
        assert fields(text) == set(), "nothing could be filled in"
    for text in (check.found, check.cured):
        assert text.endswith("."), "a sentence has an end"
    assert check.example is not None
    assert fields(check.example.text) <= set(check.example.values)
    assert check.threads
    assert [each for each in check.threads if not REFERENCE.fullmatch(each)] == []
    assert len(set(check.threads)) == len(check.threads)


def fields(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("check", checks.ALL, ids=[check.id for check in checks.ALL])
def test_a_page_names_the_severities_of_the_findings(check: Check) -> None:
    assert {severity.name for severity in check.severities} == severities_in(check)


def severities_in(check: Check) -> set[str]:
    """Return the severities that a check's functions name, by themselves or through a helper that has a default."""
    module = ast.parse(source_of(check))
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    nodes = [node for function in functions for node in ast.walk(function)]
    named = {
        node.attr for node in nodes if isinstance(node, ast.Attribute) and is_name(node.value, "Severity")
    }
    return named | {"ERROR" for node in nodes if isinstance(node, ast.Call) and is_an_error_by_default(node)}


def source_of(check: Check) -> str:
    return inspect.getsource(sys.modules[check.run.__module__])


def is_an_error_by_default(call: ast.Call) -> bool:
    called = call.func
    told = any(keyword.arg == "severity" for keyword in call.keywords)
    of_helper = (
        isinstance(called, ast.Attribute) and called.attr == "finding" and is_name(called.value, *HELPERS)
    )
    return of_helper and not told


def is_name(node: ast.expr, *names: str) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def test_each_check_of_images_has_a_page() -> None:
    assert sorted(OF_IMAGES) == sorted(own_checks.CHECKS)


@pytest.mark.parametrize("check", pages_of_images.ALL, ids=OF_IMAGES)
def test_a_page_of_an_image_names_the_severities_of_the_findings(check: Check) -> None:
    source = inspect.getsource(own_checks.CHECKS[check.id])
    assert {severity.name for severity in check.severities} == set(re.findall(r"Severity\.(\w+)", source))


def test_each_demand_of_a_policy_has_a_page() -> None:
    named = set(re.findall(r'"(policy-[a-z-]+)"', inspect.getsource(judging)))
    assert named == {check.id for check in ALL if check.id.startswith("policy-")}


@pytest.mark.parametrize("check", ALL, ids=IDS)
def test_a_page_speaks_of_a_fix_where_the_check_offers_one(check: Check) -> None:
    assert has_fix(check) is (re.search(OFFERS, source_of(check)) is not None)


@pytest.mark.parametrize("check", ALL, ids=IDS)
def test_a_page_shows_every_text_of_its_check(
    check: Check, catalogues: dict[str, gettext.NullTranslations]
) -> None:
    for catalogue in catalogues.values():
        page = page_of(check, speaking(catalogue))
        shown = " ".join(text.strip() for text, _style in page_text(page))
        for text in (check.title, check.why, check.found, check.cured):
            assert catalogue.gettext(text) in shown
        assert page.example in shown
        assert all(thread(each).address in shown for each in check.threads)


@pytest.mark.parametrize("check", ALL, ids=IDS)
def test_no_english_sentence_stands_in_a_chinese_page(
    check: Check, catalogues: dict[str, gettext.NullTranslations]
) -> None:
    page = page_of(check, speaking(catalogues["zh_CN"]))
    texts = [page.title, page.intro, page.example, *(section.heading for section in page.sections)]
    texts += [text for section in page.sections for text in (*section.paragraphs, *section.points)]
    assert [text for text in texts if not re.search(r"[\u4e00-\u9fff]", text)] == []


def test_a_page_is_broken_at_blanks_but_not_within_commands() -> None:
    check = _with(ALL[0], found=f"{'word ' * 16}`go env -w GOPROXY=https://goproxy.cn,direct` ends it.")
    rows = [text for text, _style in page_text(page_of(check, str))]
    assert max(map(len, rows)) <= WIDTH
    assert "  `go env -w GOPROXY=https://goproxy.cn,direct` ends it." in rows


def test_markdown_keeps_what_is_no_markup() -> None:
    page = page_of(ALL[0], str)
    assert page_markdown(page).startswith(f"# {ALL[0].title}\n\n")
    assert "\\*" in page_markdown(page_of(_with(ALL[0], found="All of *.go <here>."), str))


def _with(check: Check, found: str) -> Check:
    return Check(check.id, check.title, check.why, check.run, found=found)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("golang/go#19143", Thread("golang/go#19143", "https://github.com/golang/go/issues/19143")),
        ("https://go.dev/doc/install", Thread("go.dev/doc/install", "https://go.dev/doc/install")),
    ],
)
def test_a_thread_has_an_address(reference: str, expected: Thread) -> None:
    assert thread(reference) == expected


def test_a_check_is_found_by_its_id_and_by_that_of_a_finding() -> None:
    assert check_named("tmp-noexec") is check_named("tmp-noexec@/tmp") is not None
    assert check_named("tmp") is None


@pytest.mark.parametrize("severity", list(Severity))
def test_every_finding_says_where_to_read_more(severity: Severity) -> None:
    finding = Finding(
        "tmp-noexec", "/tmp", severity, Message("{folder} is noexec.", {"folder": "/tmp"}), Message(""), ()
    )
    account = Account("student", 1000, 1000, "/home/student", "/bin/bash")
    examination = Examination(account, None, 0.1, "2026-11-23T04:00:00Z", (), (), (finding,), ())
    lines = [text.strip() for text, _style in check_text(examination, gettext.NullTranslations())]
    assert lines.count("More: gomedic explain tmp-noexec") == 1
    page = finding_json(finding, gettext.NullTranslations())["page"]
    assert (ROOT / page).is_file()


# ------------------------------------------------------------------ the command line


def explain(*words: str, language: str = "C") -> subprocess.CompletedProcess[str]:
    """Run gomedic for an account that has nothing and could not be examined."""
    command = [sys.executable, "-m", "gomedic", "explain", *words]
    env = {"HOME": "/nowhere", "PATH": "", "LC_ALL": language, "PYTHONUTF8": "1"}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_explain_prints_a_page() -> None:
    ran = explain("shadowed-by-older-go@/opt/go/bin")
    check = check_named("shadowed-by-older-go")
    assert check is not None
    assert (ran.returncode, ran.stderr) == (0, "")
    wanted = page_text(page_of(check, str))
    assert ran.stdout.splitlines() == [text for text, _style in wanted]


def test_explain_prints_a_page_as_json() -> None:
    document = json.loads(explain("gocache-off", "--json").stdout)
    assert (document["schema"], document["what"]) == (1, "gocache-off")
    assert document["check"]["severities"] == ["error"]
    assert document["check"]["page"] == f"{PAGES}/gocache-off.md"
    assert (ROOT / document["check"]["page"]).is_file()


def test_explain_knows_no_such_check() -> None:
    ran = explain("no-such-check")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no-such-check" in ran.stderr
