"""The `go` that is found first is made for another processor."""

from collections.abc import Iterator

from gomedic.checks import _unrunnable
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding
from gomedic.texts import N_, Message

TITLE = N_("The go command is made for this processor")
WHY = N_(
    "A shell stops at the first `go` on PATH, and this one cannot run: the archive for another machine was unpacked."
)
FOUND = N_(
    "In {where}, `go` is {path}, which is made for {arch}; this machine is {native}, so it cannot be started."
)


def _run(facts: Facts) -> Iterator[Finding]:
    for path, head, sessions in _unrunnable.first_commands(facts):
        if head.arch not in ("", facts.native_arch):
            message = Message(FOUND, _unrunnable.values(facts, path, sessions) | {"arch": head.arch})
            yield _unrunnable.finding(
                facts, "wrong-arch", path, sessions, message, WHY, f"{path}: {head.arch}"
            )


CHECK = Check("wrong-arch", TITLE, WHY, _run)
