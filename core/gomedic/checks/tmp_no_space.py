"""The folder for temporary files has no room for a build."""

from collections.abc import Iterator

from gomedic.checks import _folders
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.temporary import elsewhere
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("There is room for temporary files")
WHY = N_("go compiles and links in a work folder there; even a small program takes tens of megabytes.")
FOUND = N_("{folder} has {free} MB left, too little to link even a small program.")
ROOM = 40 << 20  # bytes: what linking a one-file program took, doubled


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _folders.temporary):
        place = facts.place(folder)
        if place.free < ROOM and place.writable and facts.is_folder(folder):
            message = Message(FOUND, {"folder": folder, "free": str(place.free >> 20)})
            fixes = elsewhere(facts, sessions[0])
            yield _folders.finding(facts, "tmp-no-space", place, sessions, message, WHY, fixes)


CHECK = Check(
    "tmp-no-space",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"folder": "/tmp", "free": "12"}),  # noqa: S108
    found=N_(
        "The free room in the folder where go works is read: GOTMPDIR, else TMPDIR, else /tmp. Less than 40 MB is too little."
    ),
    cured=N_(
        "The fix lets go work in your cache folder instead, if there is room, as `go env -w GOTMPDIR` does. Folders in /tmp whose names begin with go-build may be removed when nothing is being built."
    ),
    threads=("stacklok/brood-box#55", "bokwoon95/wgo#10"),
)
