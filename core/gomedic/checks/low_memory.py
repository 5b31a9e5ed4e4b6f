"""There is too little memory to compile and link larger programs."""

from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Severity
from gomedic.probes.memory import Memory
from gomedic.texts import N_, Message, Values

TITLE = N_("There is memory for a build")
WHY = N_(
    "The compiler and the linker of a larger program take several hundred megabytes each; where there are none left, the kernel kills them: signal: killed."
)
LEFT = N_(
    "There are {room} MB of memory left for a build, swap included: add swap, or build with `go build -p 1`."
)
LIMIT = N_(
    "{file} limits memory to {limit} MB: a build may be killed there; raise the limit, or build with `go build -p 1`."
)
LITTLE, TINY = 512 << 20, 256 << 20  # bytes: larger programs fail; even a small one with net/http does


def _run(facts: Facts) -> Iterator[Finding]:
    memory = facts.machine.memory
    hit = [session for session in facts.judged_sessions if session.go]
    if memory.room is None or memory.room >= LITTLE or not hit:
        return
    tight = memory.limit is not None and (memory.available is None or memory.limit < memory.available)
    values: Values = {
        "room": str(memory.room >> 20), "file": memory.limited_by, "limit": str((memory.limit or 0) >> 20),
    }  # fmt: skip
    yield Finding(
        check="low-memory",
        subject=memory.limited_by if tight else "memory",
        severity=Severity.WARNING if memory.room < TINY else Severity.HINT,
        message=Message(LIMIT if tight else LEFT, values),
        why=Message(WHY),
        evidence=_evidence(memory),
        sessions=kinds(hit),
        weight=12,
    )


def _evidence(memory: Memory) -> tuple[Evidence, ...]:
    kept = [("/proc/meminfo", f"MemAvailable: {memory.available or 0} bytes, SwapFree: {memory.swap} bytes")]
    kept += [(memory.limited_by, f"{memory.limit} bytes")] if memory.limit is not None else []
    return tuple(told(text, None, file) for file, text in kept)


CHECK = Check(
    "low-memory",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING, Severity.HINT),
    example=Message(LEFT, {"room": "180"}),
    found=N_(
        "The memory that is free, swap included, is read, and the limit of the container (cgroup), if there is one."
    ),
    cured=N_(
        "Close other programs, add swap, or raise the container's limit. `go build -p 1` compiles one package at a time and needs the least. gomedic has no fix for this."
    ),
    threads=("gravitational/teleport#387", "dominikh/go-js-dom#15", "beego/wetalk#32"),
)
