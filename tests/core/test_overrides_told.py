"""The what-if table as text and as JSON: aligned in both languages, each reason once, and what may be relied on there."""

import pytest
from rich.cells import cell_len

from gomedic.model import GoCommand, Origin, Session
from gomedic.overrides.judging import judge_path
from gomedic.overrides.told import overrides_json, overrides_text
from gomedic.overrides.values import ACCOUNT, ROOT, Outcome, Overrides, Row, Target, Way
from gomedic.texts import Message, catalogue_for

EN = catalogue_for("en")
PLACE = Origin("/etc/profile.d/golang.sh", 3, "export PATH=/opt/go/bin:$PATH", ("/etc/profile:27",))
OLD = GoCommand("/opt/go/bin/go", "/opt/go/bin/go", "go1.19.8", "/opt/go")
SESSIONS = tuple(Session(kind, "/bin/bash", "ok", 0.1, go=OLD) for kind in ("terminal", "login", "ssh"))
BEATEN = Message("{place} puts /opt/go/bin first again.", {"place": "/etc/profile.d/golang.sh:3"})


def way(name: str, by: str = ACCOUNT) -> Way:
    return Way(name, by, Message("way {name}", {"name": name}), judge_path, (Message("do it"),))


def beaten(kind: str) -> Outcome:
    return Outcome(kind, "fails", "go1.19.8", "/opt/go/bin/go", reason=BEATEN, place=PLACE)


def works(kind: str, *, already: bool = False) -> Outcome:
    return Outcome(kind, "works", "go1.22.10", "/home/gus/new/bin/go", already=already)


def untried(kind: str) -> Outcome:
    return Outcome(kind, "untried", reason=Message("Not tried: this machine allows no copy-on-write view."))


FOUND = Overrides(
    Target("/home/gus/new", "go1.22.10"),
    SESSIONS,
    ("terminal", "login"),
    (
        Row(way("one"), (works("terminal", already=True), beaten("login"), beaten("ssh")), tried=True),
        Row(way("另一个"), (works("terminal"), works("login"), beaten("ssh")), tried=True),
        Row(way("three", ROOT), tuple(map(untried, ("terminal", "login", "ssh"))), tried=False),
    ),
    "另一个",
)


def lines(found: Overrides = FOUND, kind: str | None = None, language: str = "en") -> list[str]:
    return [text for text, _style in overrides_text(found, kind, catalogue_for(language))]


def test_the_table_says_what_works_where() -> None:
    text = lines()
    assert text[0].startswith("Which ways would make Go 1.22.10 in /home/gus/new the Go that runs here?")
    assert [line.split() for line in text if line.startswith("  way")] == [
        ["way", "one", "=", "✗", "✗"],
        ["way", "另一个", "✓", "✓", "✗"],
        ["way", "three", "?", "?", "?"],
    ]
    assert "      login, ssh: /etc/profile.d/golang.sh:3 puts /opt/go/bin first again." in text
    assert text[-1] == "Best here: way 另一个."


def test_how_a_way_goes_is_told_where_it_may_help_alone() -> None:
    text = lines()
    told = {text[at - 1].split()[1]: line for at, line in enumerate(text) if line == "      do it"}
    assert set(told) == {"另一个", "three"}, "that the first works is no doing of its own"


def test_who_can_go_a_way_heads_it() -> None:
    text = lines()
    heads = ["What you can do yourself", "What only root can do"]
    assert [line for line in text if line in heads] == heads
    assert text.index(heads[1]) < next(at for at, line in enumerate(text) if "way three" in line)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_columns_stand_below_each_other(language: str) -> None:
    text = lines(language=language)
    head = next(line for line in text if line.strip().startswith("terminal"))
    column = cell_len(head[: head.index("login")])
    marked = [line for line in text if line.startswith("  way")]
    assert [_cell_at(line, column) for line in marked] == ["✗", "✓", "?"]


def _cell_at(line: str, column: int) -> str:
    return next(line[at] for at in range(len(line)) if cell_len(line[:at]) == column)


def test_one_kind_of_session_alone() -> None:
    assert [line.split() for line in lines(kind="login") if line.startswith("  way")] == [
        ["way", "one", "✗"], ["way", "另一个", "✓"], ["way", "three", "?"],
    ]  # fmt: skip
    document = overrides_json(FOUND, "login", EN)
    assert [[o["kind"] for o in way["outcomes"]] for way in document["ways"]] == [["login"]] * 3


def test_where_nothing_works_that_is_said() -> None:
    none = Overrides(FOUND.target, SESSIONS, FOUND.judged, FOUND.rows[:1], None)
    assert lines(none)[-1] == "None of the ways that need nobody else works here."


def test_a_best_that_does_not_serve_all_says_where() -> None:
    half = Overrides(FOUND.target, SESSIONS, ("terminal", "ssh"), FOUND.rows, "另一个")
    assert lines(half)[-1] == "Best here, for terminal, login: way 另一个."


def test_the_document() -> None:
    document = overrides_json(FOUND, None, EN)
    assert (document["schema"], document["what"], document["best"]) == (1, "overrides", "另一个")
    assert document["target"] == {"version": "go1.22.10", "root": "/home/gus/new", "stand_in": False}
    assert document["sessions"][2] == {
        "kind": "ssh", "shell": "/bin/bash", "state": "ok", "expected": False,
        "go": {"path": "/opt/go/bin/go", "version": "go1.19.8", "root": "/opt/go"},
    }  # fmt: skip
    one = document["ways"][0]
    assert (one["id"], one["by"], one["title"], one["how"], one["tried"]) == (
        "one",
        "account",
        "way one",
        ["do it"],
        True,
    )
    assert one["outcomes"][1] == {
        "kind": "login", "state": "fails", "already": False, "go": {"path": "/opt/go/bin/go", "version": "go1.19.8"},
        "reason": "/etc/profile.d/golang.sh:3 puts /opt/go/bin first again.",
        "origin": {"file": PLACE.file, "line": 3, "text": PLACE.text, "chain": ["/etc/profile:27"]},
    }  # fmt: skip
    assert document["ways"][2]["outcomes"][0]["go"] is None


def test_a_stand_in_is_said_to_be_one() -> None:
    stand_in = Overrides(
        Target("/home/gus/sdk/another-go", "", stand_in=True), SESSIONS, (), FOUND.rows, None
    )
    assert "stand-in" in lines(stand_in)[0]
    assert overrides_json(stand_in, None, EN)["target"]["version"] is None
