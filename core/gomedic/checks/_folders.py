"""What the checks of the folders that Go writes to share."""

import os
from collections.abc import Callable, Iterator

from gomedic.checks._words import kinds, seen, told
from gomedic.facts import Facts
from gomedic.fixes.ownership import give_back
from gomedic.fixes.variables import in_go_env_file
from gomedic.limits import FLAG
from gomedic.model import Evidence, Finding, Fix, Session, Severity
from gomedic.probes.go_settings import Setting, env_file
from gomedic.probes.places import Place
from gomedic.texts import Message


def by_folder(
    facts: Facts, folder_of: Callable[[Facts, Session], str]
) -> Iterator[tuple[str, list[Session]]]:
    """Yield each folder that `folder_of` names for the judged sessions with a go, and those sessions."""
    hit: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        folder = folder_of(facts, session) if session.go else ""
        if folder.startswith("/"):
            hit.setdefault(folder, []).append(session)
    yield from hit.items()


def build_cache(facts: Facts, session: Session) -> str:
    """Return where a session's go keeps its build cache (go help cache); "" where it has no place for it."""
    given = facts.setting(session, "GOCACHE").value
    if given:
        return given
    env = session.environment
    base = env.get("XDG_CACHE_HOME") or (os.path.join(env["HOME"], ".cache") if env.get("HOME") else "")
    return os.path.join(base, "go-build") if base else ""


def module_cache(facts: Facts, session: Session) -> str:
    """Return where a session's go keeps modules (go help modules)."""
    gopath = facts.gopath(session)
    return facts.setting(session, "GOMODCACHE").value or (
        os.path.join(gopath[0], "pkg/mod") if gopath else ""
    )


def temporary(facts: Facts, session: Session) -> str:
    """Return where a session's go makes its work folders."""
    return facts.setting(session, "GOTMPDIR").value or session.environment.get("TMPDIR") or "/tmp"  # noqa: S108


def finding(
    facts: Facts, check: str, place: Place, sessions: list[Session], message: Message, why: str, fixes: tuple[Fix, ...],
    setting: Setting | None = None, *, advice: tuple[Message, ...] = (), more: tuple[Evidence, ...] = (),
    severity: Severity = Severity.ERROR,
) -> Finding:  # fmt: skip
    """Return the finding of one of these checks."""
    named: tuple[Evidence, ...] = (
        (seen(setting.origin, sessions[0]),) if setting and setting.where != "default" else ()
    )
    return Finding(
        check=check,
        subject=place.path,
        severity=severity,
        message=message,
        why=Message(why),
        evidence=(*named, _as_mounted(place, sessions[0]), *more),
        fixes=fixes,
        advice=advice,
        sessions=kinds(sessions),
        weight=45,
    )


def _as_mounted(place: Place, session: Session) -> Evidence:
    if place.word:
        return told(f"{FLAG} {place.word}", session, place.nearest)
    return told(f"{place.nearest}: uid {place.owner}", session, place.nearest)


def owner_fix(facts: Facts, folder: str) -> tuple[Fix, ...]:
    """Return the fix that gives what lies at and below a folder of the account's home back to the account."""
    return give_back(facts, folder) if facts.is_own(folder) else ()


def elsewhere(facts: Facts, session: Session, variable: str, better: str, title: str) -> tuple[Fix, ...]:
    """Return the fix that has go use another folder, by its own settings; none where they or it cannot be written."""
    path = env_file(session)
    if path is None or not facts.can_make(better) or not facts.writable(path):
        return ()
    steps = in_go_env_file(facts, path, variable, better)
    return (Fix("elsewhere", Message(title, {"better": facts.short(better)}), steps, safe=True),)
