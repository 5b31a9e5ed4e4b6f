"""Fetching: goes on where it stopped, across runs, and is not fooled by what the server says meanwhile."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from campus import Campus
from werkzeug import Request, Response

from gomedic.model import Progress
from gomedic.toolchain import errors
from gomedic.toolchain.download import Wanted, download
from gomedic.toolchain.intake import Intake
from gomedic.toolchain.web import Web

NAME = "data.tar.gz"
DATA = os.urandom(1 << 20)


@pytest.fixture
def served(campus: Campus) -> Campus:
    campus.files[NAME] = DATA
    return campus


def wanted(campus: Campus, data: bytes = DATA, size: int | None = None, *urls: str) -> Wanted:
    sha256 = hashlib.sha256(data).hexdigest()
    return Wanted(NAME, sha256, len(data) if size is None else size, "the test", urls or (campus.url + NAME,))


def fetched(campus: Campus, folder: Path, wish: Wanted) -> bytes:
    with Web(campus.host) as web:
        *_, intake = download(web, str(folder), wish)
    assert isinstance(intake, Intake)
    intake.close()
    return Path(intake.path).read_bytes()


def part(folder: Path, wish: Wanted) -> Path:
    return folder / f"{wish.sha256}.part"


def test_what_was_cut_goes_on_where_it_stopped(served: Campus, tmp_path: Path) -> None:
    wish = wanted(served)
    served.answers[NAME] = lambda request: Response(
        iter([DATA[:300_000]]), 200, {"Content-Length": str(len(DATA))}
    )
    with pytest.raises(errors.Stalled, match="stopped sending after 300000 bytes; what came is kept"):
        fetched(served, tmp_path, wish)
    assert part(tmp_path, wish).stat().st_size == 300_000
    del served.answers[NAME]
    assert fetched(served, tmp_path, wish) == DATA
    assert served.asked[-1] == (NAME, "bytes=300000-")
    assert not part(tmp_path, wish).exists()


def test_a_cancelled_one_goes_on_too(served: Campus, tmp_path: Path) -> None:
    wish = wanted(served)
    part(tmp_path, wish).write_bytes(DATA[:1000])
    with Web(served.host) as web:
        run = download(web, str(tmp_path), wish)
        run.close()
    assert part(tmp_path, wish).read_bytes() == DATA[:1000]
    assert fetched(served, tmp_path, wish) == DATA


def test_a_server_that_cannot_resume_sends_all_again(served: Campus, tmp_path: Path) -> None:
    wish = wanted(served)
    part(tmp_path, wish).write_bytes(DATA[:1000])
    served.answers[NAME] = lambda request: Response(DATA)
    assert fetched(served, tmp_path, wish) == DATA
    assert [name for name, _ in served.asked].count(NAME) == 1


@pytest.mark.parametrize(
    ("status", "header"),
    [(206, "bytes 0-9/10"), (206, ""), (416, "bytes */10"), (500, ""), (206, "bytes 1000-1/1")],
)
def test_a_server_that_lies_about_ranges_is_asked_for_all(
    served: Campus, tmp_path: Path, status: int, header: str
) -> None:
    wish = wanted(served)
    part(tmp_path, wish).write_bytes(DATA[:1000])

    def answer(request: Request) -> Response:
        if "Range" in request.headers:
            return Response(DATA[1000:], status, {"Content-Range": header} if header else {})
        return Response(DATA)

    served.answers[NAME] = answer
    assert fetched(served, tmp_path, wish) == DATA


def test_bytes_of_something_else_at_the_start_are_fetched_again(served: Campus, tmp_path: Path) -> None:
    wish = wanted(served)
    part(tmp_path, wish).write_bytes(b"x" * 1000)
    assert fetched(served, tmp_path, wish) == DATA
    assert served.asked[-2:] == [(NAME, "bytes=1000-"), (NAME, "")]


def test_a_whole_but_unfinished_part_needs_no_network(served: Campus, tmp_path: Path) -> None:
    wish = wanted(served)
    part(tmp_path, wish).write_bytes(DATA)
    assert fetched(served, tmp_path, wish) == DATA
    assert served.asked == []


def test_a_part_that_is_too_long_is_fetched_again(served: Campus, tmp_path: Path) -> None:
    wish = wanted(served)
    part(tmp_path, wish).write_bytes(DATA + b"x")
    assert fetched(served, tmp_path, wish) == DATA


def test_without_a_known_size_the_sum_decides(served: Campus, tmp_path: Path) -> None:
    assert fetched(served, tmp_path, wanted(served, size=0)) == DATA
    served.files[NAME] = DATA[:-1]
    os.unlink(tmp_path / wanted(served).sha256)
    with pytest.raises(errors.WrongSum):
        fetched(served, tmp_path, wanted(served, size=0))
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_the_next_address_is_tried(served: Campus, tmp_path: Path) -> None:
    served.files["lie"] = DATA[::-1]
    served.files["page"] = b"<html></html>"
    bad = [f"{served.url}{name}" for name in ("none", "lie", "page")]
    wish = wanted(served, DATA, None, "http://127.0.0.1:9/x", *bad, served.url + NAME)
    assert fetched(served, tmp_path, wish) == DATA


def test_gzip_on_top_is_refused(served: Campus, tmp_path: Path) -> None:
    served.answers[NAME] = lambda request: Response(DATA, 200, {"Content-Encoding": "gzip"})
    with pytest.raises(errors.ServerRefused, match="was answered with Content-Encoding: gzip"):
        fetched(served, tmp_path, wanted(served))


def test_an_endless_body_is_cut(served: Campus, tmp_path: Path) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield DATA

    served.answers[NAME] = lambda request: Response(endless())
    with pytest.raises(errors.TooLarge):
        fetched(served, tmp_path, wanted(served))
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("file:///etc/passwd", "a redirect to file:///etc/passwd"),
        ("/dl/loop", "redirects without end"),
    ],
)
def test_redirects_that_lead_nowhere_good_are_refused(
    served: Campus, tmp_path: Path, target: str, why: str
) -> None:
    served.answers[NAME] = served.answers["loop"] = lambda request: Response("", 302, {"Location": target})
    with pytest.raises(errors.ServerRefused) as caught:
        fetched(served, tmp_path, wanted(served))
    assert why in str(caught.value.message)


def test_a_redirect_is_followed(served: Campus, tmp_path: Path) -> None:
    served.answers["moved"] = lambda request: Response("", 302, {"Location": f"/dl/{NAME}"})
    assert fetched(served, tmp_path, wanted(served, DATA, None, f"{served.url}moved")) == DATA


def test_two_at_once_fetch_it_once(served: Campus, tmp_path: Path) -> None:
    wish = wanted(served)
    told: list[Progress | Intake] = []
    with Web(served.host) as web, Web(served.host) as other:
        second = download(other, str(tmp_path), wish)

        def meanwhile(request: Request) -> Response:
            told.append(next(second))
            return Response(DATA)

        served.answers[NAME] = meanwhile
        for run in (download(web, str(tmp_path), wish), second):
            *_, intake = run
            assert isinstance(intake, Intake)
            intake.close()
    assert [str(item.what) for item in told if isinstance(item, Progress)] == [
        f"Waiting for another gomedic that fetches {NAME}"
    ]
    assert [name for name, _ in served.asked].count(NAME) == 1


def test_the_proxy_of_the_environment_is_used(served: Campus) -> None:
    with (
        Web(served.host) as web,
        pytest.raises(errors.NoNetwork, match=r"go\.example\.edu could not be reached"),
    ):
        web.small("http://go.example.edu/x", 10)
