"""The words of the window: verdicts, places and outcomes, by tables of values."""

import pytest
from msgspec import structs
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from gomedic.doctor import Restored, Treatment
from gomedic.model import IMAGE, Examination, Origin, Severity
from gomedic.proof import Change
from gomedic.texts import Message
from gomedic_gui import fonts
from gomedic_gui.app import application
from gomedic_gui.case import Case, TakenBack, Treated, case_of
from gomedic_gui.failure import Failure
from gomedic_gui.outcome import outcome_of_failure, outcome_of_fix, outcome_of_taking_back
from gomedic_gui.places import origin_in_short, origin_in_words, place, tilde
from gomedic_gui.text import tr
from gomedic_gui.verdict import verdict_of
from gui.samples import (
    BASHRC,
    CURED,
    FILES,
    GOROOT,
    HEALTHY,
    HOME,
    ILL,
    OLD_RECEIPT,
    PREPEND,
    RECEIPT,
    SESSIONS,
    SHADOWED,
    Clinic,
)  # fmt: skip

NO_GO = tuple(structs.replace(session, go=None) for session in SESSIONS)
FAILED = ILL.checks[-1]


def changed(examination: Examination = ILL, **changes: object) -> Examination:
    return structs.replace(examination, **changes)


def case(examination: Examination = CURED, clinic: Clinic | None = None) -> Case:
    return case_of((clinic or Clinic()).doctor(), examination)


@pytest.mark.parametrize(
    ("examination", "level", "headline"),
    [
        (ILL, "error", "Go has a problem in new terminals."),
        (changed(toolchains=(), sessions=NO_GO), "error", "Go is not installed on this computer."),
        (changed(sessions=NO_GO), "error", "Go is installed, but new terminals cannot find it."),
        (
            changed(findings=(structs.replace(SHADOWED, sessions=("ssh", "process:1")),)),
            "error",
            "Go has a problem here: Login over ssh.",
        ),
        (changed(findings=(structs.replace(SHADOWED, sessions=()),)), "error", "Go has a problem here."),
        (CURED, "warning", "Go works, but may surprise you."),
        (HEALTHY, "ok", "Your Go is all right: Go 1.22.10."),
        (
            changed(HEALTHY, checks=(FAILED,)),
            "unknown",
            "Nothing wrong was found, but not everything could be examined.",
        ),
        (changed(HEALTHY, sessions=NO_GO), "ok", "Nothing is wrong here."),
        (
            changed(HEALTHY, findings=(structs.replace(GOROOT, severity=Severity.HINT),)),
            "ok",
            "Your Go is all right: Go 1.22.10.",
        ),
    ],
)
def test_verdicts(examination: Examination, level: str, headline: str) -> None:
    verdict = verdict_of(examination)
    assert (verdict.level, verdict.headline) == (level, headline)


def test_the_details_count_what_was_found_and_checked() -> None:
    details = "1 problem  ·  2 warnings  ·  26 checks passed  ·  1 check undecided  ·  0.4\N{NO-BREAK SPACE}s"
    assert verdict_of(ILL).details == details


@pytest.mark.parametrize(
    ("path", "home", "short"),
    [
        (BASHRC, HOME, "~/.bashrc"),
        (HOME, HOME, "~"),
        ("/home/students/x", HOME, "/home/students/x"),
        ("/etc/profile", "/", "/etc/profile"),
        ("/etc/profile", "", "/etc/profile"),
    ],
)
def test_the_home_is_a_tilde(path: str, home: str, short: str) -> None:
    assert tilde(path, home) == short


@pytest.mark.parametrize(
    ("origin", "words", "short"),
    [
        (Origin(BASHRC, 3), "~/.bashrc, line 3", "~/.bashrc:3"),
        (Origin("/etc/environment"), "/etc/environment", "/etc/environment"),
        (IMAGE, "the system", "the system"),
        (Origin("unknown"), "not known", "not known"),
    ],
)
def test_origins(origin: Origin, words: str, short: str) -> None:
    assert origin_in_words(origin, HOME) == words
    assert origin_in_short(origin, HOME) == short


def test_an_excerpt_shows_the_neighbours_of_the_guilty_line() -> None:
    excerpt = case(ILL).excerpts[BASHRC, 119]
    assert (excerpt.first, len(excerpt.lines)) == (117, 5)
    assert excerpt.lines[2] == 'export PATH="$PATH:$HOME/sdk/go1.22.10/bin"'


def test_the_empty_end_of_a_file_is_no_line() -> None:
    assert case(ILL).excerpts["/etc/profile.d/golang.sh", 2].lines[-1] == "export GOROOT=/usr/lib/go-1.19"


def test_a_file_that_is_gone_or_shorter_has_no_excerpt() -> None:
    assert case(ILL, Clinic(files={BASHRC: "one line\n"})).excerpts == {}


def test_what_is_no_text_is_made_visible() -> None:
    files = {**FILES, "/etc/profile.d/golang.sh": "a\r\nexport X=\udcff\x1b[31m\r\n"}
    excerpt = case(ILL, Clinic(files=files)).excerpts["/etc/profile.d/golang.sh", 2]
    assert excerpt.lines == ("a␍", "export X=\\xff\\x1b[31m␍")


def test_the_newest_fix_that_is_not_yet_taken_back_can_be() -> None:
    clinic = Clinic()
    assert case(clinic=clinic).last_fix is None
    clinic.receipts = (OLD_RECEIPT, RECEIPT)
    assert case(clinic=clinic).last_fix == RECEIPT


def test_a_fix_that_brought_something_new_says_so() -> None:
    after = changed(CURED, findings=(GOROOT,))
    treatment = Treatment(RECEIPT, (SHADOWED.id,), (GOROOT.id,), False, after)
    outcome = outcome_of_fix(
        Treated(SHADOWED, PREPEND, treatment, case(after)), changed(findings=(SHADOWED,))
    )
    assert outcome.can_be_taken_back
    assert [line.level for line in outcome.lines if "GOROOT is set to" in line.words] == ["warning"]


def test_taking_back_names_what_is_as_it_was() -> None:
    outcome = outcome_of_taking_back(TakenBack(RECEIPT, Restored(RECEIPT.id, (BASHRC,)), case(ILL)), CURED)
    assert outcome.headline == "Taken back: Put ~/sdk/go1.22.10/bin first on PATH"
    assert [line.words for line in outcome.lines] == [f"As it was before: {BASHRC}"]
    assert Change("terminal", "go1.22.10", "go1.19.8") in outcome.changes
    assert not [change for change in outcome.changes if change.kind.startswith("process:")]


def test_a_failure_names_every_file_that_is_not_as_it_was() -> None:
    outcome = outcome_of_failure(Failure(Message("No."), (("/a", "/saved/a"), ("/b", ""))))
    words = [line.words for line in outcome.lines]
    assert words == ["No.", "/a is not as it was; what it held lies in /saved/a.", "/b is not as it was."]


def test_a_place_without_a_line_is_a_path() -> None:
    assert place(BASHRC, None, HOME) == "~/.bashrc"


def test_without_chinese_letters_the_window_speaks_english(
    monkeypatch: pytest.MonkeyPatch, dressed: object
) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda _system=None: [])
    assert not fonts.can_show("zh_CN")
    assert fonts.can_show("en")
    application("zh_CN")
    assert tr("Copy") == "Copy"


def test_qt_speaks_chinese_too(dressed: QApplication, english: None) -> None:
    application("zh_CN")
    cancel = QCoreApplication.translate("QPlatformTheme", "Cancel")
    for translator in dressed.findChildren(QTranslator):
        dressed.removeTranslator(translator)
    assert cancel == "取消"
