"""A script of the project uses $GOPATH, which nobody sets."""

import os
import re
from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import add_lines
from gomedic.fixes.shell_text import set_line
from gomedic.model import Finding, Fix, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("The project's scripts find GOPATH")
WHY = N_(
    "go has a default for GOPATH, ~/go; a Makefile or script that names $GOPATH gets an empty word instead."
)
FOUND = N_(
    "{file} uses $GOPATH, which is not set in {shell} sessions: there it stands for nothing, and not for {default}."
)
SET = N_("Set GOPATH to {default} in your start-up files")
_USES = re.compile(r"\$[({]?GOPATH\b(?![:-])")
_SETS = re.compile(r"^\s*(?:export\s+)?GOPATH\s*[:?+]?=|^\s*:\s+\$\{GOPATH", re.MULTILINE)
_SCRIPTS = ("Makefile", "makefile", "GNUmakefile", "build.sh", "install.sh", "test.sh")


def _run(facts: Facts) -> Iterator[Finding]:
    terminal = facts.session("terminal")
    if facts.project is None or terminal is None or terminal.go is None or terminal.environment.get("GOPATH"):
        return
    top = os.path.dirname(facts.project.module)
    for name in _SCRIPTS:
        text = (facts.read(os.path.join(top, name)) or b"").decode("utf-8", "replace")
        lines = [(at, line) for at, line in enumerate(text.split("\n"), 1) if _USES.search(line)]
        if lines and not _SETS.search(text):
            yield _finding(facts, os.path.join(top, name), *lines[0])
            return


def _finding(facts: Facts, file: str, number: int, line: str) -> Finding:
    terminal = facts.session("terminal")
    hit = [session for session in facts.judged_sessions if not session.environment.get("GOPATH")]
    default = (facts.gopath(terminal) if terminal else [])[:1] or [os.path.join(facts.home, "go")]
    values: Values = {"file": facts.short(file), "shell": facts.family, "default": facts.short(default[0])}
    steps = add_lines(facts, kinds(hit), lambda family: [set_line("GOPATH", default[0], facts.home, family)])
    return Finding(
        check="gopath-unset-scripts",
        subject=file,
        severity=Severity.HINT,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(line.strip(), None, file, number),),
        fixes=(Fix("set", Message(SET, values), steps, safe=True),),
        sessions=kinds(hit),
        weight=2,
    )


CHECK = Check(
    "gopath-unset-scripts",
    TITLE,
    WHY,
    _run,
    severities=(Severity.HINT,),
    example=Message(FOUND, {"file": "~/hello/Makefile", "shell": "bash", "default": "~/go"}),
    found=N_(
        "The project's Makefile and the usual scripts (build.sh, install.sh, test.sh) are searched for $GOPATH, unless they set it themselves."
    ),
    cured=N_(
        "The fix exports GOPATH in your start-up files, with the value that go takes anyway. In a script of your own, write `$(go env GOPATH)`: that is always what go takes."
    ),
    threads=("0xrawsec/gene#13", "flyteorg/flyte#3802", "contiv/netplugin#1019"),
)
