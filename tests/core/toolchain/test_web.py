"""The way to a server: through the person's proxy, and only to whom the system trusts."""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import lying
import pytest
import trustme

from gomedic.host import Host
from gomedic.toolchain import errors
from gomedic.toolchain.addresses import proxies
from gomedic.toolchain.web import Web

DATA = b"data"
ANYWHERE = "http://go.example.edu/data.tar.gz"


def test_the_proxy_of_the_settings_is_used(host: Callable[..., Host]) -> None:
    with lying.mirror(DATA, lying.honest) as proxy, Web(host(), proxy.url.rpartition("/")[0]) as web:
        assert web.small(ANYWHERE, 10) == DATA


def test_the_environment_comes_before_the_settings(host: Callable[..., Host]) -> None:
    with lying.mirror(DATA, lying.honest) as proxy:
        address = proxy.url.rpartition("/")[0]
        with Web(host(http_proxy=address), "http://127.0.0.1:9") as web:
            assert web.small(ANYWHERE, 10) == DATA


@pytest.mark.parametrize(
    ("env", "proxy"),
    [
        ({"http_proxy": "http://p:1"}, "http://p:1"),
        ({"http_proxy": "p:1"}, "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, None),  # a web server's CGI programs have the client's header there
        ({"https_proxy": "http://p:1"}, None),
        ({"ALL_PROXY": "http://p:1"}, "http://p:1"),
        ({"http_proxy": "http://p:1", "no_proxy": "x, .example.edu"}, None),
        ({"http_proxy": "http://p:1", "NO_PROXY": "*"}, None),
        ({"http_proxy": "http://p:1", "no_proxy": "ample.edu"}, "http://p:1"),
    ],
)
def test_the_environment_is_read_as_curl_reads_it(env: dict[str, str], proxy: str | None) -> None:
    assert proxies(env, ANYWHERE).get("http") == proxy


def test_loopback_has_no_proxy() -> None:
    assert proxies({"http_proxy": "http://p:1"}, "http://127.0.0.1:8000/x") == {}


@pytest.mark.parametrize("trusted", [True, False])
def test_the_system_says_whom_to_trust(
    machine: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with lying.mirror(DATA, lying.honest) as server, Web(machine) as web:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        address = f"https://localhost:{server.server_address[1]}/{lying.NAME}"
        if trusted:
            assert web.small(address, 10) == DATA
        else:
            with pytest.raises(errors.NoNetwork, match="certificate"):
                web.small(address, 10)


def test_a_small_file_has_an_end(machine: Host) -> None:
    with (
        lying.mirror(DATA * 1000, lying.endless) as server,
        Web(machine) as web,
        pytest.raises(errors.TooLarge),
    ):
        web.small(server.url, 10_000)


def test_a_connection_that_the_server_gave_up_is_made_anew(machine: Host) -> None:
    """It says that it keeps the connection, and hangs up on the next question."""

    def forgetful(asked: lying.Asked) -> None:
        if asked.server.asked.count("") % 2:
            lying.honest(asked)
            asked.close_connection = False
        else:
            asked.connection.shutdown(socket.SHUT_RDWR)

    with lying.mirror(DATA, forgetful) as server, Web(machine) as web:
        assert [web.small(server.url, 10) for _ in range(3)] == [DATA] * 3
