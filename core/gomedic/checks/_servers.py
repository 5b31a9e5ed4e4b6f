"""What the checks that ask the network share: the server that go asks first, and the sessions that ask it."""

from collections.abc import Iterator

from gomedic.checks._words import where
from gomedic.diagnosis import Skip
from gomedic.facts import Facts
from gomedic.model import Origin, Session
from gomedic.probes.network import secure_server
from gomedic.texts import N_, Message

OFFLINE = N_("There is no network now.")
BY_PROXY = N_("Downloads go through a proxy in {where}.")
DEFAULT_SERVER = ("proxy.golang.org", 443)
DEFAULT = f"https://{DEFAULT_SERVER[0]}"
_PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def ask_servers(facts: Facts) -> None:
    """Begin to ask each of them, beside all else."""
    for name, port, _origin, sessions in servers(facts):
        facts.machine.ask_server(name, port, *trusted(sessions))


def trusted(sessions: list[Session]) -> tuple[str, str]:
    """Return where the go of some sessions looks for certificates: SSL_CERT_FILE and SSL_CERT_DIR."""
    env = sessions[0].environment
    return env.get("SSL_CERT_FILE", ""), env.get("SSL_CERT_DIR", "")


def servers(facts: Facts) -> Iterator[tuple[str, int, Origin | None, list[Session]]]:
    """Yield name, port and origin of each server that go asks first over HTTPS, and the sessions that do.

    Another proxy that stands between is asked for names itself; Skip is raised where one does in every session.
    """
    asking = [session for session in facts.judged_sessions if session.go]
    direct = [s for s in asking if not any(s.environment.get(name) for name in _PROXIES)]
    if asking and not direct:
        raise Skip(Message(BY_PROXY, {"where": where(asking)}))
    hit: dict[tuple[str, int], tuple[Origin | None, list[Session]]] = {}
    for session in direct:
        setting = facts.setting(session, "GOPROXY")
        server = secure_server(setting.value.replace("|", ",").split(",")[0] or DEFAULT)
        if server is not None:
            origin = setting.origin if setting.where in ("environment", "go env file") else None
            hit.setdefault(server, (origin, []))[1].append(session)
    for (name, port), (origin, sessions) in hit.items():
        yield name, port, origin, sessions
