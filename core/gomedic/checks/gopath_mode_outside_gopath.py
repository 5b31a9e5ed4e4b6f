"""Modules are off, and the person works in a folder that only modules can build."""

import os
from collections.abc import Iterator

from msgspec.structs import replace

from gomedic.checks import _values
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Go files lie where go looks for them")
WHY = N_(
    "Without modules go knows packages by their place below GOPATH/src; elsewhere `go install` and imports of the project itself fail."
)
FOUND = N_(
    "The Go files in {folder} lie outside GOPATH ({gopath}), and GO111MODULE=off in {place} leaves go no other way to find them."
)


def _run(facts: Facts) -> Iterator[Finding]:
    folder = facts.project.folder if facts.project else facts.cwd
    files = facts.machine.go_files(folder)
    for value in _values.values(facts, "GO111MODULE"):
        sources = [os.path.join(entry, "src") for entry in facts.gopath(value.sessions[0])]
        if value.value != "off" or not files or any(_is_below(facts, folder, source) for source in sources):
            continue
        values: Values = {
            "folder": facts.short(folder), "place": _values.place(facts, value.origin),
            "gopath": ":".join(facts.gopath(value.sessions[0])),
        }  # fmt: skip
        shown = tuple(told(file, None, os.path.join(folder, file)) for file in files[:2])
        found = _values.finding(
            facts, value, "gopath-mode-outside-gopath", Message(FOUND, values), WHY,
            severity=Severity.ERROR if facts.project else Severity.WARNING, more=shown, weight=38,
        )  # fmt: skip
        yield replace(found, subject=folder, because_of=f"gomodule-off@{found.subject}")


def _is_below(facts: Facts, folder: str, top: str) -> bool:
    return facts.real(folder).startswith(facts.real(top).rstrip("/") + "/")


CHECK = Check(
    "gopath-mode-outside-gopath",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(FOUND, {"folder": "~/lab", "place": "~/.bashrc:12", "gopath": "/home/student/go"}),
    found=N_(
        "Where GO111MODULE is off, the folder that you are in is looked at: whether Go files lie there, and whether it is below the folder src of GOPATH."
    ),
    cured=N_(
        "The fix stops setting GO111MODULE, so that modules are on. A folder without a go.mod then needs one: `go mod init hello`."
    ),
    threads=("joefitzgerald/go-plus#635", "moovweb/gvm#313"),
)
