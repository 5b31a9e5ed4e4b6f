"""What a policy is judged by, read from a machine or an image that was examined."""

from gomedic.facts import Facts
from gomedic.files import HERE
from gomedic.host import Host
from gomedic.model import Examination
from gomedic.needs import WARM
from gomedic.policy.model import Cache, Observed, Policy


def observe(host: Host, examination: Examination, policy: Policy) -> Observed:
    """Return what is known of the sessions that a policy speaks of; `host` is the machine or image that was examined."""
    from gomedic.checks._folders import build_cache

    facts = Facts(host, examination.sessions)
    asked = [session for session in examination.sessions if session.kind in policy.sessions and session.go]
    settings = {
        session.kind: {name: facts.setting(session, name).value for name in policy.variables}
        for session in asked
    }
    caches = {session.kind: _cache(facts, host, build_cache(facts, session)) for session in asked}
    return Observed(examination.account, examination.sessions, examination.findings, settings, caches)


def _cache(facts: Facts, host: Host, folder: str) -> Cache:
    if not folder.startswith("/"):
        return Cache(folder or "?", False, False, 0)
    place = facts.place(folder)
    is_new = place.kind != ""  # an empty file system will be mounted there
    warm = not is_new and facts.machine.holds(folder, WARM)
    if host.files is HERE or is_new:
        return Cache(folder, place.writable, warm, place.free)
    return Cache(folder, facts.can_make(folder), warm, None)  # an image has no room of its own
