"""A throw-away key, somebody else's key with the same name, and a server of the campus."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from gomedic.host import Host

sys.path.insert(0, str(Path(__file__).parent))  # for `campus`, which the test modules share

from campus import Campus, Signer, go_members, packed, serve

_NAME = "Campus Staff <staff@example.edu>"
_NO_PROXY_ANSWERS = "http://127.0.0.1:9"  # the discard port: what must not be asked fails at once


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer(tmp_path_factory.mktemp("keys") / "staff", _NAME)


@pytest.fixture(scope="session")
def impostor(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer(tmp_path_factory.mktemp("keys") / "impostor", _NAME)


@pytest.fixture(scope="session")
def archive() -> bytes:
    return packed(go_members())


@pytest.fixture
def machine(host: Callable[..., Host]) -> Host:
    """An account whose only network is the loopback."""
    return host(http_proxy=_NO_PROXY_ANSWERS, https_proxy=_NO_PROXY_ANSWERS)


@pytest.fixture
def campus(httpserver: HTTPServer, machine: Host, signer: Signer, archive: bytes) -> Iterator[Campus]:
    """A campus that serves one good archive, rightly signed and listed; a test then breaks something."""
    for campus in serve(httpserver, machine, signer):
        campus.publish(archive)
        yield campus
