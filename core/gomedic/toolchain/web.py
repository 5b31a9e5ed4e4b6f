"""Bytes from an address or a folder: with the system's certificates, the person's proxies, and bounded patience."""

import os
import re
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, BinaryIO, Self
from urllib.parse import urljoin, urlsplit

import requests
import truststore
import urllib3
from msgspec import Struct
from requests.adapters import HTTPAdapter

from gomedic.host import Host
from gomedic.texts import N_, Message
from gomedic.toolchain.addresses import local_path, may_follow, proxies
from gomedic.toolchain.bundle import place_of, split
from gomedic.toolchain.errors import (
    NoNetwork,
    NotThere,
    Offline,
    ServerRefused,
    Stalled,
    TooLarge,
    WebPageInstead,
)

_CONNECT, _SILENCE = 10.0, 20.0  # seconds until the connection stands; between two pieces
_WHOLE_SMALL = 300.0  # seconds for all of a small file
_REDIRECTS = 6
_PIECE = 1 << 18
_GONE = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_MOVED = (301, 302, 303, 307, 308)
_ERRNO = re.compile(r"\[Errno -?\d+\] ")
_MOVED_TO = N_("a redirect to {target}")
_IN_CIRCLES = N_("redirects without end")
_NO_FILE = N_("not a file")


class Reply(Struct, frozen=True):
    """An answer whose body is still to be read."""

    url: str
    status: int  # 200, or 206 where the body starts at the offset asked for
    size: int | None  # of the body, where announced
    total: int | None  # of the whole file, where known
    tag: str  # strong entity tag, "" where there is none
    body: Iterator[bytes]
    stop: Callable[[], None]  # ends the body, from whatever thread


class Web:
    """Fetches for one host's person, in as many threads as wanted; use it in a `with` statement."""

    def __init__(self, host: Host, proxy: str | None = None) -> None:
        """Use `proxy` where the environment names none."""
        self._env = {"all_proxy": proxy, **host.env} if proxy else host.env
        self._offline = host.offline
        self._session = requests.Session()
        self._session.trust_env = False
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _SystemTrust())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def small(self, address: str, limit: int) -> bytes:
        """Return a small file.

        Raises NotThere, NoNetwork, ServerRefused, WebPageInstead, TooLarge, Stalled, and Offline for what is not
        on this machine where the host is offline.
        """
        data, deadline = bytearray(), time.monotonic() + _WHOLE_SMALL
        with self.opened(address) as reply:
            for piece in reply.body:
                data += piece
                if len(data) > limit:
                    raise TooLarge(file=os.path.basename(address), source=address, expected=limit)
                if time.monotonic() > deadline:
                    raise Stalled(url=address, size=len(data))
        return bytes(data)

    @contextmanager
    def opened(self, address: str, start: int = 0, tag: str = "", end: int | None = None) -> Iterator[Reply]:
        """Open a file, from byte `start` on where the server can and the file still has `tag`. Raises as `small`.

        With `end` only the bytes before that one are asked for; a server that cannot do so answers with all.
        """
        path = local_path(address)
        if path is not None:
            with _opened_file(path, start) as reply:
                yield reply
            return
        if self._offline:
            raise Offline(url=address)
        headers = {"Accept-Encoding": "identity", "User-Agent": "gomedic"}
        if start or end is not None:
            headers["Range"] = f"bytes={start}-{end - 1 if end is not None else ''}"
            if tag:
                headers["If-Range"] = tag
        response = self._get(address, headers)
        try:
            yield _judged(response, address, start, ranged="Range" in headers)
        finally:
            response.close()

    def _get(self, address: str, headers: Mapping[str, str]) -> requests.Response:
        url = address
        for _ in range(_REDIRECTS):
            response = self._once(url, headers)
            if response.status_code not in _MOVED or "Location" not in response.headers:
                return response
            response.close()
            target = urljoin(url, response.headers["Location"])
            if not may_follow(url, target, proxied=bool(proxies(self._env, target))):
                raise ServerRefused(url=address, reason=Message(_MOVED_TO, {"target": target[:200]}))
            url = target
        raise ServerRefused(url=address, reason=Message(_IN_CIRCLES))

    def _once(self, url: str, headers: Mapping[str, str], *, again: bool = True) -> requests.Response:
        try:
            return self._session.get(
                url, headers=headers, stream=True, allow_redirects=False, timeout=(_CONNECT, _SILENCE),
                proxies=proxies(self._env, url),
            )  # fmt: skip
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            inner = _innermost(error)
            if again and isinstance(
                inner, ConnectionResetError | BrokenPipeError
            ):  # RemoteDisconnected is one
                return self._once(
                    url, headers, again=False
                )  # it had kept the connection open, and no longer has
            raise NoNetwork(host=urlsplit(url).netloc or url, reason=_in_words(inner)) from None


class _SystemTrust(HTTPAdapter):
    """Trusts the certificates that the system trusts, and only those."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=_context())

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=_context())

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        conn.cert_reqs = "CERT_REQUIRED"


def _context() -> truststore.SSLContext:
    import ssl

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@contextmanager
def _opened_file(address: str, start: int) -> Iterator[Reply]:
    path, member = split(address)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        raise NotThere(url=path, reason=os.strerror(2)) from None
    except OSError as error:
        raise ServerRefused(url=path, reason=os.strerror(error.errno or 0)) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotThere(url=path, reason=Message(_NO_FILE))
        offset, size = place_of(file, path, member) if member else (0, status.st_size)
        start = start if start <= size else 0
        file.seek(offset + start)
        stopped = threading.Event()
        body = _pieces(file, size - start, stopped, path if not start else "")
        yield Reply(address, 206 if start else 200, size - start, size, "", body, stopped.set)


def _pieces(file: BinaryIO, size: int, stopped: threading.Event, path: str) -> Iterator[bytes]:
    while not stopped.is_set() and (piece := file.read(min(_PIECE, size))):
        if path:
            _refuse_page(piece, path)
            path = ""
        size -= len(piece)
        yield piece


def _judged(response: requests.Response, address: str, start: int, *, ranged: bool) -> Reply:
    status, headers = response.status_code, response.headers
    if status in _GONE:
        raise NotThere(url=address, reason=f"{status} {response.reason}")
    if status not in (200, 206) or (status == 206 and not ranged):
        raise ServerRefused(url=address, reason=f"{status} {response.reason}")
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ServerRefused(url=address, reason=f"Content-Encoding: {headers['Content-Encoding']}")
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() == "text/html":
        raise WebPageInstead(url=address)
    size = _whole(headers.get("Content-Length", ""))
    total = size
    if status == 206:
        first, total = _range(headers.get("Content-Range", ""))
        if first != start:
            raise ServerRefused(url=address, reason=f"Content-Range: {headers.get('Content-Range')}")
    tag = headers.get("ETag", "")
    body = _received(response, address, start if status == 206 else 0)
    return Reply(address, status, size, total, tag if tag.startswith('"') else "", body, _stopper(response))


def _stopper(response: requests.Response) -> Callable[[], None]:
    def stop() -> None:
        try:
            response.raw.shutdown()
        except (ValueError, OSError, urllib3.exceptions.HTTPError, AttributeError):
            return  # it has ended

    return stop


def _received(response: requests.Response, address: str, start: int) -> Iterator[bytes]:
    """Yield the body as it comes; the start of a file is looked at before it is given out."""
    received = start
    try:
        while piece := response.raw.read1(_PIECE, decode_content=False):
            if not received:
                _refuse_page(piece, address)
            received += len(piece)
            yield piece
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        raise Stalled(url=address, size=received) from None


def _refuse_page(first: bytes, address: str) -> None:
    if first[:512].lstrip().lower().startswith((b"<!doctype", b"<html", b"<head")):
        raise WebPageInstead(url=address)


def _range(header: str) -> tuple[int | None, int | None]:
    """Return first byte and whole size of "bytes 100-199/200"."""
    span, _, total = header.removeprefix("bytes ").partition("/")
    return _whole(span.partition("-")[0]), _whole(total)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _innermost(error: BaseException) -> BaseException:
    """Return the innermost of a chain of wrapped errors: "Connection refused", not its three wrappers."""
    inner = error
    for _ in range(8):
        nested = getattr(inner, "reason", None) or next(
            (arg for arg in inner.args if isinstance(arg, Exception)), None
        )
        if not isinstance(nested, BaseException):
            break
        inner = nested
    return inner


def _in_words(inner: BaseException) -> str:
    text = getattr(inner, "strerror", None) or str(inner)
    text = _ERRNO.sub("", text.rpartition(": ")[2]).strip("'\" ")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return text[:160] or type(inner).__name__
