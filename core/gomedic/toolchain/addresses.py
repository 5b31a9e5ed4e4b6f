"""What an address names: a file of this machine or a server, whose proxy, and whether a redirect may lead there."""

import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Proxies of a whole machine answer with these for every name (RFC 2544), so they tell nothing of who is behind.
_MADE_UP = ipaddress.ip_network("198.18.0.0/15")


def local_path(address: str) -> str | None:
    """Return the path that an address names if it is a file: address or a path."""
    if address.startswith("file://"):
        return unquote(urlsplit(address).path)
    return address if address.startswith("/") else None


def server_of(address: str) -> str:
    """Return what to call the place that an address leads to: a server, or a folder."""
    path = local_path(address)
    return urlsplit(address).netloc.rpartition("@")[2] if path is None else path.rpartition("/")[0]


def may_follow(url: str, target: str, *, proxied: bool) -> bool:
    """Tell whether a redirect may be followed: to the web, never from https to http, nor from outside to inside.

    Inside are loopback, link-local and private addresses; a source that is inside itself, because the person named
    it so, may lead to others there. With a proxy the proxy looks names up, so only written-out addresses count.
    """
    old, new = urlsplit(url), urlsplit(target)
    if new.scheme not in ("http", "https") or (old.scheme == "https" and new.scheme != "https"):
        return False
    return not _is_inside(new.hostname, look_up=not proxied) or _is_inside(old.hostname, look_up=not proxied)


def _is_inside(name: str | None, *, look_up: bool) -> bool:
    if not name or name in _LOOPBACK:
        return True
    try:
        return _is_inner(ipaddress.ip_address(name))
    except ValueError:
        return look_up and any(_is_inner(found) for found in _looked_up(name))


def _is_inner(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(found, "ipv4_mapped", None) or found
    if mapped.version == 4 and mapped in _MADE_UP:
        return False
    return not mapped.is_global or mapped.is_multicast


def _looked_up(name: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []  # the connection will say so
    return [ipaddress.ip_address(str(address[0]).partition("%")[0]) for *_, address in found]


def proxies(env: Mapping[str, str], url: str) -> dict[str, str]:
    """Return the proxy for an address, as curl(1) reads the environment; loopback never has one."""
    parts = urlsplit(url)
    scheme, name = parts.scheme, parts.hostname or ""
    if name in _LOOPBACK or _is_unproxied(name, env.get("no_proxy") or env.get("NO_PROXY") or ""):
        return {}
    names = (
        f"{scheme}_proxy",
        f"{scheme.upper()}_PROXY" if scheme == "https" else "",
        "all_proxy",
        "ALL_PROXY",
    )
    proxy = next((env[name] for name in names if env.get(name)), None)
    return {scheme: proxy if "//" in proxy else f"http://{proxy}"} if proxy else {}


def _is_unproxied(name: str, listed: str) -> bool:
    items = [item.strip().lstrip(".") for item in listed.split(",")]
    return any(item and (item == "*" or name == item or name.endswith(f".{item}")) for item in items)
