"""GOROOT names a program where Go expects its folder."""

from collections.abc import Iterator

from gomedic.checks import _goroot
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("GOROOT names a folder")
WHY = N_("GOROOT is the folder of a whole Go installation, not the go command; unset, go finds it by itself.")
FOUND = N_("GOROOT is set to {value} in {file}: that is a program, not the folder of a Go installation.")


def _run(facts: Facts) -> Iterator[Finding]:
    for goroot in _goroot.values(facts):
        if goroot.broken and facts.is_file(goroot.value):
            message = Message(FOUND, _goroot.message_values(facts, goroot))
            yield _goroot.finding(facts, goroot, "goroot-is-binary", message, WHY)


CHECK = Check(
    "goroot-is-binary",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"value": "/usr/bin/go", "file": "~/.bashrc:12"}),
    found=N_("What GOROOT names is looked at: whether it is a folder or a file."),
    cured=N_(
        "The fix stops setting GOROOT, at the line that sets it where your account may change it, else in your own start-up files. go then finds its folder by itself."
    ),
    threads=("golang/vscode-go#1924", "hyperjumptech/grule-rule-engine#228"),
)
