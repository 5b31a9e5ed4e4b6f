"""Trying a source: a server's time and speed, a folder, and one sentence where nothing answers."""

import os
from pathlib import Path

import pytest
from campus import VERSION, Campus

from gomedic.host import Host
from gomedic.settings import Settings, Source, read_settings
from gomedic.toolchain.errors import ToolchainError
from gomedic.toolchain.measuring import Measured, measured


def tried(host: Host, source: Source, settings: Settings | None = None) -> Measured:
    *_, last = measured(host, settings or Settings(), source)
    assert isinstance(last, Measured)
    return last


def test_a_server_is_timed_and_its_releases_counted(campus: Campus) -> None:
    found = tried(campus.host, Source("campus", campus.url), read_settings(campus.host))
    assert found.versions == (VERSION,)
    assert found.told
    assert found.speed is not None
    assert found.speed > 0
    assert found.seconds < 60


def test_an_archive_that_cannot_be_fetched_leaves_the_speed_unknown(campus: Campus) -> None:
    for name in [name for name in campus.files if name.endswith(".tar.gz")]:
        del campus.files[name]
    assert tried(campus.host, Source("campus", campus.url)).speed is None


def test_a_server_without_a_list_says_so(campus: Campus) -> None:
    campus.files.clear()
    found = tried(campus.host, Source("campus", campus.url))
    assert (found.versions, found.told) == ((), False)


def test_a_folder_is_here(machine: Host, tmp_path: Path, archive: bytes) -> None:
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
    (tmp_path / f"go1.22.10.linux-{arch}.tar.gz").write_bytes(archive)
    found = tried(machine, Source("stick", str(tmp_path)))
    assert (found.here, found.speed, found.versions) == (True, None, ("go1.22.10",))


def test_where_nobody_answers_it_is_said(machine: Host) -> None:
    with pytest.raises(ToolchainError):
        tried(machine, Source("gone", "http://127.0.0.1:9/dl/"))
