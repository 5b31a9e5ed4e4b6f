"""The `go` that is found first is a copy torn out of its tree."""

import os
from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go, use_other
from gomedic.model import Finding, Fix, MakeLink, Move, Session, Severity, Step, Toolchain
from gomedic.texts import N_, Message, Values

TITLE = N_("The go command lies in its own tree")
WHY = N_(
    "go finds its compiler and standard library from where it lies itself; a link to it is followed, a copy is lost."
)
FOUND = N_(
    "In {where}, `go` is {path}, a copy of the program without the rest of Go, so no go command works."
)
LINK = N_("Replace the copy by a link to {target}")


def _run(facts: Facts) -> Iterator[Finding]:
    hit: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        tool = facts.toolchain_of(session.go.path) if session.go else None
        if session.go and tool and tool.kind == "stray" and not facts.setting(session, "GOROOT").value:
            hit.setdefault(session.go.path, []).append(session)
    for path, sessions in hit.items():
        yield _finding(facts, path, sessions)


def _finding(facts: Facts, path: str, sessions: list[Session]) -> Finding:
    values: Values = {"where": where(sessions), "path": path}
    target = next(iter(facts.usable()), None)
    own = use_other(facts, "", kinds(sessions))
    link = (_link(facts, path, target),) if target else ()
    return Finding(
        check="goroot-trimmed-binary",
        subject=path,
        severity=Severity.ERROR,
        message=Message(FOUND, values),
        why=Message(WHY),
        evidence=(told(f"{path}: no pkg/tool beside it", sessions[0], path),),
        fixes=(*(link if facts.may_become_root else ()), *own, *(() if facts.may_become_root else link))
        or (install_go(facts, "latest"),),
        sessions=kinds(sessions),
        weight=65,
    )


def _link(facts: Facts, path: str, target: Toolchain) -> Fix:
    """Move the copy aside, where nothing looks for it, and put a link in its place."""
    privileged = not facts.writable(os.path.join(os.path.dirname(path), "."))
    aside = f"{path}.copy-without-its-tree"
    steps: tuple[Step, ...] = (
        Move(source=path, target=aside, privileged=privileged),
        MakeLink(path=path, before=None, after=target.binary, privileged=privileged),
    )
    return Fix("link", Message(LINK, {"target": target.binary}), steps, safe=not privileged)


CHECK = Check(
    "goroot-trimmed-binary",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(FOUND, {"where": TERMINAL, "path": "/usr/local/bin/go"}),
    found=N_(
        "The first `go` on PATH is followed through its links to where it really lies. Beside a real one there are the compiler and the standard library; a copy stands alone."
    ),
    cured=N_(
        "The fix moves the copy aside and puts a link to a whole Go in its place, or puts a whole Go first on PATH. Where there is none, it downloads one."
    ),
    threads=("golang/go#68107",),
)
