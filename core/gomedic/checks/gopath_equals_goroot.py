"""GOPATH is the very folder of the Go installation."""

import os
from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import kinds, seen, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import merged
from gomedic.fixes.path import put_on_path
from gomedic.fixes.shell_text import home_relative
from gomedic.fixes.variables import in_go_env_file, set_value
from gomedic.model import Finding, Fix, Session, Severity, Step
from gomedic.probes.go_settings import Setting, env_file
from gomedic.texts import N_, Message, Values

TITLE = N_("GOPATH and GOROOT are two folders")
WHY = N_(
    "GOPATH is for your own modules and programs. Within Go's own folder every go command warns, and editors stumble."
)
SET = N_("GOPATH is set to {value} in {place}, which is the folder of Go itself.")
DEFAULT = N_("Go itself lies in {value}, which is also the workspace that go takes when GOPATH is not set.")
MOVE = N_("Make {better} the workspace")


def _run(facts: Facts) -> Iterator[Finding]:
    hit: dict[tuple[str, str, int | None], list[Session]] = {}
    for session in facts.judged_sessions:
        setting, root = facts.setting(session, "GOPATH"), facts.goroot(session)
        if root and any(facts.real(e) == facts.real(root) for e in setting.value.split(":") if e):
            hit.setdefault((setting.value, setting.origin.file, setting.origin.line), []).append(session)
    for sessions in hit.values():
        yield _finding(facts, sessions)


def _finding(facts: Facts, sessions: list[Session]) -> Finding:
    setting = facts.setting(sessions[0], "GOPATH")
    unset = setting.where == "default"
    values: Values = {"value": setting.value, "place": _values.place(facts, setting.origin)}
    return Finding(
        check="gopath-equals-goroot",
        subject=setting.value if unset else f"{setting.value}@{setting.origin.path or setting.origin.file}",
        severity=Severity.WARNING,
        message=Message(DEFAULT if unset else SET, values),
        why=Message(WHY),
        evidence=(
            *(() if unset else (seen(setting.origin, sessions[0]),)),
            told(f"GOROOT={facts.goroot(sessions[0])} GOPATH={setting.value}", sessions[0]),
        ),
        fixes=(_fix(facts, sessions, setting),),
        sessions=kinds(sessions),
        weight=40,
    )


def _fix(facts: Facts, sessions: list[Session], setting: Setting) -> Fix:
    better = _workspace(facts, setting)
    steps: tuple[Step, ...] = ()
    step = (
        set_value(facts, "GOPATH", setting.origin, home_relative(better, facts.home))
        if setting.where == "environment"
        else None
    )
    if setting.origin.path and setting.origin.path.endswith("fish_variables"):
        steps = _values.drop_steps(
            facts, _values.Value("GOPATH", setting.value, setting.origin, setting.where, tuple(sessions))
        )
    elif step is not None and not step.privileged:
        steps = merged((step, *_keep_go(facts, sessions)))
    else:
        steps = in_go_env_file(facts, env_file(sessions[0]) or "", "GOPATH", better)
    return Fix("workspace", Message(MOVE, {"better": facts.short(better)}), steps, safe=True)


def _workspace(facts: Facts, setting: Setting) -> str:
    """Return a folder for GOPATH that is not Go's own: ~/go, or where Go lies there ~/gopath."""
    usual = os.path.join(facts.home, "go")
    return usual if facts.real(setting.value) != facts.real(usual) else os.path.join(facts.home, "gopath")


def _keep_go(facts: Facts, sessions: list[Session]) -> tuple[Step, ...]:
    """Where PATH finds go by way of $GOPATH/bin, keep it on PATH by its own name."""
    led = [
        session
        for session in sessions
        for entry in session.path
        if session.go
        and entry.entry == os.path.dirname(session.go.path)
        and "GOPATH" in (entry.origin.text or "")
    ]
    folder = os.path.dirname(led[0].go.path) if led and led[0].go else ""
    return put_on_path(facts, folder, kinds(led), first=False) if led else ()


CHECK = Check(
    "gopath-equals-goroot",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING,),
    example=Message(SET, {"value": "/usr/local/go", "place": "~/.bashrc:12"}),
    found=N_(
        "GOPATH and the folder of Go itself are compared, links followed. Where GOPATH is not set, ~/go counts, for that is what go takes then."
    ),
    cured=N_(
        "The fix makes another folder the workspace: ~/go, or ~/gopath where Go itself lies in ~/go. Go stays where it is; modules are fetched again when they are needed."
    ),
    threads=("golang/go#65656", "golang/go#70092", "golang/go#47889"),
)
