"""The name of the server that go fetches modules from cannot be looked up."""

from collections.abc import Iterator

from gomedic.checks._servers import OFFLINE, ask_servers, servers
from gomedic.checks._words import kinds, seen, told
from gomedic.diagnosis import Check, Skip
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Session, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Names of servers can be looked up")
WHY = N_(
    "go fetches modules by the names of servers; in a container, the name servers of the host may not be there."
)
NOBODY = N_("{name} cannot be looked up: nobody answers at the name server {server}, which {file} names.")
NO_SERVER = N_("{name} cannot be looked up: {file} names no name server.")
NO_SUCH = N_("{name}, which GOPROXY names, does not exist.")
FILE = "/etc/resolv.conf"


def _ahead(facts: Facts) -> None:
    if facts.machine.has_route:
        ask_servers(facts)


def _run(facts: Facts) -> Iterator[Finding]:
    asked = list(servers(facts))
    if asked and not facts.machine.has_route:
        raise Skip(Message(OFFLINE))
    for name, _port, origin, sessions in asked:
        state = facts.machine.lookup(name)
        named = (seen(origin, sessions[0]),) if origin is not None else ()
        if state == "no such name" and named:
            yield _finding(name, sessions, Message(NO_SUCH, {"name": name}), named)
        elif state not in ("found", "no such name"):
            yield from _silence(facts, name, sessions)


def _silence(facts: Facts, name: str, sessions: list[Session]) -> Iterator[Finding]:
    """Only a refusal by every name server is an answer; silence may be a network that is down."""
    known = facts.machine.name_servers
    if not known:
        yield _finding(
            name,
            sessions,
            Message(NO_SERVER, {"name": name, "file": FILE}),
            (told("nameserver: none", None, FILE),),
        )
    elif all(facts.machine.refuses_questions(server.address) for server in known):
        values: Values = {"name": name, "server": known[0].address, "file": FILE}
        shown = tuple(
            told(f"nameserver {server.address}: connection refused", None, FILE, server.line)
            for server in known
        )
        yield _finding(name, sessions, Message(NOBODY, values), shown)


def _finding(name: str, sessions: list[Session], message: Message, evidence: tuple[Evidence, ...]) -> Finding:
    return Finding(
        check="dns-failure",
        subject=name,
        severity=Severity.WARNING,
        message=message,
        why=Message(WHY),
        evidence=evidence,
        sessions=kinds(sessions),
        weight=26,
    )


CHECK = Check(
    "dns-failure",
    TITLE,
    WHY,
    _run,
    ahead=_ahead,
    severities=(Severity.WARNING,),
    example=Message(NOBODY, {"name": "proxy.golang.org", "server": "127.0.0.53", "file": FILE}),
    found=N_(
        "The name of the server that go asks first is looked up. Where no answer comes, each name server in /etc/resolv.conf is tried; only a refusal counts, for silence may just be a network that is down."
    ),
    cured=N_(
        "Give the container or the machine a name server that answers: docker run --dns, the entry dns in /etc/docker/daemon.json, or the settings of the network. If the name in GOPROXY is mistyped, correct it with `go env -w`. gomedic has no fix for this."
    ),
    threads=("moby/moby#34138", "goproxy/goproxy.cn#175"),
)
