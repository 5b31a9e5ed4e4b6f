"""The build cache cannot be written."""

import os
from collections.abc import Iterator

from gomedic.checks import _folders
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Fix, Session, Severity
from gomedic.probes.places import Place
from gomedic.texts import N_, Message

TITLE = N_("The build cache can be written")
WHY = N_("go keeps everything that it compiles there, and builds nothing without it.")
FOUND = N_(
    "go keeps its build cache in {folder}, but {nearest} belongs to uid {owner} and {account} cannot write there."
)
_PARTS = 256  # subfolders, 00 to ff (cmd/go/internal/cache)
ELSEWHERE = N_("Keep the build cache in {better}")


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _folders.build_cache):
        place = _closed_part(facts, folder)
        if not place.writable and not place.read_only:  # gocache-read-only tells of that
            values = {
                "folder": folder, "nearest": place.nearest, "owner": str(place.owner), "account": facts.account.name,
            }  # fmt: skip
            part = place.nearest.startswith(f"{folder}/")
            fixes = (
                *_folders.owner_fix(facts, folder if part else place.nearest),
                *_elsewhere(facts, sessions, place),
            )
            message, setting = Message(FOUND, values), facts.setting(sessions[0], "GOCACHE")
            yield _folders.finding(
                facts, "gocache-not-writable", place, sessions, message, WHY, fixes, setting
            )


def _closed_part(facts: Facts, folder: str) -> Place:
    """Return the first of the cache's parts that cannot be written, else the cache itself."""
    place = facts.place(folder)
    if not place.writable or place.kind or place.nearest != folder:
        return place
    parts = (facts.place(f"{folder}/{part:02x}") for part in range(_PARTS))
    return next((part for part in parts if part.nearest == part.path and not part.writable), place)


def _elsewhere(facts: Facts, sessions: list[Session], place: Place) -> tuple[Fix, ...]:
    better = os.path.join(facts.home, ".gocache")
    if place.path == better:
        return ()
    return _folders.elsewhere(facts, sessions[0], "GOCACHE", better, ELSEWHERE)


CHECK = Check(
    "gocache-not-writable",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND,
        {
            "folder": "/home/student/.cache/go-build",
            "nearest": "/home/student/.cache",
            "owner": "0",
            "account": "student",
        },
    ),
    found=N_(
        "Where go keeps its build cache is worked out as go does it: GOCACHE, else XDG_CACHE_HOME, else HOME. Then it is seen whether your account may write there."
    ),
    cured=N_(
        "In your home, the fix gives the folder back to your account, which needs root; mostly a command with sudo had made it root's. Another fix keeps the cache in a new folder. In a container, set HOME or GOCACHE to a folder that can be written."
    ),
    threads=("golang/go#38127", "openshift/release#9748", "bitnami/bitnami-docker-golang#7"),
)
