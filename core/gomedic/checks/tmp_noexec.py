"""Programs in the folder for temporary files may not be started."""

from collections.abc import Iterator

from gomedic.checks import _folders
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.temporary import elsewhere
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("What go run builds may be started")
WHY = N_(
    "go run and go test start what they have just built in the folder for temporary files; go build does not."
)
FOUND = N_("{folder} is mounted noexec, so `go run` and `go test` cannot start what they build there.")


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _folders.temporary):
        place = facts.place(folder)
        if place.noexec and facts.is_folder(folder):
            message = Message(FOUND, {"folder": folder})
            fixes = elsewhere(facts, sessions[0])
            yield _folders.finding(facts, "tmp-noexec", place, sessions, message, WHY, fixes)


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
