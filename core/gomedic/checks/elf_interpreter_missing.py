"""The `go` that is found first asks for a program loader that is not on the machine."""

from collections.abc import Iterator

from gomedic.checks import _unrunnable
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding
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


CHECK = Check("elf-interpreter-missing", TITLE, WHY, _run)
