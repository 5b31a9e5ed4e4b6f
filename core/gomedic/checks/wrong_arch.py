"""The `go` that is found first is made for another processor."""

from collections.abc import Iterator

from gomedic.checks import _unrunnable
from gomedic.checks._words import TERMINAL
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.model import Finding, Severity
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


CHECK = Check(
    "wrong-arch",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND, {"where": TERMINAL, "path": "/usr/local/go/bin/go", "arch": "arm64", "native": "amd64"}
    ),
    found=N_(
        "The beginning of the go command's file is read: it says for which processor it is made. The command itself is not run."
    ),
    cured=N_(
        "The fix puts another Go that runs here first on PATH, or downloads the release for this processor. By hand, take the archive that fits what `uname -m` says: amd64 for x86_64, arm64 for aarch64."
    ),
    threads=("golang/go#12527", "hypriot/golang-armbuilds#7", "ttpreport/ligolo-mp#17"),
)
