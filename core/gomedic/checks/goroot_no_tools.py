"""The Go tree that a session works with has no compiler or linker that can be started."""

import os
from collections.abc import Iterator

from gomedic.checks import _goroot
from gomedic.checks._words import kinds, seen, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go, use_other
from gomedic.model import Evidence, Finding, Fix, Session, SetMode, Severity
from gomedic.texts import N_, Message, Values

TITLE = N_("Go has its compiler and linker")
WHY_CLOSED = N_("A shell passes over a file that may not be executed, or refuses to start it.")
WHY = N_("go version answers even so; every build starts the programs in pkg/tool.")
MISSING = N_("The Go in {root} has no {tool}: it is missing from pkg/tool, so nothing can be built with it.")
CLOSED = N_("The Go in {root} cannot start {tool}, which is not executable, so nothing can be built with it.")
FOREIGN = N_(
    "The Go in {root} cannot start {tool}, which is made for {fault}, so nothing can be built with it."
)
GO_CLOSED = N_("The Go in {root} is on PATH, but {tool} is not executable, so {where} cannot start it.")
Closed = tuple[str, int, int]  # path, permission bits, owner
EXECUTABLE = N_("Make the tools of {root} executable")


def _run(facts: Facts) -> Iterator[Finding]:
    hit: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        root = facts.goroot(session)
        head = facts.program(session.go.path) if session.go else None
        if root and head is not None and head.arch == facts.native_arch:
            hit.setdefault(root, []).append(session)
    for root, sessions in hit.items():
        if _goroot.lacks_only_tools(facts, root):
            yield _finding(facts, root, sessions)
    yield from _closed(facts)


def _closed(facts: Facts) -> Iterator[Finding]:
    """Yield the trees that are on PATH and whose very go nobody may execute."""
    hit: dict[str, list[Session]] = {}
    for session in facts.lacking:
        folders = (
            e.entry for e in session.path if e.entry.startswith("/") and facts.is_file(f"{e.entry}/go")
        )
        first = next((folder for folder in folders if _is_closed(facts, folder)), None)
        if first is not None:
            hit.setdefault(first, []).append(session)
    for folder, sessions in hit.items():
        yield _finding_of_go(facts, folder, sessions)


def _is_closed(facts: Facts, folder: str) -> bool:
    return any(path == f"{folder}/go" for path, _mode, _uid in _programs(facts, folder))


def _finding_of_go(facts: Facts, folder: str, sessions: list[Session]) -> Finding:
    root, path = os.path.dirname(folder), f"{folder}/go"
    values: Values = {"root": root, "tool": path, "where": where(sessions)}
    origin = next(e.origin for e in sessions[0].path if e.entry == folder)
    return Finding(
        check="goroot-no-tools",
        subject=root,
        severity=Severity.ERROR,
        message=Message(GO_CLOSED, values),
        why=Message(WHY_CLOSED),
        evidence=(told(f"{path}: not executable", sessions[0], path), seen(origin, sessions[0])),
        fixes=_let_run(facts, root, [*_programs(facts, folder), *_tools(facts, root)]),
        sessions=kinds(sessions),
        weight=72,
    )


def _finding(facts: Facts, root: str, sessions: list[Session]) -> Finding:
    faults = facts.machine.unusable_tools(root, facts.native_arch)
    tool, fault = faults[0]
    text = {"missing": MISSING, "not executable": CLOSED}.get(fault, FOREIGN)
    values: Values = {"root": root, "tool": tool.removeprefix(root + "/"), "fault": fault}
    setting = facts.setting(sessions[0], "GOROOT")
    named: tuple[Evidence, ...] = (seen(setting.origin, sessions[0]),) if setting.value else ()
    return Finding(
        check="goroot-no-tools",
        subject=root,
        severity=Severity.ERROR,
        message=Message(text, values),
        why=Message(WHY),
        evidence=(
            *(told(f"{path}: {why}", sessions[0], path) for path, why in faults),
            *named,
            told(sessions[0].go.path if sessions[0].go else "", sessions[0]),
        ),
        fixes=(*_fixes(facts, root, sessions), install_go(facts, facts.tree_version(root) or "latest")),
        sessions=kinds(sessions),
        weight=72,
    )


def _fixes(facts: Facts, root: str, sessions: list[Session]) -> tuple[Fix, ...]:
    """A GOROOT that names the tree goes; tools that lack the bit get it; else another Go takes over."""
    goroot = next((g for g in _goroot.values(facts) if g.value == root), None)
    own = sessions[0].go.root if sessions[0].go else None
    if goroot is not None and own != root:
        return _goroot.fixes(facts, goroot)
    return (*_executable(facts, root), *use_other(facts, root, kinds(sessions)))


def _executable(facts: Facts, root: str) -> tuple[Fix, ...]:
    if any(
        fault != "not executable" for _path, fault in facts.machine.unusable_tools(root, facts.native_arch)
    ):
        return ()
    return _let_run(facts, root, _tools(facts, root))


def _tools(facts: Facts, root: str) -> list[Closed]:
    return facts.machine.not_executable(f"{root}/pkg/tool/linux_{facts.native_arch}")


def _programs(facts: Facts, folder: str) -> list[Closed]:
    """Return Go's own programs in a folder of PATH, where other files may lie that were never to be executed."""
    own = {f"{folder}/go", f"{folder}/gofmt"}
    return [found for found in facts.machine.not_executable(folder) if found[0] in own]


def _let_run(facts: Facts, root: str, closed: list[Closed]) -> tuple[Fix, ...]:
    steps = tuple(
        SetMode(path=path, before=mode, after=mode | (mode & 0o444) >> 2, privileged=uid != facts.account.uid)
        for path, mode, uid in closed
    )
    safe = not any(step.privileged for step in steps)
    return (Fix("executable", Message(EXECUTABLE, {"root": root}), steps, safe=safe),) if steps else ()


CHECK = Check(
    "goroot-no-tools",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(MISSING, {"root": "/usr/local/go", "tool": "pkg/tool/linux_amd64/compile"}),
    found=N_(
        "The compiler and the linker of Go are looked at: whether they are there, may be started, and are made for this processor."
    ),
    cured=N_(
        "Tools that only lost the permission to be started get it back. Else the fix stops setting a GOROOT that leads there, puts another, whole Go first on PATH, or downloads the release again."
    ),
    threads=("xmake-io/xmake#7181", "golang/go#33680", "tiagorlampert/CHAOS#3"),
)
