"""How much memory a build could have: what the kernel still has, and what the control group allows."""

import re

from msgspec import Struct

from gomedic.host import Host
from gomedic.probes.cgroups import Bound


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


def probe(host: Host, limit: Bound | None = None) -> Memory:
    """Return what is known of the memory that programs of the account could take, given the tightest limit."""
    sizes = amounts(host.text("/proc/meminfo") or "")
    source = "" if limit is None else limit.source if limit.source.startswith("/") else limit.text
    return Memory(
        sizes.get("MemAvailable"),
        sizes.get("SwapFree", 0) if host.limits is None or host.limits.memory is None else 0,
        int(limit.value) if limit is not None else None,
        source,
    )


def amounts(text: str) -> dict[str, int]:
    """Return the amounts of /proc/meminfo in bytes."""
    return {name: int(size) * 1024 for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE)}
