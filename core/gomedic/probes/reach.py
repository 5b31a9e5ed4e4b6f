"""What the network answers when Go's servers are asked for: names, and certificates. Each question ends in 3 seconds."""

import errno
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec import Struct

from gomedic.host import Host

T = TypeVar("T")
_PATIENCE = 3.0  # seconds for a question
_UNKNOWN_ISSUER = (18, 19, 20, 21)  # openssl-verification-options(1): self-signed, or no issuer to be found
_NAMES = {b"\x55\x04\x0a": "O", b"\x55\x04\x03": "CN"}  # X.520


class Server(Struct, frozen=True):
    """A name server, and the line of resolv.conf that names it."""

    address: str
    line: int


def has_route(host: Host) -> bool:
    """Tell whether packets to elsewhere have a way out: a default route (proc(5), /proc/net/route)."""
    four = (line.split() for line in (host.text("/proc/net/route") or "").splitlines()[1:])
    six = (line.split() for line in (host.text("/proc/net/ipv6_route") or "").splitlines())
    return any(f[0] != "lo" and f[1:2] + f[7:8] == ["0" * 8] * 2 for f in four if f) or any(
        f[:2] == ["0" * 32, "00"] and f[9:10] != ["lo"] for f in six
    )


def name_servers(text: str) -> tuple[Server, ...]:
    """Return the name servers of a resolv.conf(5)."""
    found = ((re.match(r"nameserver\s+(\S+)", line), at) for at, line in enumerate(text.splitlines(), 1))
    return tuple(Server(match[1], at) for match, at in found if match is not None)


def lookup(name: str) -> str:
    """Look a name up as the C library does: "found", "no such name", "no answer", or "" where that was not to be learnt."""
    try:
        answer = within(_PATIENCE, lambda: socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM))
    except socket.gaierror as error:
        return {socket.EAI_NONAME: "no such name", socket.EAI_AGAIN: "no answer"}.get(error.errno or 0, "")
    except OSError:
        return ""
    return "found" if answer else ""


def refuses_questions(address: str) -> bool:
    """Tell whether the machine of a name server says that nobody listens there; silence is no answer."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    question = (
        struct.pack(">6H", 1, 0x100, 1, 0, 0, 0) + b"\x05proxy\x06golang\x03org\0" + struct.pack(">2H", 1, 1)
    )
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.settimeout(1)
            asking.connect((address, 53))
            asking.send(question)
            asking.recv(512)
    except OSError as error:
        return error.errno == errno.ECONNREFUSED
    return False


def unknown_issuer(name: str, port: int, authorities: tuple[str, ...]) -> str | None:
    """Return who signed a server's certificate, if none of the authorities in these files did.

    "" where it is signed by one of them, or fails for another reason; None where nobody answers.
    """
    for files in (authorities[:1], authorities):  # the bundle nearly always does, and is read at once
        try:
            _greet(name, port, _trusting(files))
        except ssl.SSLCertVerificationError as error:
            if error.verify_code not in _UNKNOWN_ISSUER:
                return ""
        except ssl.SSLError:
            return ""
        except OSError:
            return None
        else:
            return ""
    return _issuer(name, port)


def _issuer(name: str, port: int) -> str | None:
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    careless.check_hostname, careless.verify_mode = (
        False,
        ssl.CERT_NONE,
    )  # to read the issuer; nothing is sent
    try:
        return issuer_of(_greet(name, port, careless))
    except OSError:
        return None


def _trusting(files: Iterable[str]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for file in files:
        try:
            context.load_verify_locations(file)
        except (ssl.SSLError, OSError):  # what is no certificate is passed over, as Go does
            continue
    return context


def _greet(name: str, port: int, context: ssl.SSLContext) -> bytes:
    """Shake hands with a server, and return its certificate (DER)."""

    def greet() -> bytes:
        with (
            socket.create_connection((name, port), timeout=_PATIENCE) as line,
            context.wrap_socket(line, server_hostname=name) as safe,
        ):
            return safe.getpeercert(binary_form=True) or b""

    certificate = within(_PATIENCE, greet)
    if certificate is None:
        raise TimeoutError(name)
    return certificate


def issuer_of(certificate: bytes) -> str:
    """Return the issuer of a certificate (DER) as "O=Netskope Inc, CN=ca.example"; it is named before the subject."""
    found: dict[str, str] = {}
    for at in (match.end() for match in re.finditer(rb"\x06\x03(?=\x55\x04)", certificate)):
        name, length = _NAMES.get(certificate[at : at + 3], ""), certificate[at + 4]
        if name in found:
            break
        if name:
            found[name] = certificate[at + 5 : at + 5 + length].decode("utf-8", "replace")
    return ", ".join(f"{name}={value}" for name, value in found.items())


def within(seconds: float, work: Callable[[], T]) -> T | None:
    """Return what `work` returns, None where that takes longer; a lookup cannot be cut short, only left alone."""
    done: list[T] = []
    failed: list[OSError] = []

    def run() -> None:
        try:
            done.append(work())
        except OSError as error:
            failed.append(error)
        except ValueError as error:  # a name that no server can have
            failed.append(OSError(str(error)))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    return done[0] if done else None
