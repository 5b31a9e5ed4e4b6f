"""The list of releases, with the traps of the real one: golang/website, internal/dl/dl.go."""

import json
from typing import Any

import pytest

from gomedic.toolchain.errors import BadIndex
from gomedic.toolchain.releases import architectures, archive_for, decode, platform

SUM = "0123456789abcdef" * 4


def row(filename: str, **other: Any) -> dict[str, Any]:
    version = filename.split(".linux")[0].split(".src")[0]
    kind = "source" if ".src." in filename else "archive"
    system, arch = ("", "") if kind == "source" else ("linux", filename.split("-")[-1].split(".")[0])
    base = {
        "filename": filename,
        "os": system,
        "arch": arch,
        "version": version,
        "sha256": SUM,
        "size": 7,
        "kind": kind,
    }
    return base | other


def listed(*rows: dict[str, Any], version: str = "go1.22.5", stable: bool = True) -> dict[str, Any]:
    return {"version": version, "stable": stable, "files": list(rows)}


def decoded(*releases: dict[str, Any]) -> Any:
    return decode(json.dumps(releases).encode(), "http://x/")


def test_what_a_machine_can_run_is_found_by_its_processor() -> None:
    (release,) = decoded(
        listed(
            row("go1.22.5.src.tar.gz"),
            row("go1.22.5.linux-armv6l.tar.gz"),
            row("go1.22.5.linux-amd64.tar.gz"),
            row("go1.22.5.linux-amd64.msi", kind="installer"),
            row("go1.22.5.darwin-arm64.tar.gz", os="darwin", arch="arm64"),
        )
    )
    assert architectures(release) == ("amd64", "armv6l")
    found = archive_for(release, "amd64")
    assert found is not None
    assert found.filename == "go1.22.5.linux-amd64.tar.gz"
    assert archive_for(release, "arm64") is None


@pytest.mark.parametrize(
    ("machine", "arch"),
    [
        ("x86_64", "amd64"),
        ("aarch64", "arm64"),
        ("armv7l", "armv6l"),
        ("riscv64", "riscv64"),
        ("loongarch64", "loong64"),
    ],
)
def test_processors(machine: str, arch: str) -> None:
    assert platform(machine) == arch


def test_old_releases_without_sum_and_size_are_listed() -> None:
    (release,) = decoded(listed(row("go1.3.linux-amd64.tar.gz", sha256="", size=0), version="go1.3"))
    found = archive_for(release, "amd64")
    assert found is not None
    assert (found.sha256, found.size) == ("", 0)


def test_newest_first_and_doubled_entries_become_one() -> None:
    entry = row("go1.22.5.linux-amd64.tar.gz")
    releases = decoded(
        listed(version="go1.9"), listed(entry), listed(entry, stable=False), listed(version="go1.22rc1")
    )
    assert [release.version for release in releases] == ["go1.22.5", "go1.22rc1", "go1.9"]
    assert len(releases[0].files) == 1


@pytest.mark.parametrize(
    ("releases", "why"),
    [
        ({"message": "Not Found"}, "it is not a list of Go releases"),
        ([{"version": 3}], "it is not a list of Go releases"),
        ([listed(version="../../evil")], "it names a version ../../evil"),
        (
            [listed({**row("go1.22.5.linux-amd64.tar.gz"), "filename": "../go1.22.5.tar.gz"})],
            "it names a file ../go1.22.5.tar.gz",
        ),
        ([listed(row("go1.19.8.linux-amd64.tar.gz"))], "it names a file go1.19.8.linux-amd64.tar.gz"),
        ([listed(row("go1.22.5.linux-amd64.tar.gz", sha256="beef"))], "the SHA-256 beef, which is none"),
        (
            [listed(row("go1.22.5.src.tar.gz")), listed(row("go1.22.5.src.tar.gz", sha256=SUM[::-1]))],
            "it gives go1.22.5.src.tar.gz two different SHA-256 sums",
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(releases: Any, why: str) -> None:
    with pytest.raises(BadIndex) as caught:
        decode(json.dumps(releases).encode(), "http://x/")
    assert why in str(caught.value.message)
