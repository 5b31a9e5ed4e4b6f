"""GOROOT names a folder that is not there."""

from collections.abc import Iterator

from gomedic.checks import _goroot
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding
from gomedic.texts import N_, Message

TITLE = N_("GOROOT leads somewhere")
WHY = N_("With GOROOT set, go looks for its compiler and standard library there and nowhere else.")
FOUND = N_("GOROOT is set to {value} in {file}, but there is no such folder, so no go command works.")


def _run(facts: Facts) -> Iterator[Finding]:
    for goroot in _goroot.values(facts):
        if goroot.broken and not facts.exists(goroot.value):
            message = Message(FOUND, _goroot.message_values(facts, goroot))
            yield _goroot.finding(facts, goroot, "goroot-missing-dir", message, WHY)


CHECK = Check("goroot-missing-dir", TITLE, WHY, _run)
