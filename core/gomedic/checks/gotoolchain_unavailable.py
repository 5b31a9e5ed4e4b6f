"""The project asks for a toolchain that go cannot get."""

import os
import re
from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._folders import module_cache
from gomedic.checks._words import kinds, seen, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.install import install_go, use_other
from gomedic.fixes.lines import replace_line
from gomedic.model import Evidence, Finding, Fix, GoCommand, Session, Severity
from gomedic.probes.project import Project
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TITLE = N_("go can get the toolchain that the project asks for")
WHY = N_(
    "Since Go 1.21 go switches to the release that a go.mod names: one on PATH, one fetched before, or a download."
)
NO_SUCH = N_(
    "{module} says go {wanted}; Go {version} takes that for a release, and there is none of that name, only {wanted}.0 and later."
)
OFFLINE = N_(
    "{module} asks for Go {wanted}; {path} is Go {version}, has none on PATH, and GOPROXY=off in {place} forbids the download."
)
FULL = N_("Write go {wanted}.0 into {module}")
_NAMES_KNOWN_SINCE = "1.21.10"  # older ones ask for "go1.22" (golang.org/issue/62278)


def _run(facts: Facts) -> Iterator[Finding]:
    project = facts.demand
    if project is None or not project.go_line:
        return
    hit: list[Session] = [s for s in facts.judged_sessions if s.go and _must_switch(facts, s, project)]
    if not hit:
        return
    go = hit[0].go
    assert go is not None  # noqa: S101 - the list above
    proxy = facts.setting(hit[0], "GOPROXY")
    if _has_no_such_release(project, go):
        yield _finding(
            facts, hit, project, Message(NO_SUCH, _named(facts, project, go)), (), _full(facts, project)
        )
    elif proxy.value.split(",")[0] == "off" and not _is_at_hand(facts, hit[0], project):
        place = {"place": _values.place(facts, proxy.origin), "path": go.path}
        values: Values = _named(facts, project, go) | place
        fixes = _offline_fixes(facts, hit, project)
        yield _finding(facts, hit, project, Message(OFFLINE, values), (seen(proxy.origin, hit[0]),), fixes)


def _wanted(project: Project) -> str:
    """Return the release that go switches to: "1.24.11"."""
    return plain(max(project.go_line, project.toolchain_line.removeprefix("go"), key=version_key))


def _must_switch(facts: Facts, session: Session, project: Project) -> bool:
    """Tell whether a session's go is one that switches, may, and is too old (go.dev/doc/toolchain)."""
    mine = version_key(session.go.version or "") if session.go else version_key("")
    allowed = facts.setting(session, "GOTOOLCHAIN").value in ("", "auto", "local+auto", "path")
    return allowed and version_key("1.21") <= mine < version_key(_wanted(project))


def _has_no_such_release(project: Project, go: GoCommand) -> bool:
    language = re.fullmatch(r"1\.\d+", project.go_line) and not project.toolchain_line
    return bool(language) and version_key(go.version or "") < version_key(_NAMES_KNOWN_SINCE)


def _is_at_hand(facts: Facts, session: Session, project: Project) -> bool:
    """Tell whether a command go1.24.11 is on PATH, or that toolchain in the module cache."""
    name = f"go{_wanted(project)}" + (".0" if _wanted(project).count(".") == 1 else "")
    cached = f"golang.org/toolchain@v0.0.1-{name}.linux-{facts.native_arch}"
    commands = (os.path.join(entry.entry, name) for entry in session.path)
    return facts.is_folder(os.path.join(module_cache(facts, session), cached)) or any(
        map(facts.is_file, commands)
    )


def _named(facts: Facts, project: Project, go: GoCommand) -> Values:
    return {"module": facts.short(project.module), "wanted": _wanted(project), "version": plain(go.version)}


def _finding(
    facts: Facts, hit: list[Session], project: Project, message: Message, more: tuple[Evidence, ...], fixes: tuple[Fix, ...]
) -> Finding:  # fmt: skip
    go = hit[0].go
    line = f"toolchain {project.toolchain_line}" if project.toolchain_line else f"go {project.go_line}"
    newer = next((t for t in facts.usable() if version_key(t.version) >= version_key(_wanted(project))), None)
    return Finding(
        check="gotoolchain-unavailable",
        subject=project.module,
        severity=Severity.ERROR,
        message=message,
        why=Message(WHY),
        evidence=(
            told(line, None, project.module, None if project.toolchain_line else project.line),
            *more,
            told(f"{go.path}: {go.version}" if go else "", hit[0]),
        ),
        fixes=fixes,
        sessions=kinds(hit),
        because_of=f"newer-go-not-selected@{newer.root}" if newer and not project.toolchain_line else None,
        weight=52,
    )


def _full(facts: Facts, project: Project) -> tuple[Fix, ...]:
    def longer(line: str) -> str:
        return re.sub(r"^(go[ \t]+1\.\d+)\b", r"\1.0", line)

    step = replace_line(facts, project.module, project.line or 0, longer)
    title = Message(FULL, {"wanted": project.go_line, "module": facts.short(project.module)})
    return (Fix("full", title, (step,), safe=not step.privileged),) if step else ()


def _offline_fixes(facts: Facts, hit: list[Session], project: Project) -> tuple[Fix, ...]:
    """Another Go that is new enough, else a verified download; GOPROXY=off may well be meant."""
    newest = next(iter(facts.usable()), None)
    enough = newest is not None and version_key(newest.version) >= version_key(_wanted(project))
    root = hit[0].go.root if hit[0].go else None
    other = use_other(facts, root or "", kinds(hit)) if enough else ()
    return (*other, install_go(facts, f"go{_wanted(project)}"))


CHECK = Check(
    "gotoolchain-unavailable",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(NO_SUCH, {"module": "~/hello/go.mod", "wanted": "1.22", "version": "1.21.6"}),
    found=N_(
        "It is worked out which release go would switch to for the project's go.mod; then PATH, the module cache and GOPROXY tell whether it can get that one."
    ),
    cured=N_(
        "For a line such as go 1.22, the fix writes go 1.22.0, which is a release that exists. Where downloads are forbidden, it takes another Go of this machine, or fetches and verifies the release itself."
    ),
    threads=("golang/go#62278", "golang/go#65568", "dapr/components-contrib#3545", "kgretzky/evilginx2#1100"),
)
