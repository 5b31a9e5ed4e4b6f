"""A campus for the window: two small Go releases that work, on a server of the loopback, and an account that knows it."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

import little_go
from gomedic.host import Host
from loading import ROOT

sys.path.insert(0, str(ROOT / "tests/core/toolchain"))  # for `campus`, which the tests of the core share

from campus import ARCH, Campus, Signer, file_name, go_members, packed, serve

ONE, TWO = "go1.27.1-campus1", "go1.27.1-campus2"
_NOWHERE = "http://127.0.0.1:9"  # the discard port: what must not be asked fails at once

__all__ = ["ONE", "TWO", "Campus", "account", "campus", "file_name", "signer"]


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer(tmp_path_factory.mktemp("keys") / "staff", "Campus Staff <staff@example.edu>")


@pytest.fixture
def account(host: Callable[..., Host], home: Path) -> Host:
    """An account whose only network is the loopback."""
    home.chmod(0o755)
    return host(http_proxy=_NOWHERE, https_proxy=_NOWHERE)


@pytest.fixture
def campus(
    httpserver: HTTPServer, account: Host, signer: Signer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Campus]:
    """A campus with two releases that work, rightly signed and listed."""
    program = little_go.program(tmp_path_factory.getbasetemp(), ARCH)
    for served in serve(httpserver, account, signer):
        rows: list[object] = []
        for version in (ONE, TWO):
            served.publish(packed(go_members(version, program)), version)
            rows += json.loads(served.files["index.json"])
        served.files["index.json"] = json.dumps(rows).encode()
        config = Path(account.config_folder)
        (config / "config.toml").write_text(served.settings_text(config / "campus.asc", "go1.27.1-campus"))
        yield served
