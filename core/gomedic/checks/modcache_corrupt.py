"""The module cache holds files that were cut short."""

from collections.abc import Iterator

from gomedic.checks import _folders
from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import EditFile, Finding, Fix, Severity
from gomedic.texts import N_, Message

TITLE = N_("The module cache is sound")
WHY = N_(
    "go takes what lies in its module cache as it is; an empty archive is never fetched again by itself."
)
FOUND = N_("{module} has empty files in the module cache {folder} ({count} in all), so go cannot unpack it.")
REMOVE = N_("Remove the empty files from the module cache, so that go fetches them again")


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _folders.module_cache):
        empty = facts.empty_downloads(folder)
        if not empty:
            continue
        module = empty[0].removeprefix(f"{folder}/cache/download/").partition("/@v/")[0]
        steps = tuple(
            EditFile(path=path, before=b"", after=None, privileged=not facts.writable(path)) for path in empty
        )
        fix = Fix("remove", Message(REMOVE), steps, safe=not any(step.privileged for step in steps))
        yield Finding(
            check="modcache-corrupt",
            subject=folder,
            severity=Severity.ERROR,
            message=Message(FOUND, {"count": len(empty), "module": module, "folder": folder}),
            why=Message(WHY),
            evidence=tuple(told(f"{path}: 0 bytes", sessions[0], path) for path in empty[:4]),
            fixes=(fix,),
            sessions=kinds(sessions),
            weight=30,
        )


CHECK = Check(
    "modcache-corrupt",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"module": "example.com/greet", "folder": "/home/student/go/pkg/mod", "count": 2}),
    found=N_(
        "The downloads in the module cache are searched for empty files, such as a full disk or a power cut leaves behind."
    ),
    cured=N_(
        "The fix removes the empty files, and go fetches these modules again when it needs them. `go clean -modcache` would do it too, but then everything is fetched anew."
    ),
    threads=("filecoin-project/venus#2566", "golang/go#43313"),
)
