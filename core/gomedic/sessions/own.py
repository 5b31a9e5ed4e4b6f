"""Ways of starting work that the settings name: a grader that calls go by its path, with an environment of its own."""

import os
import shlex
from collections.abc import Mapping, Sequence

from gomedic import go_tree
from gomedic.model import GoCommand, Origin, PathEntry, Session, Variable
from gomedic.sessions.result import concerns_go, go_command

FROM_SETTINGS = Origin("settings")
_OF_A_SERVICE = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}  # systemd.exec(5)


def own_session(name: str, command: Sequence[str], environment: Mapping[str, str]) -> Session:
    """Return such a session: nothing but its environment counts, and a go called by its path is the one that runs."""
    env = {**_OF_A_SERVICE, **environment}
    path = tuple(
        PathEntry(entry, os.path.isdir(entry), FROM_SETTINGS) for entry in env["PATH"].split(":") if entry
    )
    variables = {n: Variable(value, True, FROM_SETTINGS) for n, value in env.items() if concerns_go(n)}
    named = _go_called_by_path(command)
    return Session(
        name, "/bin/sh", "ok", 0.0, path, variables,
        go=_command(named) if named else go_command(path), environment=env, label=shlex.join(command),
        used="settings",
    )  # fmt: skip


def _go_called_by_path(command: Sequence[str]) -> str | None:
    words = (
        shlex.split(command[2]) if tuple(command[:2]) == ("/bin/sh", "-c") and len(command) > 2 else command
    )
    return next((word for word in words if word.startswith("/") and os.path.basename(word) == "go"), None)


def _command(path: str) -> GoCommand | None:
    if not os.access(path, os.X_OK):
        return None
    root = go_tree.root_of(path)
    version = go_tree.version_of(root) if root else go_tree.built_with(path)
    return GoCommand(path, os.path.realpath(path), version, root)
