"""What the checks of GOROOT share: each value it has, with its origin and the sessions that get it."""

import os
from collections.abc import Callable, Iterator

from msgspec import Struct

from gomedic.checks._words import kinds, seen, told
from gomedic.facts import Facts
from gomedic.fixes.variables import drop, drop_at_line
from gomedic.model import Evidence, Finding, Fix, Origin, Session, Severity
from gomedic.texts import N_, Message

DROP = N_("Stop setting GOROOT: go finds its own files")
AT_LINE = N_("Stop setting GOROOT in {file} itself")


class Goroot(Struct, frozen=True):
    """A value of GOROOT as some sessions get it."""

    value: str
    origin: Origin
    sessions: tuple[Session, ...]

    @property
    def broken(self) -> tuple[Session, ...]:
        """The sessions that have a go, which such a value can hurt."""
        return tuple(session for session in self.sessions if session.go is not None)


def values(facts: Facts) -> Iterator[Goroot]:
    """Yield each value of GOROOT that judged sessions get, by origin."""
    found: dict[tuple[str, Origin], list[Session]] = {}
    for session in facts.judged_sessions:
        setting = facts.setting(session, "GOROOT")
        if setting.value:
            found.setdefault((setting.value, setting.origin), []).append(session)
    merged: dict[tuple[str, str, int | None], Goroot] = {}
    for (value, origin), sessions in found.items():
        key = (value, origin.file, origin.line)
        earlier = merged[key].sessions if key in merged else ()
        merged[key] = Goroot(value, merged[key].origin if key in merged else origin, (*earlier, *sessions))
    yield from merged.values()


def fixes(facts: Facts, goroot: Goroot) -> tuple[Fix, ...]:
    """Return the ways to be rid of a value: at its line, or in the account's own files."""
    steps = drop(facts, "GOROOT", goroot.origin, kinds(goroot.sessions))
    found = (
        [Fix("drop", Message(DROP), steps, safe=not any(step.privileged for step in steps))] if steps else []
    )
    line = drop_at_line(facts, "GOROOT", goroot.origin)
    if line is not None and line.privileged:
        found.append(Fix("at-line", Message(AT_LINE, {"file": goroot.origin.path or ""}), (line,)))
    return tuple(found)


def finding(
    facts: Facts, goroot: Goroot, check: str, message: Message, why: str, more: tuple[Evidence, ...] = ()
) -> Finding:
    """Return the finding of one of these checks."""
    first = goroot.broken[0] if goroot.broken else goroot.sessions[0]
    return Finding(
        check=check,
        subject=f"{goroot.value}",
        severity=Severity.ERROR,
        message=message,
        why=Message(why),
        evidence=(seen(goroot.origin, first), *more, *_commands(goroot)),
        fixes=fixes(facts, goroot),
        sessions=kinds(goroot.broken or goroot.sessions),
        weight=60,
    )


def _commands(goroot: Goroot) -> tuple[Evidence, ...]:
    return tuple(told(session.go.path, session) for session in goroot.broken[:1] if session.go is not None)


def message_values(facts: Facts, goroot: Goroot) -> dict[str, str]:
    """Return what the messages of these checks name."""
    origin = goroot.origin
    file = facts.short(origin.path) if origin.path else origin.file
    return {"value": goroot.value, "file": f"{file}:{origin.line}" if origin.line else file}


Rule = Callable[[Facts, Goroot], bool]


def is_wrong_level(facts: Facts, root: str) -> str | None:
    """Return the real tree near a GOROOT that names a folder inside it, or the folder around it."""
    up, down = os.path.dirname(root.rstrip("/")), os.path.join(root, "go")
    whole = not facts.exists(os.path.join(root, "src")) or not facts.exists(os.path.join(root, "pkg"))
    near = (folder for folder in (up, down) if facts.is_tree(folder))
    return next(near, None) if whole else None


def lacks_only_tools(facts: Facts, root: str) -> bool:
    """Tell whether a Go tree is whole but for a compiler or linker that can be started."""
    parts = facts.missing(root)
    amiss = facts.machine.unusable_tools(root, facts.native_arch)
    return bool(amiss) and all(part.startswith("pkg/tool/") for part in parts)
