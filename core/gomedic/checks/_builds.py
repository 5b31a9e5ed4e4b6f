"""What the checks of sandboxes share: whose Go is judged, whether its cache is warm, and the ways out."""

from gomedic.checks import _folders
from gomedic.checks._words import told
from gomedic.facts import Facts
from gomedic.model import Evidence, Session
from gomedic.needs import WARM, Needs, builds_the_standard_library, needs_of
from gomedic.probes.cgroups import Bound
from gomedic.texts import N_, Message
from gomedic.versions import plain, version_key

WARM_CACHE = N_(
    "Warm the cache in the image, with `RUN GOCACHE=/opt/gocache go build std`, and give each start a copy made of links: `cp -rs /opt/gocache /tmp/gocache` and `GOCACHE=/tmp/gocache`."
)


def judged(facts: Facts) -> list[Session]:
    """Return the judged sessions with a go, the newest first: it needs the most."""
    found = [session for session in facts.judged_sessions if session.go]
    return sorted(found, key=lambda s: version_key(_version(s) or "go1"), reverse=True)


def needs(session: Session) -> Needs:
    """Return what a build takes with a session's go."""
    return needs_of(_version(session))


def is_warm(facts: Facts, session: Session, folder: str | None = None) -> bool:
    """Tell whether a session's build cache (or `folder`) has the standard library, or the release comes compiled."""
    if not builds_the_standard_library(_version(session)):
        return True
    folder = folder or _folders.build_cache(facts, session)
    there = bool(folder) and facts.place(folder).kind == ""
    return there and facts.machine.holds(folder, WARM)


def measured(enough: str, failed: str, needed: Needs) -> Evidence:
    """Return as evidence what was measured."""
    return told(f"Go {plain(needed.release)}: {enough} ✓, {failed} ✗")


def bound(limit: Bound, session: Session | None = None) -> Evidence:
    """Return a limit as evidence, word for word."""
    file = limit.source if limit.source.startswith("/") else None
    return told(limit.text if file else f"{limit.source} {limit.text}", session, file)


def advice(*texts: str) -> tuple[Message, ...]:
    """Return ways out that need no values."""
    return tuple(Message(text) for text in texts)


def _version(session: Session) -> str | None:
    return session.go.version if session.go else None
