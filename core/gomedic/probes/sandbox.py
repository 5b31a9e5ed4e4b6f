"""The sandbox that programs of the account run in: control groups, resource limits, mounts, system call filter."""

import re
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from gomedic.host import Host
from gomedic.limits import FLAG, Limits
from gomedic.probes.cgroups import Bound, Groups, Read, groups_of
from gomedic.probes.mounts import Mount, covering, mounts_of

_LIMITS_FILE = "/proc/self/limits"
_ROWS = {
    "address_space": ("Max address space", "as"),
    "file_size": ("Max file size", "fsize"),
    "open_files": ("Max open files", "nofile"),
    "processes": ("Max processes", "nproc"),
}
_SECCOMP = {"0": "off", "1": "strict", "2": "filter"}
_ALL_IDS = ["0", "0", "4294967295"]


class Sandbox(Struct, frozen=True):
    """What is allowed here. None: not known, or no limit."""

    groups: Groups
    resources: Mapping[str, Bound] = field(
        default_factory=dict
    )  # soft limits that are set, by the keys of _ROWS
    root: Mount | None = None
    root_read_only: bool = False
    seccomp: str | None = None  # off strict filter
    no_new_privileges: bool | None = None
    own_user_namespace: bool | None = None
    idle: Bound | None = None  # seconds of silence that are allowed; only a person can tell
    supposed: Limits | None = None  # limits that are not there yet

    def resource(self, name: str) -> Bound | None:
        """Return the soft limit of a resource, where one is set."""
        return self.resources.get(name)


def probe(host: Host) -> Sandbox:
    """Return the sandbox of this process, with the limits that the host is supposed to have."""
    found = sandbox_of(host.text)
    return found if host.limits is None else under(found, host.limits)


def sandbox_of(read: Read) -> Sandbox:
    """Return the sandbox that the files of /proc and /sys tell of, read through `read`."""
    mounts = mounts_of(read("/proc/self/mountinfo") or "")
    root = covering("/", mounts)
    status = dict(re.findall(r"^(\w+):\s*(.*)$", read("/proc/self/status") or "", re.MULTILINE))
    ids = (read("/proc/self/uid_map") or "").split()
    return Sandbox(
        groups_of(read, mounts),
        resources_of(read(_LIMITS_FILE) or ""),
        root,
        root is not None and "ro" in root.options,
        _SECCOMP.get(status.get("Seccomp", "")),
        {"0": False, "1": True}.get(status.get("NoNewPrivs", "")),
        ids != _ALL_IDS if ids else None,
    )


def resources_of(text: str) -> dict[str, Bound]:
    """Return the soft limits of a /proc/PID/limits file that are set (getrlimit(2))."""
    found: dict[str, Bound] = {}
    for name, (row, _short) in _ROWS.items():
        line = re.search(rf"^{row}\s+(\d+)\s.*$", text, re.MULTILINE)
        if line is not None:
            found[name] = Bound(int(line[1]), _LIMITS_FILE, " ".join(line[0].split()))
    return found


def under(sandbox: Sandbox, limits: Limits) -> Sandbox:
    """Return a sandbox with limits that are still to come; where both have one, the tighter counts."""
    given = {name: _given(limits, name) for name in ("memory", "pids", "cpus", "address_space", "file_size", "open_files", "idle")}  # fmt: skip
    groups = sandbox.groups
    resources = dict(sandbox.resources)
    for name in ("address_space", "file_size", "open_files"):
        bound = _tighter(given[name], resources.get(name))
        resources |= {name: bound} if bound is not None else {}
    return replace(
        sandbox,
        groups=replace(
            groups,
            memory=_tighter(given["memory"], groups.memory),
            pids=_tighter(given["pids"], groups.pids),
            cpus=_tighter(given["cpus"], groups.cpus),
            # what runs here will not run there
            memory_used=None if given["memory"] else groups.memory_used,
            pids_used=None if given["pids"] else groups.pids_used,
        ),
        resources=resources,
        root_read_only=sandbox.root_read_only or limits.read_only,
        idle=given["idle"],
        supposed=limits,
    )


def _given(limits: Limits, name: str) -> Bound | None:
    value = getattr(limits, name)
    return None if value is None else Bound(value, FLAG, limits.told(name))


def _tighter(first: Bound | None, second: Bound | None) -> Bound | None:
    known = [bound for bound in (first, second) if bound is not None]
    return min(known, key=lambda bound: bound.value, default=None)
