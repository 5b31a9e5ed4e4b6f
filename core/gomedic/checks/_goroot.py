"""What the checks of GOROOT share: each value it has, with its origin and the sessions that get it."""

import os
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from gomedic.checks._words import kinds, seen, told
from gomedic.facts import Facts
from gomedic.fixes.lines import merged
from gomedic.fixes.variables import drop, drop_at_line
from gomedic.model import Evidence, Finding, Fix, Origin, Session, Severity
from gomedic.texts import N_, Message

DROP = N_("Stop setting GOROOT: go finds its own files")
AT_LINE = N_("Stop setting GOROOT in {file} itself")


class Goroot(Struct, frozen=True):
    """A value of GOROOT, and each place that sets it with the sessions that get it from there."""

    value: str
    places: tuple[tuple[Origin, tuple[Session, ...]], ...]

    @property
    def origin(self) -> Origin:
        """The first of the places."""
        return self.places[0][0]

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions that get it, wherever from."""
        return tuple(session for _origin, sessions in self.places for session in sessions)

    @property
    def broken(self) -> tuple[Session, ...]:
        """The sessions that have a go, which such a value can hurt."""
        return tuple(session for session in self.sessions if session.go is not None)

    def only(self, kept: Sequence[Session]) -> "Goroot":
        """Return what of it these sessions get."""
        places = ((origin, tuple(s for s in sessions if s in kept)) for origin, sessions in self.places)
        return Goroot(self.value, tuple(place for place in places if place[1]))


def values(facts: Facts) -> Iterator[Goroot]:
    """Yield each value of GOROOT that judged sessions get; one that is set in several places is one fault."""
    found: dict[str, dict[tuple[str, int | None], tuple[Origin, list[Session]]]] = {}
    for session in facts.judged_sessions:
        setting = facts.setting(session, "GOROOT")
        if setting.value:
            place = (setting.origin.file, setting.origin.line)
            found.setdefault(setting.value, {}).setdefault(place, (setting.origin, []))[1].append(session)
    for value, places in found.items():
        yield Goroot(value, tuple((origin, tuple(sessions)) for origin, sessions in places.values()))


def fixes(facts: Facts, goroot: Goroot) -> tuple[Fix, ...]:
    """Return the ways to be rid of a value: at its lines, or in the account's own files."""
    parts = [drop(facts, "GOROOT", origin, kinds(sessions)) for origin, sessions in goroot.places]
    steps = merged([step for part in parts for step in part]) if all(parts) else ()
    found = (
        [Fix("drop", Message(DROP), steps, safe=not any(step.privileged for step in steps))] if steps else []
    )
    lines = [drop_at_line(facts, "GOROOT", origin) for origin, _sessions in goroot.places]
    rooted = [(line, line.path) for line in lines if line is not None and line.privileged]
    if rooted and all(lines):
        files = ", ".join(dict.fromkeys(path for _line, path in rooted))
        whole = merged([line for line in lines if line is not None])
        found.append(Fix("at-line", Message(AT_LINE, {"file": files}), whole))
    return tuple(found)


def finding(
    facts: Facts, goroot: Goroot, check: str, message: Message, why: str, more: tuple[Evidence, ...] = ()
) -> Finding:
    """Return the finding of one of these checks."""
    return Finding(
        check=check,
        subject=f"{goroot.value}",
        severity=Severity.ERROR,
        message=message,
        why=Message(why),
        evidence=(*_seen(goroot), *more, *_commands(goroot)),
        fixes=fixes(facts, goroot),
        sessions=kinds(goroot.broken or goroot.sessions),
        weight=60,
    )


def _seen(goroot: Goroot) -> Iterator[Evidence]:
    for origin, sessions in goroot.places:
        yield seen(origin, next((s for s in sessions if s.go is not None), sessions[0]))


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
