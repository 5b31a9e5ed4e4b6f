"""One list of what Google and the sources have: what is newest, what still gets fixes, what runs here."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lying
import pytest
from campus import ARCH, VERSION, Campus, index

from gomedic.host import Host
from gomedic.settings import read_settings
from gomedic.toolchain import errors, official
from gomedic.toolchain.availability import Availability, available
from gomedic.toolchain.releases import File, Release
from gomedic.toolchain.snapshot import decode_snapshot, encode_snapshot
from gomedic.toolchain.sources import Place
from gomedic.toolchain.view import Here, has_glibc, kernel_numbers, view, worth_showing
from gomedic.toolchain.web import Web

HERE = Here("amd64", (6, 1, 0), True)
SUM = hashlib.sha256(b"").hexdigest()


def listed(host: Host) -> Availability:
    *_, last = available(host, read_settings(host))
    assert isinstance(last, Availability)
    return last


def google(*versions: str) -> bytes:
    releases: Iterator[Any] = (
        json.loads(index({f"{name}.linux-{ARCH}.tar.gz": b""}, name))[0] for name in versions
    )
    return json.dumps(list(releases)).encode()


def releases(*versions: str, arch: str = "amd64", sha256: str = SUM) -> list[Release]:
    return [
        Release(
            name,
            True,
            (File(f"{name}.linux-{arch}.tar.gz", "linux", arch, name, sha256, 1, "archive"),),
        )
        for name in versions
    ]


# ------------------------------------------------------------------ what is said of each

LINES = (
    "go1.28rc2",
    "go1.28rc1",
    "go1.27.1",
    "go1.27.0",
    "go1.27rc3",
    "go1.26.7",
    "go1.26.6",
    "go1.22.12",
    "go1.22.10",
)


def test_states_are_those_of_go_dev() -> None:
    rows = {row.version: row for row in view(releases(*reversed(LINES)), HERE)}
    assert tuple(rows) == LINES
    assert {name: row.state for name, row in rows.items()} == {
        "go1.28rc2": "unstable", "go1.28rc1": "unstable", "go1.27.1": "stable", "go1.27.0": "archived",
        "go1.27rc3": "archived", "go1.26.7": "stable", "go1.26.6": "archived", "go1.22.12": "archived",
        "go1.22.10": "archived",
    }  # fmt: skip
    assert [name for name, row in rows.items() if row.supported] == [
        "go1.27.1", "go1.27.0", "go1.27rc3", "go1.26.7", "go1.26.6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("go1.27.1", []),
        ("go1.28rc2", []),
        ("go1.27.0", ["has later fixes: 1.27.1"]),
        ("go1.27rc3", ["has later fixes: 1.27.1"]),
        ("go1.22.10", ["has later fixes: 1.22.12", "no longer gets fixes"]),
        ("go1.22.12", ["no longer gets fixes"]),
    ],
)
def test_what_came_after_a_release_is_told(name: str, notes: list[str]) -> None:
    row = next(row for row in view(releases(*LINES), HERE) if row.version == name)
    assert [str(note) for note in row.notes] == notes


def test_a_person_chooses_from_few() -> None:
    shown = [row.version for row in worth_showing(view(releases(*LINES), HERE))]
    assert shown == ["go1.28rc2", "go1.28rc1", "go1.27.1", "go1.27.0", "go1.26.7", "go1.26.6", "go1.22.12"]


@pytest.mark.parametrize(
    ("name", "here", "why"),
    [
        ("go1.24.0", Here("amd64", (2, 6, 32), True), "needs Linux 3.2, this is 2.6.32"),
        ("go1.23.0", Here("amd64", (2, 6, 32), True), None),
        ("go1.19.0", Here("amd64", (2, 6, 31), True), "needs Linux 2.6.32, this is 2.6.31"),
        ("go1.18.10", Here("amd64", (2, 6, 31), True), None),
        ("go1.24.0", Here("loong64", (5, 10), True), "needs Linux 5.19, this is 5.10"),
        ("go1.24.0", Here("riscv64", (5, 10), True), None),
        ("go1.20.14", Here("amd64", (6, 1), False), "needs the GNU C library"),
        ("go1.21.0", Here("amd64", (6, 1), False), None),
        ("go1.27.0", Here("amd64", (), True), None),
    ],
)
def test_what_this_machine_cannot_run_says_why(name: str, here: Here, why: str | None) -> None:
    (row,) = view(releases(name, arch=here.arch), here)
    assert (str(row.why_not) if row.why_not else None) == why
    assert row.runs is (why is None)


@pytest.mark.parametrize(
    ("loader", "is_glibc"),
    [
        ("lib64/ld-linux-x86-64.so.2", True),
        ("lib/ld-linux-aarch64.so.1", True),
        ("lib64/ld-linux-loongarch-lp64d.so.1", True),
        ("lib/ld-linux-riscv64-lp64d.so.1", True),
        ("lib64/ld64.so.2", True),
        ("lib/ld64.so.1", True),
        ("lib/ld.so.1", True),
        ("lib/ld-musl-x86_64.so.1", False),
    ],
)
def test_the_gnu_c_library_is_known_by_its_loader(tmp_path: Path, loader: str, is_glibc: bool) -> None:
    (tmp_path / loader).parent.mkdir()
    (tmp_path / loader).touch()
    assert has_glibc(str(tmp_path)) is is_glibc


def test_another_processors_archive_is_no_use() -> None:
    (row,) = view(releases("go1.27.1", arch="arm64"), HERE)
    assert str(row.why_not) == "has no archive for this machine"


def test_very_old_releases_have_neither_sum_nor_signature() -> None:
    (row,) = view(releases("go1.4.3", sha256=""), HERE)
    assert str(row.why_not) == "has no published SHA-256, so it cannot be verified"
    assert [str(note) for note in row.notes] == ["no longer gets fixes", "was never signed by Google"][1:]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("6.1.0-18-amd64", (6, 1, 0)),
        ("5.10.16.3-microsoft-standard-WSL2", (5, 10, 16, 3)),
        ("6.6+", (6,)),
        ("x", ()),
    ],
)
def test_kernels(text: str, numbers: tuple[int, ...]) -> None:
    assert kernel_numbers(text) == numbers


# ------------------------------------------------------------------ one list of many


def test_what_the_sources_and_google_list_is_one_list(campus: Campus) -> None:
    Path(campus.host.config_folder, "releases.json").write_bytes(google("go1.28rc1", "go1.27.2", "go1.26.0"))
    found = [row for row in listed(campus.host).releases if row.version != "go1.27.1"]  # which is shipped
    assert [(row.version, row.stable, row.source, row.row.state) for row in found] == [
        ("go1.28rc1", False, "go.dev", "unstable"), ("go1.27.2", True, "go.dev", "stable"),
        (VERSION, True, "campus", "own"), ("go1.26.0", True, "go.dev", "stable"),
    ]  # fmt: skip


def test_a_source_cannot_list_versions_of_googles(campus: Campus) -> None:
    campus.files["index.json"] = google("go1.99.0")
    assert "go1.99.0" not in [row.version for row in listed(campus.host).releases]


def test_what_could_not_be_had_is_told(campus: Campus) -> None:
    campus.files["index.json"] = b"[{}]"
    problems = [str(problem) for problem in listed(campus.host).problems]
    assert problems[0].startswith(
        "The newest list of Go releases could not be had, so this is what was known on 2026-"
    )
    assert problems[1].startswith(f"The list of releases at {campus.url}index.json cannot be used")


# ------------------------------------------------------------------ Google's list


@pytest.fixture
def web(machine: Host, monkeypatch: pytest.MonkeyPatch) -> Iterator[lying.Mirror]:
    """A server that stands for Google's; what it serves is the test's."""
    with lying.mirror(b"", lying.honest) as server:
        place = Place("go.dev", server.url, (server.url,), True)
        monkeypatch.setattr(official, "OFFICIAL", (place,))
        yield server


def fetched(host: Host) -> official.Known:
    with Web(host) as web:
        return official.fetch(host, web)


def names(known: official.Known) -> list[str]:
    return [release.version for release in known.releases]


def test_what_was_fetched_is_known_the_next_time(machine: Host, web: lying.Mirror) -> None:
    web.data = google("go1.28.0", "go1.27.2")
    assert names(fetched(machine))[0] == "go1.28.0"
    assert names(official.known(machine))[0] == "go1.28.0"
    web.behave = lying.page
    later = fetched(machine)
    assert names(later)[0] == "go1.28.0"
    assert later.refusal is not None


def test_a_list_from_the_past_hides_nothing_and_is_told(machine: Host, web: lying.Mirror) -> None:
    web.data = google("go1.28.0")
    fetched(machine)
    web.data = google("go1.20.1", "go1.20.1", "go1.19.0")
    late = fetched(machine)
    assert names(late)[:3] == ["go1.28.0", "go1.27.1", "go1.20.1"]
    assert [str(note) for note in late.notes] == [
        (
            f"The list of releases at {web.url} is an old one: it ends with go1.20.1, but go1.28.0 is out. "
            "Perhaps a proxy keeps it."
        )
    ]
    assert "go1.20.1" not in names(official.known(machine))


def test_a_list_that_contradicts_what_is_shipped_is_refused(machine: Host, web: lying.Mirror) -> None:
    shipped = next(r for r in official.known(machine).releases if r.version == "go1.27.1")
    name = shipped.files[0].filename
    web.data = index({name: b"other bytes"}, "go1.27.1")
    assert "two different SHA-256 sums" in str(fetched(machine).refusal)
    assert official.known(machine).releases[0] == shipped


def test_a_list_that_spoilt_on_the_disk_is_left_aside(machine: Host) -> None:
    path = Path(machine.cache_folder, "releases.json")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"[")
    known = official.known(machine)
    assert "go1.27.1" in names(known)
    assert str(known.notes[0]).startswith("What was kept of an earlier list of releases is left aside.")


def test_a_list_given_by_hand_that_is_none_is_named(machine: Host) -> None:
    path = Path(official.hand_file(machine))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"[")
    with pytest.raises(errors.BadIndex, match=str(path)):
        official.known(machine)


# ------------------------------------------------------------------ the snapshot


def test_the_snapshot_says_the_same_again() -> None:
    data = encode_snapshot("2026-11-23", "https://go.dev/", releases("go1.27.1", "go1.4.3", sha256=""))
    snapshot = decode_snapshot(data, "releases.json")
    assert encode_snapshot(snapshot.date, snapshot.origin, snapshot.releases) == data
    assert len(data.splitlines()) == 4
    assert list(snapshot.releases) == releases("go1.27.1", "go1.4.3", sha256="")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"date": "", "origin": "", "releases": {"../x": {}}}',
        b'{"date": "", "origin": "", "releases": {"go1.2": {"src": ["beef", 1]}}}',
        b'{"date": "", "origin": "", "releases": {"go1.2": {"../../x": ["", 1]}}}',
        b'{"date": "", "origin": "", "releases": {}, "more": 1}',
    ],
)
def test_a_snapshot_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(errors.BadIndex):
        decode_snapshot(data, "releases.json")
