"""The `go` that is found first asks for a program loader that is not on the machine."""

from collections.abc import Iterator

from gomedic.checks import _unrunnable
from gomedic.checks._words import TERMINAL
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("The loader that the go command asks for is there")
WHY = N_(
    "A program linked for another C library names a loader that is not here; the shell then says there is no such file."
)
FOUND = N_(
    "In {where}, `go` is {path}; the loader {loader} that it asks for is not here, so it cannot be started."
)


def _run(facts: Facts) -> Iterator[Finding]:
    for path, head, sessions in _unrunnable.first_commands(facts):
        if (
            head.kind == "elf"
            and head.interpreter
            and not facts.exists(head.interpreter)
            and head.arch == facts.native_arch
        ):
            message = Message(FOUND, _unrunnable.values(facts, path, sessions) | {"loader": head.interpreter})
            text = f"{path}: interpreter {head.interpreter}"
            yield _unrunnable.finding(facts, "elf-interpreter-missing", path, sessions, message, WHY, text)


CHECK = Check(
    "elf-interpreter-missing",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND, {"where": TERMINAL, "path": "/usr/local/go/bin/go", "loader": "/lib/ld-musl-x86_64.so.1"}
    ),
    found=N_(
        "The beginning of the go command's file is read: it names the loader that has to start it, and there is no such file here. The command itself is not run."
    ),
    cured=N_(
        "The fix puts another Go that runs here first on PATH, or downloads one of Go's own releases. A go from an Alpine image does not run on Debian or Ubuntu, nor the other way round, so do not copy it between them."
    ),
    threads=("docker/cli#4103", "tiagorlampert/CHAOS#20"),
)
