"""A Go variable is set in the shell, and never handed on to programs."""

import os
from collections.abc import Iterator

from gomedic.checks._words import kinds, seen, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import replace_line
from gomedic.fixes.shell_text import with_export
from gomedic.model import Finding, Fix, Origin, Session, Severity, Variable
from gomedic.texts import N_, Message, Values

TITLE = N_("Go's variables are exported")
WHY = N_("A variable that is not exported stays in the shell: `echo` shows it, and go never sees it.")
FOUND = N_("{name} is set to {value} in {file}, but not exported: go still takes {real}.")
NOTHING = N_("nothing")
EXPORT = N_("Export {name} where it is set, in {file}")
_HARMLESS = ("GOROOT",)  # go finds its own tree; in the shell alone the variable serves later lines


def _run(facts: Facts) -> Iterator[Finding]:
    done = set()  # the way to a line differs between kinds of session
    for session in facts.judged_sessions:
        for name, variable in session.variables.items():
            if (
                variable.exported
                or not name.startswith("GO")
                or name in _HARMLESS
                or (name, variable.origin.file, variable.origin.line) in done
            ):
                continue
            if (
                session.go is not None
                and facts.setting(session, name).value != variable.value
                and variable.origin.is_line
                and os.path.basename(variable.origin.file) != "fish_variables"  # a check of its own
            ):
                done.add((name, variable.origin.file, variable.origin.line))
                yield _finding(facts, session, name, variable)


def _finding(facts: Facts, session: Session, name: str, variable: Variable) -> Finding:
    origin = variable.origin
    real = facts.setting(session, name).value
    hit = [
        s for s in facts.judged_sessions if name in s.variables and _is_same(s.variables[name].origin, origin)
    ]
    values: Values = {
        "name": name, "value": variable.value, "file": facts.short(origin.path or origin.file),
        "real": real or Message(NOTHING),
    }  # fmt: skip
    step = replace_line(facts, origin.path or "", origin.line or 0, with_export)
    fix = Fix(
        "export",
        Message(EXPORT, values),
        (step,) if step else (),
        safe=step is not None and not step.privileged,
    )
    return Finding(
        check="shell-var-not-exported",
        subject=f"{name}@{origin.path or origin.file}",
        severity=Severity.WARNING,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(seen(origin, session), told(f"go: {name}={real}", session)),
        fixes=(fix,) if step else (),
        sessions=kinds(hit),
        weight=20,
    )


def _is_same(one: Origin, other: Origin) -> bool:
    return (one.file, one.line) == (other.file, other.line)


CHECK = Check(
    "shell-var-not-exported",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(
        FOUND,
        {
            "name": "GOPATH",
            "value": "/home/student/work",
            "file": "~/.config/fish/config.fish",
            "real": "/home/student/go",
        },
    ),
    found=N_(
        "Go's variables in the shell are compared with what go itself takes. One that is set but not exported is named with its line."
    ),
    cured=N_(
        "The fix exports the variable in the line that sets it: with export in bash and zsh, with set -gx in fish."
    ),
    threads=("golang/go#21298", "constabulary/gb#739"),
)
