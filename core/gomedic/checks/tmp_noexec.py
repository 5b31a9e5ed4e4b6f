"""Programs in the folder for temporary files may not be started."""

from collections.abc import Iterator

from gomedic.checks import _builds, _folders
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.temporary import elsewhere
from gomedic.model import Evidence, Finding, Severity
from gomedic.probes.places import Place
from gomedic.texts import N_, Message

TITLE = N_("What go run builds may be started")
WHY = N_(
    "go run and go test start what they have just built in the folder for temporary files; go build does not."
)
FOUND = N_("{folder} is mounted noexec, so `go run` and `go test` cannot start what they build there.")

MOUNT = N_(
    "Mount it so that programs may be started there: `docker run --tmpfs {folder}:exec`, for Docker's --tmpfs is noexec unless it is told otherwise."
)
BUILD = N_(
    "Or build and start by hand: `go build -o ~/program` and `~/program`, where the home can be written."
)


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _folders.temporary):
        place = facts.place(folder)
        if place.noexec and facts.is_folder(folder):
            message = Message(FOUND, {"folder": folder})
            fixes = elsewhere(facts, sessions[0])
            advice = (
                (Message(MOUNT, {"folder": place.nearest}), *_builds.advice(BUILD))
                if _in_memory(facts, place)
                else ()
            )
            yield _folders.finding(
                facts,
                "tmp-noexec",
                place,
                sessions,
                message,
                WHY,
                fixes,
                advice=advice,
                more=_mounted(facts, place),
            )


def _in_memory(facts: Facts, place: Place) -> bool:
    mount = facts.machine.mount_of(place.nearest)
    return place.kind == "tmpfs" or (facts.in_container and mount is not None and mount.kind == "tmpfs")


def _mounted(facts: Facts, place: Place) -> tuple[Evidence, ...]:
    mount = None if place.word else facts.machine.mount_of(place.nearest)
    return (told(mount.line, None, "/proc/self/mountinfo"),) if mount else ()


CHECK = Check(
    "tmp-noexec",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"folder": "/tmp"}),  # noqa: S108
    found=N_(
        "The kernel is asked how the folder for temporary files is mounted, and whether that forbids to start programs (noexec)."
    ),
    cured=N_(
        "The fix lets go work in your cache folder instead, where programs may be started, as `go env -w GOTMPDIR` does. /tmp stays as it is."
    ),
    threads=("golang/go#52941", "perkeep/perkeep#915", "compozed/travel-agent#16"),
)
