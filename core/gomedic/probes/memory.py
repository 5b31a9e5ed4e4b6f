"""How much memory a build could have: what the kernel still has, and what the control group allows."""

import os
import re

from msgspec import Struct

from gomedic.host import Host

_GROUPS = "/sys/fs/cgroup"
_NO_LIMIT = 1 << 60  # cgroup v1 writes a huge number for "no limit"


class Memory(Struct, frozen=True):
    """Bytes; None: not known, or no limit."""

    available: int | None  # MemAvailable (proc(5))
    swap: int  # SwapFree
    limit: int | None  # the tightest limit of the control groups
    limited_by: str = ""  # the file that says so

    @property
    def room(self) -> int | None:
        """What a build could take, swap included."""
        known = [size for size in (self.available, self.limit) if size is not None]
        return min(known) + self.swap if known else None


def probe(host: Host) -> Memory:
    """Return what is known of the memory that programs of the account could take."""
    sizes = amounts(host.text("/proc/meminfo") or "")
    limits = [
        (size, path)
        for path in _limit_files(host.text("/proc/self/cgroup") or "")
        if (size := _size(host, path))
    ]
    limit, file = min(limits, default=(None, ""))
    return Memory(sizes.get("MemAvailable"), sizes.get("SwapFree", 0), limit, file)


def amounts(text: str) -> dict[str, int]:
    """Return the amounts of /proc/meminfo in bytes."""
    return {name: int(size) * 1024 for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE)}


def _limit_files(groups: str) -> list[str]:
    """Return the files with limits of the process's own groups and of those above, for cgroup v2 and v1."""
    found = []
    for line in groups.splitlines():
        _number, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers and "memory" not in controllers.split(","):
            continue
        top = os.path.join(_GROUPS, "memory") if controllers else _GROUPS
        name = "memory.limit_in_bytes" if controllers else "memory.max"
        parts = [part for part in path.split("/") if part and part != ".."]
        found += [os.path.join(top, *parts[:depth], name) for depth in range(len(parts) + 1)]
    return found


def _size(host: Host, path: str) -> int | None:
    text = (host.text(path) or "").strip()
    return int(text) if text.isdigit() and int(text) < _NO_LIMIT else None
