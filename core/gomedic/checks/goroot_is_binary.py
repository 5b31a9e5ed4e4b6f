"""GOROOT names a program where Go expects its folder."""

from collections.abc import Iterator

from gomedic.checks import _goroot
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding
from gomedic.texts import N_, Message

TITLE = N_("GOROOT names a folder")
WHY = N_("GOROOT is the folder of a whole Go installation, not the go command; unset, go finds it by itself.")
FOUND = N_("GOROOT is set to {value} in {file}: that is a program, not the folder of a Go installation.")


def _run(facts: Facts) -> Iterator[Finding]:
    for goroot in _goroot.values(facts):
        if goroot.broken and facts.is_file(goroot.value):
            message = Message(FOUND, _goroot.message_values(facts, goroot))
            yield _goroot.finding(facts, goroot, "goroot-is-binary", message, WHY)


CHECK = Check("goroot-is-binary", TITLE, WHY, _run)
