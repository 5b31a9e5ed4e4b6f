"""The pictures of a report: whole SVG, every text escaped and hidden like the rest, the winner marked."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gomedic.host import Host
from gomedic.model import Account, Examination, GoCommand, Origin, PathEntry, Session
from gomedic.reporting.forms import rendered
from gomedic.reporting.pictures import Picture, pictures_of
from gomedic.texts import catalogue_for, in_language

ACCOUNT = Account("gus", 1000, 1000, "/home/gus", "/bin/bash")


def examination(
    entry: str = "/opt/go/bin", file: str = "/etc/profile.d/go.sh", label: str | None = None
) -> Examination:
    line = Origin(file, 3, "export PATH", ("/etc/profile:27",))
    path = (
        PathEntry("/usr/bin", True, Origin("image environment")),
        PathEntry(entry, True, line),
        PathEntry("/gone", False, line),
    )
    go = GoCommand(f"{entry}/go", f"{entry}/go", "go1.22.10", "/opt/go")
    sessions = (
        Session("terminal", "/bin/bash", "ok", 0.1, path, go=go),
        Session("ssh", "/bin/bash", "ok", 0.1, path, go=go),
        Session("cron", "/bin/sh", "ok", 0.1, path[:1], label=label),
    )
    return Examination(ACCOUNT, None, 0.5, "2026-11-23T04:00:00Z", sessions, (), (), ())


def pictures(shown: Examination, language: str = "en") -> tuple[Picture, ...]:
    return pictures_of(shown, lambda message: in_language(message, catalogue_for(language)), str)


def texts(picture: Picture) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(picture.svg).iter("text")]


def test_map_ladders_and_chain() -> None:
    map_, ladder, chain, other = pictures(examination())
    assert map_.heading == "Map: which Go each session gets"
    assert {"New terminal", "go1.22.10  /opt/go/bin/go", "no go"} <= set(texts(map_))
    assert map_.svg.count('class="none"') == 1, "cron gets none"
    assert ladder.heading == "Ladder: where the shell looks for go (New terminal, Login over ssh)"
    rungs = ElementTree.fromstring(ladder.svg).iter("circle")
    assert [rung.get("class") for rung in rungs] == ["rung", "winner", "gone"]
    assert texts(chain) == ["/etc/profile:27", "/etc/profile.d/go.sh:3", "/opt/go/bin"]
    assert "winner" not in other.svg


def test_they_speak_chinese() -> None:
    headings = [picture.heading for picture in pictures(examination(), "zh_CN")]
    assert not [heading for heading in headings if not re.search(r"[\u4e00-\u9fff]", heading)]


@given(st.text(min_size=1).filter(lambda t: "\0" not in t), st.text())
def test_no_text_breaks_out_of_a_picture(entry: str, file: str) -> None:
    hostile = f"/{entry}</text><script>alert(1)</script>"
    for picture in pictures(examination(hostile, "/" + file)):
        legal = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", picture.svg)
        found = {element.tag for element in ElementTree.fromstring(legal).iter()}
        assert found <= {"svg", "path", "text", "title", "circle", "rect"}


@pytest.mark.parametrize("mask", [False, True])
def test_a_page_has_them_and_hides_in_them_too(mask: bool) -> None:
    shown = examination("/home/gus/go/bin", "/home/gus/.bashrc")
    page = rendered(Host({}, "/", ACCOUNT), shown, catalogue_for("en"), "html", mask=mask)
    assert page.count("<svg ") == 4
    assert ("/home/gus" in page) is not mask
    assert ("~/go/bin" in page) is mask


def test_a_label_that_is_too_wide_is_whole_in_its_title() -> None:
    long = "/opt/" + "很长" * 40
    (_map, ladder, *_rest) = pictures(examination(long))
    assert f"<title>{long}</title>" in ladder.svg
    assert "…" in ladder.svg
