"""The C compiler is there, but not the headers of the C library, which cgo needs."""

import os
from collections.abc import Iterator

from gomedic.checks._words import kinds, seen, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.variables import in_go_env_file
from gomedic.model import Evidence, Finding, Fix, Session, Severity
from gomedic.probes.go_settings import env_file
from gomedic.texts import N_, Message, Values
from gomedic.versions import version_key

TITLE = N_("The headers of the C library are there")
WHY = N_(
    "Where there is a C compiler, go builds net and os/user with cgo; the first thing that includes is stdlib.h. Debian has it in libc6-dev, Alpine in musl-dev."
)
FOUND = N_(
    "{compiler} is there, but {header} is not, so every package that uses cgo fails: install libc6-dev (Alpine: musl-dev)."
)
OFF = N_("Build without cgo: CGO_ENABLED=0")
_HEADER = "/usr/include/stdlib.h"
_SYSTEM_COMPILERS = ("/usr/bin/gcc", "/bin/gcc")  # others bring headers of their own
_SINCE = "1.20"  # before, net and os/user came compiled


def _run(facts: Facts) -> Iterator[Finding]:
    hit = [session for session in facts.judged_sessions if _needs_headers(facts, session)]
    if hit and not facts.machine.has_libc_headers:
        yield _finding(facts, hit)


def _needs_headers(facts: Facts, session: Session) -> bool:
    enabled = facts.setting(session, "CGO_ENABLED").value
    if session.go is None or enabled == "0" or _compiler(facts, session) not in _SYSTEM_COMPILERS:
        return False
    if any(
        session.environment.get(name) for name in ("CPATH", "C_INCLUDE_PATH", "CGO_CFLAGS", "CGO_CPPFLAGS")
    ):
        return False
    return enabled == "1" or version_key(session.go.version or "") >= version_key(_SINCE)


def _compiler(facts: Facts, session: Session) -> str | None:
    if facts.setting(session, "CC").value not in ("", "gcc", "cc"):
        return None
    named = (os.path.join(entry.entry, "gcc") for entry in session.path)
    return next((path for path in named if facts.is_file(path)), None)


def _finding(facts: Facts, hit: list[Session]) -> Finding:
    enabled = facts.setting(hit[0], "CGO_ENABLED")
    compiler = _compiler(facts, hit[0]) or ""
    values: Values = {"compiler": compiler, "header": _HEADER}
    asked: tuple[Evidence, ...] = (seen(enabled.origin, hit[0]),) if enabled.value else ()
    return Finding(
        check="libc-headers-missing",
        subject=_HEADER,
        severity=Severity.ERROR if enabled.value else Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(*asked, told(f"missing: {_HEADER}", hit[0], _HEADER), told(compiler, hit[0], compiler)),
        fixes=() if enabled.value else _off(facts, hit[0]),
        sessions=kinds(hit),
        weight=28,
    )


def _off(facts: Facts, session: Session) -> tuple[Fix, ...]:
    """A project that is not told to use cgo builds without it, with Go's own resolver in net."""
    path = env_file(session)
    if path is None or not facts.writable(path):
        return ()
    return (Fix("off", Message(OFF), in_go_env_file(facts, path, "CGO_ENABLED", "0"), safe=True),)


CHECK = Check(
    "libc-headers-missing",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(FOUND, {"compiler": "/usr/bin/gcc", "header": _HEADER}),
    found=N_(
        "Where the system's gcc would be used and cgo is not turned off, the first header that it needs, stdlib.h, is looked for."
    ),
    cured=N_(
        "Install the headers as root: apt install libc6-dev, or apk add musl-dev. If none of your projects needs C, the fix builds without it: CGO_ENABLED=0."
    ),
    threads=(
        "tigerbeetle/tigerbeetle#536",
        "hashicorp/nomad#4887",
        "filecoin-project/venus#2026",
        "docker-library/golang#86",
    ),
)
