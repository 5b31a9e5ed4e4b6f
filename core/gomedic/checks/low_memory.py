"""There is too little memory to compile and link larger programs."""

from collections.abc import Iterator

from gomedic.checks import _builds
from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.limits import FLAG
from gomedic.model import Evidence, Finding, Severity
from gomedic.needs import Needs
from gomedic.probes.memory import Memory
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain

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
TOO_LITTLE = N_(
    "{file} limits memory to {limit} MB, and a first build of a program with net/http needs {needed} MB with Go {version}: the kernel kills the compiler."
)
WARM = N_(
    "{file} limits memory to {limit} MB: what is in the build cache can be used, but compiling a package like net/http takes {needed} MB."
)
LITTLE = 512 << 20  # bytes: larger programs fail


def _run(facts: Facts) -> Iterator[Finding]:
    memory = facts.machine.memory
    hit = _builds.judged(facts)
    if memory.room is None or memory.room >= LITTLE or not hit:
        return
    needed, warm = _builds.needs(hit[0]), _builds.is_warm(facts, hit[0])
    tight = memory.limit is not None and (memory.available is None or memory.limit < memory.available)
    values: Values = {
        "room": str(memory.room >> 20), "file": memory.limited_by, "limit": str((memory.limit or 0) >> 20),
        "needed": str(needed.memory >> 20), "version": plain(needed.release),
    }  # fmt: skip
    enough = needed.memory_warm if warm and tight else needed.memory
    text = LEFT if not tight else LIMIT if memory.room >= needed.memory else WARM if warm else TOO_LITTLE
    yield Finding(
        check="low-memory",
        subject=memory.limited_by if tight else "memory",
        severity=Severity.WARNING if memory.room < enough else Severity.HINT,
        message=Message(text, values),
        why=Message(WHY),
        evidence=(*_evidence(memory), _measured(needed)),
        sessions=kinds(hit),
        weight=12,
        advice=_builds.advice(_builds.WARM_CACHE)
        if tight and not warm and memory.room < needed.memory
        else (),
    )


def _measured(needed: Needs) -> Evidence:
    return _builds.measured(f"{needed.memory >> 20} MB", f"{needed.memory_failed >> 20} MB", needed)


def _evidence(memory: Memory) -> tuple[Evidence, ...]:
    kept = [("/proc/meminfo", f"MemAvailable: {memory.available or 0} bytes, SwapFree: {memory.swap} bytes")]
    source = memory.limited_by if memory.limited_by.startswith("/") else FLAG
    kept += [(source, f"{memory.limit} bytes")] if memory.limit is not None else []
    return tuple(told(text, None, file) for file, text in kept)


CHECK = Check(
    "low-memory",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING, Severity.HINT),
    example=Message(LEFT, {"room": "180"}),
    found=N_(
        "The memory that is free, swap included, is read, and the limits of the container (cgroup), if there are any. How little a first build can do with was measured: 256 MB with Go 1.22, 320 MB with Go 1.26; with a warm cache 64 and 96 MB."
    ),
    cured=N_(
        "Close other programs, add swap, or raise the container's limit. Where it cannot be raised, warm the cache in the image: `RUN GOCACHE=/opt/gocache go build std`. `go build -p 1` compiles one package at a time and needs a little less. gomedic has no fix for this."
    ),
    threads=("gravitational/teleport#387", "dominikh/go-js-dom#15", "beego/wetalk#32"),
)
