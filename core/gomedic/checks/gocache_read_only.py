"""The build cache lies in a read-only file system."""

import os
from collections.abc import Iterator

from gomedic.checks import _builds, _folders
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Fix, Session, Severity
from gomedic.needs import WARM as WARM_SIZE
from gomedic.probes.places import Place
from gomedic.texts import N_, Message

TITLE = N_("The build cache is not in a read-only file system")
WHY = N_(
    "go build can do with a warm cache that nobody can write; go test cannot, and with an empty one nothing is built at all."
)
WARM = N_(
    "The build cache in {folder} is warm, but in a read-only file system: go build works there, go test stops with “read-only file system”."
)
COLD = N_(
    "go keeps its build cache in {folder}, in a read-only file system, so it stops with “failed to initialize build cache”."
)
ELSEWHERE = N_("Keep the build cache in {better}")
LINKED = N_(
    "Let each start make a copy of links where it can be written, which takes 1 MB: `cp -rs {folder} /tmp/gocache`, and set GOCACHE=/tmp/gocache."
)


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _folders.build_cache):
        place = facts.place(folder)
        if not place.read_only:
            continue
        warm = facts.machine.holds(folder, WARM_SIZE)
        advice = (Message(LINKED, {"folder": folder}),) if warm else _builds.advice(_builds.WARM_CACHE)
        yield _folders.finding(
            facts, "gocache-read-only", place, sessions, Message(WARM if warm else COLD, {"folder": folder}), WHY,
            _elsewhere(facts, sessions[0], place), facts.setting(sessions[0], "GOCACHE"), advice=advice,
            severity=Severity.WARNING if warm else Severity.ERROR,
        )  # fmt: skip


def _elsewhere(facts: Facts, session: Session, place: Place) -> tuple[Fix, ...]:
    better = os.path.join(facts.home, ".gocache")
    if place.path == better or facts.setting(session, "GOCACHE").where == "environment":
        return ()
    return _folders.elsewhere(facts, session, "GOCACHE", better, ELSEWHERE)


CHECK = Check(
    "gocache-read-only",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING, Severity.ERROR),
    example=Message(WARM, {"folder": "/opt/gocache"}),
    found=N_(
        "The kernel is asked whether the file system of the build cache is read-only, and it is seen whether the cache has the standard library."
    ),
    cured=N_(
        "The fix keeps the cache in your home, where that can be written. In a container whose root is read-only, let each start make a copy of links in a tmpfs, `cp -rs /opt/gocache /tmp/gocache`, and set GOCACHE to it: build, run, vet and test then work. Warm the cache with the very GOROOT that is used later, or go says that packages are not in std."
    ),
    threads=("golang/go#29523", "chris-crone/containerized-go-dev#9", "golang/go#69565"),
)
