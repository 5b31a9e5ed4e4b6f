"""The certificate that go is shown is signed by an authority that this system does not trust."""

from collections.abc import Iterator

from gomedic.checks._servers import OFFLINE, ask_servers, servers, trusted
from gomedic.checks._words import kinds, seen, told
from gomedic.diagnosis import Check, Skip
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Origin, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("The module server shows a certificate that is trusted here")
WHY = N_(
    "A company's or a campus's proxy that looks into HTTPS signs certificates itself; go refuses them until the system knows that authority."
)
FOUND = N_(
    "{server} shows a certificate signed by {issuer}, whom this system does not trust: put that authority's certificate into {folder} and run update-ca-certificates."
)
FOLDER = "/usr/local/share/ca-certificates"


def _run(facts: Facts) -> Iterator[Finding]:
    silent, found = 0, 0
    for name, port, origin, sessions in servers(facts):
        files = trusted(sessions)
        if not facts.machine.has_authorities(*files):  # then every server is unknown: see ca-bundle-missing
            continue
        known = facts.machine.lookup(name) == "found"
        issuer = facts.machine.unknown_issuer(name, port, *files) if known else None
        silent += issuer is None
        if issuer:
            found += 1
            yield _finding(f"{name}:{port}", issuer, origin, sessions)
    if silent and not found:
        raise Skip(Message(OFFLINE))


def _finding(server: str, issuer: str, origin: Origin | None, sessions: list[Session]) -> Finding:
    values: Values = {"server": server, "issuer": issuer, "folder": FOLDER}
    named: tuple[Evidence, ...] = (seen(origin, sessions[0]),) if origin is not None else ()
    return Finding(
        check="ca-untrusted-proxy",
        subject=server,
        severity=Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(*named, told(f"{server}: issuer {issuer}", sessions[0])),
        sessions=kinds(sessions),
        weight=27,
    )


CHECK = Check(
    "ca-untrusted-proxy",
    TITLE,
    WHY,
    _run,
    ahead=ask_servers,
    severities=(Severity.WARNING,),
    example=Message(
        FOUND, {"server": "proxy.golang.org:443", "issuer": "Example University", "folder": FOLDER}
    ),
    found=N_(
        "The server that go asks first is asked for its certificate, for three seconds at most, and who signed it is compared with the authorities that this system trusts. Without a network this is skipped."
    ),
    cured=N_(
        "Ask whoever runs the network for the certificate of that authority, put it into /usr/local/share/ca-certificates and run update-ca-certificates as root. There is no fix to press: whom to trust is for you to decide."
    ),
    threads=("golang/go#45569", "golang/go#18519", "golang/go#27175"),
)
