"""GOROOT names a folder inside the Go tree, or the one around it."""

from collections.abc import Iterator

from gomedic.checks import _goroot
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message

TITLE = N_("GOROOT names the top of a Go tree")
WHY = N_("go looks for its standard library in GOROOT/src: one level off, every package is missing.")
FOUND = N_("GOROOT is set to {value} in {file}, but the Go tree begins at {root}.")


def _run(facts: Facts) -> Iterator[Finding]:
    for goroot in _goroot.values(facts):
        root = _goroot.is_wrong_level(facts, goroot.value)
        if goroot.broken and facts.is_folder(goroot.value) and root is not None:
            message = Message(FOUND, _goroot.message_values(facts, goroot) | {"root": root})
            shown = (told(f"{root}/src", file=root),)
            yield _goroot.finding(facts, goroot, "goroot-wrong-level", message, WHY, shown)


CHECK = Check(
    "goroot-wrong-level",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND, {"value": "/home/student/go1.22/bin", "file": "~/.bashrc:12", "root": "/home/student/go1.22"}
    ),
    found=N_(
        "The folder that GOROOT names has no standard library in it, while the folder around it, or the one named go inside it, is a whole Go."
    ),
    cured=N_(
        "The fix stops setting GOROOT, and go finds its folder by itself. If something else needs the variable, it has to name the folder in which bin, pkg and src lie."
    ),
    threads=("golang/go#47512",),
)
