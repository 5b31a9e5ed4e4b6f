"""GOROOT names a folder that is not there."""

from collections.abc import Iterator

from gomedic.checks import _goroot
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("GOROOT leads somewhere")
WHY = N_("With GOROOT set, go looks for its compiler and standard library there and nowhere else.")
FOUND = N_("GOROOT is set to {value} in {file}, but there is no such folder, so no go command works.")


def _run(facts: Facts) -> Iterator[Finding]:
    for goroot in _goroot.values(facts):
        if goroot.broken and not facts.exists(goroot.value):
            message = Message(FOUND, _goroot.message_values(facts, goroot))
            yield _goroot.finding(facts, goroot, "goroot-missing-dir", message, WHY)


CHECK = Check(
    "goroot-missing-dir",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"value": "/opt/go1.17", "file": "~/.bashrc:12"}),
    found=N_(
        "The folder that GOROOT names is looked for, and the line that sets it. Often a release was removed or moved, and the line was forgotten."
    ),
    cured=N_(
        "The fix stops setting GOROOT, at the line that sets it where your account may change it, else in your own start-up files. go then finds its folder by itself."
    ),
    threads=("golang/go#26933", "six2dez/reconftw#676"),
)
