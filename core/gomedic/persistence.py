"""What carries each of Go's variables here, and whether it is still there in a new terminal, after a restart, after a rebuild."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from gomedic.host import Host
from gomedic.model import Examination, Origin, Session
from gomedic.probes import storage
from gomedic.probes.go_settings import GoSettings, env_file
from gomedic.probes.storage import Clock, clock_of, storage_of
from gomedic.sessions.base import in_container, read_environ

_OWN = ("GO", "CGO_")
CARRIERS = (
    "image",  # ENV of the image
    "run",  # docker run -e
    "container",  # one of these two; inside the container they cannot be told apart
    "profile.d",
    "system file",
    "rc file",
    "go env file",
    "process",  # a running program alone
    "unknown",
)
_AFTER_RESTART = {
    storage.IMAGE: True, storage.CHANGED: True, storage.EITHER: True, storage.VOLUME: True, storage.MEMORY: False,
}  # fmt: skip
_AFTER_REBUILD = {storage.IMAGE: True, storage.CHANGED: False, storage.VOLUME: True, storage.MEMORY: False}


class Lasting(Struct, frozen=True):
    """A variable, or an entry of PATH, and how long it lasts. None: not known."""

    name: str
    value: str
    carrier: str  # one of CARRIERS
    origin: Origin | None  # the line that sets it, where there is one
    storage: str | None  # of that line's file: image, container, image or container, volume, memory, unknown
    terminal: bool | None
    restart: bool | None
    rebuild: bool | None


class Persistence(Struct, frozen=True):
    """How long Go's variables last on this machine."""

    is_container: bool
    first_process_known: bool  # whether the environment of process 1 could be read
    lasting: tuple[Lasting, ...]


def persistence(host: Host, examination: Examination, image: Mapping[str, str] | None = None) -> Persistence:
    """Return what carries Go's variables and PATH in the running container, or on this machine.

    `image` is the environment that the container's image sets, where it is known: with it what the image sets and
    what `docker run -e` gave can be told apart.
    """
    first = read_environ(host, 1)
    clock = clock_of(host)
    terminal = next((s for s in examination.sessions if s.kind == "terminal" and s.state == "ok"), None)
    carrying = _Carrying(host, first, image, clock, in_container(host))
    rows = (*_of_session(carrying, terminal), *_not_in_terminal(carrying, terminal))
    return Persistence(carrying.inside, first is not None, tuple(rows))


class _Carrying(Struct, frozen=True):
    host: Host
    first: Mapping[str, str] | None  # environment of process 1
    image: Mapping[str, str] | None
    clock: Clock
    inside: bool

    def by_file(self, name: str, value: str, carrier: str, origin: Origin) -> Lasting:
        """Return what a line of a file carries, by where the file lies."""
        place = storage_of(self.host, origin.path or "", self.clock)
        if not self.inside:
            return Lasting(name, value, carrier, origin, None, True, True, None)
        restart, rebuild = _AFTER_RESTART.get(place), _AFTER_REBUILD.get(place)
        return Lasting(name, value, carrier, origin, place, True, restart, rebuild)

    def by_first_process(self, name: str, value: str, *, is_entry: bool) -> str | None:
        """Return which carrier gave process 1 this value; None where it has it not, or that is not known."""
        if self.first is None or not _has(self.first, name, value, is_entry=is_entry):
            return None
        if self.image is None:
            return "container"
        return "image" if _has(self.image, name, value, is_entry=is_entry) else "run"

    def by_process(self, name: str, value: str, *, terminal: bool, is_entry: bool) -> Lasting:
        """Return what no file carries: the container's environment, or a running program alone."""
        carrier = self.by_first_process(name, value, is_entry=is_entry)
        if not self.inside:
            return Lasting(name, value, "process", None, None, None if terminal else False, False, None)
        if carrier is not None:
            rebuild = {"image": True, "run": False}.get(carrier)
            return Lasting(name, value, carrier, None, None, terminal, True, rebuild)
        if self.first is None:
            return Lasting(name, value, "unknown", None, None, terminal, None, None)
        return Lasting(name, value, "process", None, None, False, False, False)


def _has(env: Mapping[str, str], name: str, value: str, *, is_entry: bool) -> bool:
    found = env.get(name)
    return found is not None and (value in found.split(":") if is_entry else found == value)


def _of_session(carrying: _Carrying, session: Session | None) -> Iterator[Lasting]:
    """Yield what a new terminal has, by the origin that its trace found."""
    if session is None:
        return
    for entry in dict.fromkeys(session.path):
        yield _traced(carrying, "PATH", entry.entry, entry.origin, is_entry=True)
    for name, variable in session.variables.items():
        if name.startswith(_OWN) and variable.exported:
            yield _traced(carrying, name, variable.value, variable.origin, is_entry=False)
    path = env_file(session)
    for name, line in GoSettings(carrying.host).lines(path).items():
        if name not in session.variables:
            yield carrying.by_file(name, line.value, "go env file", Origin(path or "", line.line, line.text))


def _traced(carrying: _Carrying, name: str, value: str, origin: Origin, *, is_entry: bool) -> Lasting:
    if origin.path is not None:
        return carrying.by_file(name, value, _kind_of(origin.path, carrying.host.home), origin)
    return carrying.by_process(name, value, terminal=True, is_entry=is_entry)


def _not_in_terminal(carrying: _Carrying, session: Session | None) -> Iterator[Lasting]:
    """Yield what this process or process 1 has and a new terminal has not."""
    there = session.environment if session is not None else {}
    seen: set[tuple[str, str]] = set()
    for env in (carrying.host.env, carrying.first or {}):
        for name, value, is_entry in _own_values(env):
            if (name, value) in seen or _has(there, name, value, is_entry=is_entry):
                continue
            seen.add((name, value))
            yield carrying.by_process(name, value, terminal=False, is_entry=is_entry)


def _own_values(env: Mapping[str, str]) -> Iterator[tuple[str, str, bool]]:
    for name, value in env.items():
        if name.startswith(_OWN):
            yield name, value, False
    for entry in filter(None, env.get("PATH", "").split(":")):
        yield "PATH", entry, True


def _kind_of(path: str, home: str) -> str:
    if path.startswith("/etc/profile.d/"):
        return "profile.d"
    return "rc file" if home and path.startswith(home.rstrip("/") + "/") else "system file"
