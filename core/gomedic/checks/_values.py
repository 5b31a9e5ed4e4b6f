"""What the checks of Go's variables share: each value that sessions get, with its origin."""

from collections.abc import Iterator

from msgspec import Struct

from gomedic.checks._words import kinds, seen
from gomedic.facts import Facts
from gomedic.fixes.lines import merged
from gomedic.fixes.variables import drop, drop_at_line, in_go_env_file
from gomedic.model import Evidence, Finding, Fix, Origin, Session, Severity, Step
from gomedic.texts import N_, Message

DROP = N_("Stop setting {name}")
AT_LINE = N_("Stop setting {name} in {file} itself")


class Value(Struct, frozen=True):
    """A value of a Go variable, as some sessions get it from one place."""

    name: str
    value: str
    origin: Origin
    where: str  # environment, go env file, GOROOT/go.env
    sessions: tuple[Session, ...]


def values(facts: Facts, name: str) -> Iterator[Value]:
    """Yield each value of a variable that judged sessions with a go get, by the line it comes from."""
    found: dict[tuple[str, str, int | None], Value] = {}
    for session in facts.judged_sessions:
        setting = facts.setting(session, name)
        if session.go is None or not setting.value or setting.where == "default":
            continue
        key = (setting.value, setting.origin.file, setting.origin.line)
        earlier = found[key].sessions if key in found else ()
        origin = found[key].origin if key in found else setting.origin
        found[key] = Value(name, setting.value, origin, setting.where, (*earlier, session))
    yield from found.values()


def place(facts: Facts, origin: Origin) -> str:
    """Return an origin as people write it: ~/.bashrc:12."""
    file = facts.short(origin.path) if origin.path else origin.file
    return f"{file}:{origin.line}" if origin.line else file


def drop_steps(facts: Facts, value: Value) -> tuple[Step, ...]:
    """Return the steps after which go no longer gets this value."""
    if value.where == "go env file" and value.origin.path:
        return in_go_env_file(facts, value.origin.path, value.name, None)
    return drop(facts, value.name, value.origin, kinds(value.sessions))


def drop_fixes(facts: Facts, value: Value, *, more: tuple[Step, ...] = ()) -> tuple[Fix, ...]:
    """Return the ways to be rid of a value: at its line where the account may, else in its own files."""
    steps = merged((*drop_steps(facts, value), *more))
    safe = not any(step.privileged for step in steps)
    found = [Fix("drop", Message(DROP, {"name": value.name}), steps, safe=safe)] if steps else []
    line = drop_at_line(facts, value.name, value.origin) if value.where == "environment" else None
    if line is not None and line.privileged and steps != (line,):
        title = Message(AT_LINE, {"name": value.name, "file": value.origin.path or ""})
        found.append(Fix("at-line", title, (line,)))
    return tuple(found)


def finding(
    facts: Facts,
    value: Value,
    check: str,
    message: Message,
    why: str,
    *,
    severity: Severity = Severity.ERROR,
    fixes: tuple[Fix, ...] | None = None,
    more: tuple[Evidence, ...] = (),
    weight: int = 40,
) -> Finding:
    """Return the finding of a check of one variable."""
    return Finding(
        check=check,
        subject=f"{value.name}@{value.origin.path or value.origin.file}",
        severity=severity,
        message=message,
        why=Message(why),
        evidence=(seen(value.origin, value.sessions[0]), *more),
        fixes=drop_fixes(facts, value) if fixes is None else fixes,
        sessions=kinds(value.sessions),
        weight=weight,
    )
