"""A newer Go is installed that the project needs, and no session uses it."""

import os
from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import Finding, Fix, Session, Severity, Toolchain
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TITLE = N_("The project's Go is the one in use")
WHY = N_("A Go that is merely installed is not used: it must come first on PATH.")
NEEDED = N_("Go {old} runs in {where}, too old for {module}, although Go {new} lies in {root}.")
IDLE = N_("Go {new} lies in {root}, but Go {old} runs in {where}.")
SELECT = N_("Put {folder} first on PATH")


def _run(facts: Facts) -> Iterator[Finding]:
    terminal = facts.session("terminal")
    if terminal is None or terminal.go is None or not terminal.go.version:
        return
    on_path = {entry.entry for session in facts.sessions for entry in session.path}
    idle = [
        t
        for t in facts.usable()
        if _is_idle(t, on_path) and version_key(t.version) > version_key(terminal.go.version)
    ]
    if not idle:
        return
    tool = idle[0]
    hit = [
        s
        for s in facts.judged_sessions
        if s.go and version_key(s.go.version or "") < version_key(tool.version)
    ]
    needed = facts.demand is not None and _needs(facts.demand.go_line, terminal.go.version, tool)
    yield _finding(facts, tool, hit, needed=needed)


def _is_idle(tool: Toolchain, on_path: set[str]) -> bool:
    return (
        tool.kind in ("official", "distribution", "gomedic") and os.path.join(tool.root, "bin") not in on_path
    )


def _needs(go_line: str, version: str, tool: Toolchain) -> bool:
    return bool(go_line) and version_key(version) < version_key(go_line) <= version_key(tool.version)


def _finding(facts: Facts, tool: Toolchain, hit: list[Session], *, needed: bool) -> Finding:
    folder = os.path.join(tool.root, "bin")
    go = next(session.go for session in hit if session.go)
    module = facts.demand.module if facts.demand else ""
    values: Values = {
        "where": where(hit), "old": plain(go.version), "new": plain(tool.version), "root": tool.root,
        "module": facts.short(module), "folder": facts.short(folder),
    }  # fmt: skip
    shown = [
        told(f"{tool.binary}: {tool.version}", file=tool.binary),
        told(f"{go.path}: {go.version}", hit[0]),
    ]
    if needed and facts.demand is not None:
        shown.append(told(f"go {facts.demand.go_line}", None, module, facts.demand.line))
    steps = put_on_path(facts, folder, kinds(hit), first=True)
    return Finding(
        check="newer-go-not-selected",
        subject=tool.root,
        severity=Severity.ERROR if needed else Severity.HINT,
        message=Message(NEEDED if needed else IDLE, values),
        why=Message(WHY),
        evidence=tuple(shown),
        fixes=(Fix("first", Message(SELECT, values), steps, safe=True),),
        sessions=kinds(hit),
        because_of=_forbidden(facts, hit[0], tool) if needed else None,
        weight=62 if needed else 5,
    )


def _forbidden(facts: Facts, session: Session, tool: Toolchain) -> str | None:
    """Return the finding that go must not switch by itself to a release that it would find on PATH.

    That is what a command named as the release is there for (https://go.dev/doc/toolchain, "Toolchain selection").
    """
    setting = facts.setting(session, "GOTOOLCHAIN")
    commands = (
        os.path.join(entry.entry, tool.version) for entry in session.path if entry.entry.startswith("/")
    )
    reachable = any(facts.real(path) == facts.real(tool.binary) for path in commands)
    subject = f"GOTOOLCHAIN@{setting.origin.path or setting.origin.file}"
    return f"gotoolchain-local@{subject}" if reachable and setting.value == "local" else None


CHECK = Check(
    "newer-go-not-selected",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.HINT),
    example=Message(
        NEEDED,
        {
            "old": "1.19.8",
            "where": TERMINAL,
            "module": "~/hello/go.mod",
            "new": "1.22.10",
            "root": "/usr/lib/go-1.22",
        },
    ),
    found=N_(
        "Every Go on this machine is listed, also those that are on nobody's PATH, and compared with the one that a terminal runs and the one that the project asks for."
    ),
    cured=N_("The fix puts the newer Go first on PATH, in your own start-up files. Nothing is removed."),
    threads=("andydunstall/piko#23", "golang/go#39102"),
)
