"""The limits of the control groups that this process lives in, their parents' included; version 1, 2, and both at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from gomedic.probes.mounts import Mount

Read = Callable[[str], str | None]  # a file's text; None: there is none
_NO_LIMIT = 1 << 60  # version 1 writes a huge number for "no limit"
_OUTSIDE = "/.."  # how a group above the root of its name space is shown (cgroup_namespaces(7))


class Bound(Struct, frozen=True):
    """A limit, and what says so."""

    value: float
    source: str  # a file, or the flag that told of it
    text: str  # word for word


class Groups(Struct, frozen=True):
    """What the control groups allow; None: no limit, or nothing is known. Bytes, processes, processors."""

    version: str | None = None  # "1", "2", "hybrid"
    memory: Bound | None = None
    memory_used: int | None = None
    pids: Bound | None = None
    pids_used: int | None = None
    cpus: Bound | None = None


def groups_of(read: Read, mounts: Iterable[Mount]) -> Groups:
    """Return the tightest limits of the process's own groups and all those above (cgroups(7))."""
    mounts = tuple(mounts)
    own = _own(read("/proc/self/cgroup") or "")
    new = [mount for mount in mounts if mount.kind == "cgroup2"]
    old = {name: mount for mount in mounts if mount.kind == "cgroup" for name in mount.of_system}
    version = "hybrid" if new and old else "2" if new else "1" if old else None
    chains = {
        name: list(_folders(old[name], own.get(name, "/")))
        for name in ("memory", "pids", "cpu")
        if name in old
    }
    both = list(_folders(new[-1], own.get("", "/"))) if new else []
    memory = [*_limits(read, both, "memory.max", "memory.high"), *_limits(read, chains.get("memory", ()), "memory.limit_in_bytes")]  # fmt: skip
    pids = _limits(read, (*both, *chains.get("pids", ())), "pids.max")
    cpus = [*_new_quotas(read, both), *_old_quotas(read, chains.get("cpu", ()))]
    return Groups(
        version,
        _least(memory),
        _first(
            read,
            [*_named(both, "memory.current"), *_named(chains.get("memory", ()), "memory.usage_in_bytes")],
        ),
        _least(pids),
        _first(read, _named((*both, *chains.get("pids", ())), "pids.current")),
        _least(cpus),
    )


def _own(text: str) -> Mapping[str, str]:
    """Return the path of the process's group by controller; "" is the one of version 2."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        parts = line.split(":", 2)
        if len(parts) == 3:
            found |= dict.fromkeys(parts[1].split(","), parts[2])
    return found


def _folders(mount: Mount, path: str) -> Iterator[str]:
    """Yield the group's folder and those above it, as far as they are mounted.

    The mount's root may be the container's own group, which then is its top folder; a group outside the name
    space is shown as "/.." and is the top folder too.
    """
    inside = path
    if path.startswith(_OUTSIDE):
        inside = "/"
    elif mount.root != "/":
        below = path == mount.root or path.startswith(mount.root + "/")
        inside = path[len(mount.root) :] if below else "/"
    parts = [part for part in inside.split("/") if part not in ("", "..")]
    for depth in range(len(parts), -1, -1):
        yield "/".join((mount.at.rstrip("/"), *parts[:depth]))


def _named(folders: Iterable[str], name: str) -> list[str]:
    return [f"{folder}/{name}" for folder in folders]


def _limits(read: Read, folders: Iterable[str], *names: str) -> list[Bound]:
    files = [f"{folder}/{name}" for folder in folders for name in names]
    told = ((file, _number(text), text) for file in files if (text := read(file)) is not None)
    return [
        Bound(number, file, text.strip())
        for file, number, text in told
        if number is not None and number < _NO_LIMIT
    ]


def _new_quotas(read: Read, folders: Iterable[str]) -> Iterator[Bound]:
    for file in _named(folders, "cpu.max"):
        text = (read(file) or "").strip()
        quota, _blank, period = text.partition(" ")
        if quota.isdecimal() and period.isdecimal() and int(period):
            yield Bound(int(quota) / int(period), file, text)


def _old_quotas(read: Read, folders: Iterable[str]) -> Iterator[Bound]:
    for folder in folders:
        quota, period = (_number(read(f"{folder}/cpu.cfs_{name}_us")) for name in ("quota", "period"))
        if quota and period:
            yield Bound(quota / period, f"{folder}/cpu.cfs_quota_us", str(quota))


def _least(bounds: Iterable[Bound]) -> Bound | None:
    return min(bounds, key=lambda bound: bound.value, default=None)


def _first(read: Read, files: Iterable[str]) -> int | None:
    return next((number for file in files if (number := _number(read(file))) is not None), None)


def _number(text: str | None) -> int | None:
    word = (text or "").strip()
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 24 else None
