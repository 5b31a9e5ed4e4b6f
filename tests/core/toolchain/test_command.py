"""What can be listed and taken away: read only, until the repair engine takes the steps."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from campus import ARCH, VERSION, Campus, index

from gomedic.host import Host
from gomedic.model import EditFile, Move
from gomedic.settings import read_settings
from gomedic.toolchain import errors
from gomedic.toolchain.command import Availability, available, installed, steps_to_remove


def listed(host: Host) -> Availability:
    *_, last = available(host, read_settings(host))
    assert isinstance(last, Availability)
    return last


def official(*versions: str) -> bytes:
    releases: Iterator[Any] = (
        json.loads(index({f"{name}.linux-{ARCH}.tar.gz": b""}, name))[0] for name in versions
    )
    return json.dumps(list(releases)).encode()


def test_what_the_sources_and_google_list_is_one_list(campus: Campus) -> None:
    Path(campus.host.config_folder, "releases.json").write_bytes(
        official("go1.28rc1", "go1.27.1", "go1.27.2")
    )
    found = listed(campus.host)
    assert [(row.version, row.stable, row.source) for row in found.releases] == [
        ("go1.28rc1", False, "go.dev"), ("go1.27.2", True, "go.dev"),
        (VERSION, True, "campus"), ("go1.27.1", True, "go.dev"),
    ]  # fmt: skip
    assert found.problems == ()


def test_a_source_cannot_list_versions_of_googles(campus: Campus) -> None:
    campus.files["index.json"] = official("go1.99.0")
    assert listed(campus.host).releases == ()


def test_what_could_not_be_had_is_told(campus: Campus) -> None:
    campus.files["index.json"] = b"[{}]"
    problems = [str(problem) for problem in listed(campus.host).problems]
    assert problems[0].startswith(f"The list of releases at {campus.url}index.json cannot be used")
    assert problems[1].startswith(
        "The list of official Go releases is needed and could not be had. go.dev could not"
    )


def test_nothing_is_installed_in_a_new_home(machine: Host) -> None:
    assert installed(machine) == ()


def test_removing_moves_away_and_forgets(machine: Host) -> None:
    root = Path(machine.data_folder, "toolchains", VERSION)
    root.mkdir(parents=True)
    Path(f"{root}.json").write_text("{}")
    (found,) = installed(machine)
    assert (found.version, found.path, found.whole, found.verification) == (VERSION, str(root), False, None)
    move, forget = steps_to_remove(machine, VERSION)
    assert isinstance(move, Move)
    assert move.source == str(root)
    assert forget == EditFile(path=f"{root}.json", before=b"{}", after=None)


@pytest.mark.parametrize("name", ["go1.99", "..", "../../x", ""])
def test_removing_what_is_not_there_is_refused(machine: Host, name: str) -> None:
    with pytest.raises(errors.NotInstalled):
        steps_to_remove(machine, name)
