"""Whether somebody listens where a setting points: asked once, in at most a second."""

import errno
import socket
from urllib.parse import urlsplit

from gomedic.probes.reach import within

_PATIENCE = 1.0  # seconds


def address_of(url: str) -> tuple[str, int] | None:
    """Return host and port of a proxy as http_proxy and GOPROXY write it; None where it names none."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port or {"https": 443, "socks5": 1080}.get(parts.scheme, 80)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and parts.scheme != "file" else None


def secure_server(url: str) -> tuple[str, int] | None:
    """Return name and port of the server that an https: address names; None for any other text."""
    found = address_of(url) if url.lower().startswith("https://") else None
    return found if found is not None and found[0].isprintable() else None


def refuses(host: str, port: int) -> bool:
    """Tell whether the machine that a name leads to refuses the connection outright.

    Only a refusal is an answer; no name, no route and no reply may mean that there is no network now.
    """
    try:
        within(_PATIENCE, lambda: socket.create_connection((host, port), timeout=_PATIENCE).close())
    except OSError as error:
        return error.errno == errno.ECONNREFUSED
    return False
