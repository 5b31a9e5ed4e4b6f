"""The file system of the build cache has no room for a first build."""

import os
from collections.abc import Iterator

from gomedic.checks import _builds, _folders
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Evidence, Finding, Fix, Session, Severity
from gomedic.needs import Needs
from gomedic.probes.places import Place
from gomedic.texts import N_, Message

TITLE = N_("There is room for the build cache")
WHY = N_(
    "Since Go 1.20 a first build compiles the standard library into the build cache; a file system in memory of 64 MB is full before a program with net/http is done."
)
FOUND = N_(
    "The build cache in {folder} has {free} MB of room, and a first program with net/http puts {needed} MB there: it stops with “no space left on device”."
)
ELSEWHERE = N_("Keep the build cache in {better}")


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _folders.build_cache):
        place, needed = facts.place(folder), _builds.needs(sessions[0])
        if not place.writable or place.free >= needed.cache or _builds.is_warm(facts, sessions[0], folder):
            continue
        values = {"folder": folder, "free": str(place.free >> 20), "needed": str(needed.cache >> 20)}
        yield _folders.finding(
            facts, "gocache-no-room", place, sessions, Message(FOUND, values), WHY,
            _elsewhere(facts, sessions[0], place, needed), facts.setting(sessions[0], "GOCACHE"),
            advice=_builds.advice(_builds.WARM_CACHE), more=_seen(place, needed),
            severity=Severity.ERROR if place.free < needed.cache_small else Severity.WARNING,
        )  # fmt: skip


def _seen(place: Place, needed: Needs) -> tuple[Evidence, ...]:
    used = (needed.cache >> 20, needed.cache_small >> 20)
    sizes = f"{needed.release}: GOCACHE {used[0]} MB (net/http), {used[1]} MB (fmt)"
    return (told(f"{place.free >> 20} MB", None, place.nearest), told(sizes))


def _elsewhere(facts: Facts, session: Session, place: Place, needed: Needs) -> tuple[Fix, ...]:
    better = os.path.join(facts.home, ".gocache")
    room = facts.place(better).free >= 2 * needed.cache
    if place.path == better or facts.setting(session, "GOCACHE").where == "environment" or not room:
        return ()
    return _folders.elsewhere(facts, session, "GOCACHE", better, ELSEWHERE)


CHECK = Check(
    "gocache-no-room",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(FOUND, {"folder": "/tmp/gocache", "free": "64", "needed": "75"}),  # noqa: S108
    found=N_(
        "The room of the file system where go keeps its build cache is read, and whether the cache is empty. How much a first build puts there was measured: 75 MB with Go 1.22, 96 MB with Go 1.26."
    ),
    cured=N_(
        "The fix keeps the cache in your home, if there is room, as `go env -w GOCACHE` does. In a container, warm the cache in the image (`RUN GOCACHE=/opt/gocache go build std`, 132 MB) and give each start a copy made of links, `cp -rs /opt/gocache /tmp/gocache`: it takes 1 MB."
    ),
    threads=("assembledhq/143#741", "golang/go#29561", "golang/go#69565"),
)
