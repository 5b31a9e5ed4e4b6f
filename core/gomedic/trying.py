"""The sandbox that toolchains are tried in: what a new terminal has, over a copy-on-write view of the home."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager

from gomedic.host import Host
from gomedic.model import Session
from gomedic.probes.go_settings import env_file
from gomedic.sessions.chamber import Chamber, chamber
from gomedic.toolchain.sandbox import Sandbox

_LIKE = "terminal"


def sandbox(host: Host, sessions: Collection[Session]) -> Sandbox:
    """Return the sandbox that is like a new terminal; where none of `sessions` is one, a clean environment."""
    session = next((s for s in sessions if s.kind == _LIKE and s.environment), None)
    if session is None:
        return Sandbox()

    def room(real: Sequence[str]) -> AbstractContextManager[Chamber]:
        return chamber(host, but=real)

    return Sandbox({**session.environment, "GOENV": env_file(session) or "off"}, room)
