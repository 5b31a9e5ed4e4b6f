"""What `go env` would say, read without running Go: environment over go env file over GOROOT/go.env over default."""

import os
from collections.abc import Mapping

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import BUILT_IN, Origin, Session


class Setting(Struct, frozen=True):
    """The value that Go takes for one variable, and who gave it."""

    value: str
    origin: Origin
    where: str  # environment, go env file, GOROOT/go.env, default


class EnvLine(Struct, frozen=True):
    """One line of a go env file."""

    value: str
    line: int
    text: str


def env_file(session: Session) -> str | None:
    """Return the path of the go env file a session's go reads; None when it is turned off or has no place (go help env)."""
    env = session.environment
    if env.get("GOENV"):
        return None if env["GOENV"] == "off" else env["GOENV"]
    base = env.get("XDG_CONFIG_HOME") or (os.path.join(env["HOME"], ".config") if env.get("HOME") else "")
    return os.path.join(base, "go", "env") if base else None


def read_env_file(host: Host, path: str | None) -> dict[str, EnvLine]:
    """Return the variables of a go env file; quotes and $ mean themselves there (cmd/go/internal/cfg)."""
    text = host.text(path) if path else None
    found: dict[str, EnvLine] = {}
    for number, raw in enumerate((text or "").split("\n"), 1):
        name, equals, value = raw.strip().partition("=")
        if equals and "A" <= name[:1] <= "Z":
            found[name] = EnvLine(value, number, raw.strip())
    return found


class GoSettings:
    """The settings of each session's go; files are read once."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._files: dict[str, dict[str, EnvLine]] = {}

    def lines(self, path: str | None) -> Mapping[str, EnvLine]:
        """Return the variables of a go env file."""
        if path is None:
            return {}
        if path not in self._files:
            self._files[path] = read_env_file(self._host, path)
        return self._files[path]

    def get(self, session: Session, name: str) -> Setting:
        """Return what a session's go takes for `name`; "" by default where Go has a default of its own."""
        variable = session.variables.get(name)
        if variable is not None and variable.exported and variable.value:
            return Setting(variable.value, variable.origin, "environment")
        if session.environment.get(name):
            return Setting(session.environment[name], Origin("unknown"), "environment")
        path = env_file(session)
        if (line := self.lines(path).get(name)) is not None and line.value:
            return Setting(line.value, Origin(path or "", line.line, line.text), "go env file")
        root = session.go.root if session.go else None
        shipped = os.path.join(root, "go.env") if root else None
        if (line := self.lines(shipped).get(name)) is not None and line.value:
            return Setting(line.value, Origin(shipped or "", line.line, line.text), "GOROOT/go.env")
        return Setting(self._default(session, name), BUILT_IN, "default")

    @staticmethod
    def _default(session: Session, name: str) -> str:
        home = session.environment.get("HOME", "")
        if name == "GOPATH":
            return os.path.join(home, "go") if home else ""
        return ""
