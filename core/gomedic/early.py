"""What can be asked before the sessions are known, so that it is answered by the time they are."""

import os
import re
from collections.abc import Collection, Iterator
from functools import partial

from gomedic.checks._servers import DEFAULT_SERVER
from gomedic.host import Host
from gomedic.machine import Machine
from gomedic.probes import running
from gomedic.sessions.startup_files import all_candidates, candidates, family_of

_LARGEST = 1 << 20  # bytes of a start-up file that a shell is made to read
_ELSEWHERE = re.compile(r"GOPROXY|GOENV|(?:https|all)_proxy", re.IGNORECASE)


def ask_early(machine: Machine, host: Host, chosen: Collection[str]) -> None:
    """Begin what these checks will need on nearly every machine: it runs while the sessions start."""
    if "stale-session-env" in chosen:
        machine.questions.ask("running", partial(running.probe, host))
    if "startup-syntax" in chosen:
        for path in _own_files(host):
            machine.ask_syntax(host.account.shell, path)
    if "dns-failure" in chosen and _asks_the_default_server(machine, host):
        files = (host.env.get("SSL_CERT_FILE", ""), host.env.get("SSL_CERT_DIR", ""))
        machine.ask_server(*DEFAULT_SERVER, *files)


def _own_files(host: Host) -> Iterator[str]:
    family = family_of(host.account.shell)
    for path in candidates(family, host.home, host.env):
        plain = os.path.isfile(path) and not path.endswith("/fish_variables")
        if plain and 0 < os.path.getsize(path) <= _LARGEST:
            yield path


def _asks_the_default_server(machine: Machine, host: Host) -> bool:
    """Tell whether go is here and nothing names another server, as far as reading tells: nobody else is asked in vain."""
    if not machine.has_route or host.which("go", host.env.get("PATH") or None) is None:
        return False
    go_env = host.place("XDG_CONFIG_HOME", ".config", "go", "env")
    texts = (host.text(path) or "" for path in (*all_candidates(host.home, host.env), go_env))
    return not any(map(_ELSEWHERE.search, (*host.env, *texts)))
