"""The script that makes the shipped snapshot: a whole list or none, and what is there stays where none can be had."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gomedic.toolchain.snapshot import decode_snapshot
from loading import ROOT

SHIPPED = ROOT / "resources" / "gomedic_resources" / "releases.json"
SUM = "0123456789abcdef" * 4


def whole() -> list[dict[str, Any]]:
    """Return a list with all that is shipped, and a hundred more."""
    shipped = decode_snapshot(SHIPPED.read_bytes(), "releases.json").releases
    known = [
        {
            "version": release.version,
            "files": [json.loads(json.dumps(as_dict(file))) for file in release.files],
        }
        for release in shipped
    ]
    more = [
        {"version": name, "files": [{"filename": f"{name}.linux-amd64.tar.gz", "os": "linux", "arch": "amd64",
         "version": name, "sha256": SUM, "size": 7, "kind": "archive"}]}
        for name in (f"go1.9{number // 10}.{number % 10}" for number in range(100))
    ]  # fmt: skip
    return known + more


def as_dict(file: Any) -> dict[str, Any]:
    return {name: getattr(file, name) for name in file.__struct_fields__}


def refresh(tmp_path: Path, data: bytes) -> tuple[int, str, bytes]:
    source, output = tmp_path / "index.json", tmp_path / "releases.json"
    source.write_bytes(data)
    output.write_bytes(b"as it was")
    command = [sys.executable, ROOT / "packaging" / "refresh_releases", "--from", source, "--output", output]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    return ended.returncode, ended.stdout + ended.stderr, output.read_bytes()


def test_a_whole_list_becomes_the_snapshot(tmp_path: Path) -> None:
    code, said, written = refresh(tmp_path, json.dumps(whole()).encode())
    assert code == 0, said
    assert "newest go1.99.9" in said
    found = decode_snapshot(written, "releases.json")
    assert len(found.releases) >= 100
    assert found.origin == str(tmp_path / "index.json")


def changed(releases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    releases[0]["files"][0]["sha256"] = SUM[::-1]
    return releases


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<html></html>", "a web page"),
        (b"[", "is not a list of Go releases"),
        (json.dumps(whole()[:50]).encode(), "it has 50 releases"),
        (json.dumps(whole()[1:]).encode(), "lacks ['"),
        (json.dumps(changed(whole())).encode(), "two different SHA-256 sums"),
    ],
)
def test_anything_else_leaves_it_as_it_was(tmp_path: Path, data: bytes, why: str) -> None:
    code, said, written = refresh(tmp_path, data)
    assert (code, written) == (3, b"as it was")
    assert why in said
    assert "stays as it was" in said
