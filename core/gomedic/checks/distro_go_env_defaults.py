"""The Go of a distribution has other defaults in its go.env than Go's own releases."""

import os
from collections.abc import Iterator

from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import merged
from gomedic.fixes.variables import in_go_env_file
from gomedic.model import Evidence, Finding, Fix, Session, Severity
from gomedic.probes.go_settings import EnvLine, env_file
from gomedic.texts import N_, Message, Values
from gomedic.versions import plain, version_key

TITLE = N_("Go's own defaults apply")
WHY = N_(
    "Go's releases fetch modules from a mirror, check their sums, and switch to the toolchain that a project names; a distribution may turn each off in GOROOT/go.env."
)
HINT = N_("{file} of this Go sets {names}, other than Go's own releases do.")
IGNORED = N_(
    "{module} names the toolchain {wanted}, but {file} sets GOTOOLCHAIN=local, so Go {version} is used without a word."
)
UPSTREAM_DEFAULTS = N_("Use Go's own defaults for this account, as go env -w does")
AUTO = N_("Let go switch: GOTOOLCHAIN=auto")
UPSTREAM = {"GOPROXY": "https://proxy.golang.org,direct", "GOSUMDB": "sum.golang.org", "GOTOOLCHAIN": "auto"}


def _run(facts: Facts) -> Iterator[Finding]:
    hit: dict[str, list[Session]] = {}
    for session in facts.judged_sessions:
        if session.go and session.go.root:
            hit.setdefault(os.path.join(session.go.root, "go.env"), []).append(session)
    for file, sessions in hit.items():
        lines = facts.settings.lines(file)
        other = {n: lines[n] for n, own in UPSTREAM.items() if n in lines and lines[n].value != own}
        effective = [n for n in other if facts.setting(sessions[0], n).where == "GOROOT/go.env"]
        if effective:
            yield _finding(facts, file, {name: other[name] for name in effective}, sessions)


def _finding(facts: Facts, file: str, other: dict[str, EnvLine], sessions: list[Session]) -> Finding:
    ignored = _ignored_toolchain(facts, other, sessions[0])
    project, go = facts.demand, sessions[0].go
    values: Values = {
        "file": file, "names": ", ".join(line.text for line in other.values()), "wanted": ignored,
        "module": facts.short(project.module) if project else "", "version": plain(go.version if go else None),
    }  # fmt: skip
    shown: tuple[Evidence, ...] = tuple(
        told(line.text, sessions[0], file, line.line) for line in other.values()
    )
    if ignored and project is not None:
        shown = (*shown, told(f"toolchain {project.toolchain_line}", None, project.module))
    return Finding(
        check="distro-go-env-defaults",
        subject=file,
        severity=Severity.WARNING if ignored else Severity.HINT,
        message=Message(IGNORED if ignored else HINT, values),
        why=Message(WHY),
        evidence=shown,
        fixes=_fixes(facts, sessions[0], ["GOTOOLCHAIN"] if ignored else list(other)),
        sessions=kinds(sessions),
        weight=40 if ignored else 3,
    )


def _ignored_toolchain(facts: Facts, other: dict[str, EnvLine], session: Session) -> str:
    """Return the toolchain line that go passes over, as it does where the go line alone would be fine; else ""."""
    project, go = facts.demand, session.go
    local = "GOTOOLCHAIN" in other and other["GOTOOLCHAIN"].value == "local"
    if not local or project is None or go is None or not go.version or not project.toolchain_line:
        return ""
    mine = version_key(go.version)
    newer = version_key(project.toolchain_line) > mine >= version_key(project.go_line or "1.16")
    return project.toolchain_line if newer else ""


def _fixes(facts: Facts, session: Session, names: list[str]) -> tuple[Fix, ...]:
    path = env_file(session)
    if path is None or not facts.writable(path):
        return ()
    each = (step for name in names for step in in_go_env_file(facts, path, name, UPSTREAM[name]))
    steps = merged(list(dict.fromkeys(each)))
    title = Message(AUTO if names == ["GOTOOLCHAIN"] else UPSTREAM_DEFAULTS)
    return (Fix("upstream", title, steps, safe=True),)


CHECK = Check(
    "distro-go-env-defaults",
    TITLE,
    WHY,
    _run,
    severities=(Severity.WARNING, Severity.HINT),
    example=Message(
        IGNORED,
        {
            "module": "~/hello/go.mod",
            "wanted": "go1.24.11",
            "file": "/usr/lib/golang/go.env",
            "version": "1.24.4",
        },
    ),
    found=N_(
        "The go.env file that came with this Go is compared with the defaults of Go's own releases for GOPROXY, GOSUMDB and GOTOOLCHAIN. It is a warning only where the project names a toolchain that is then passed over."
    ),
    cured=N_(
        "The fix stores Go's own defaults for your account, as `go env -w` does; the distribution's file stays as it is. If the distribution's defaults suit you, there is nothing to do."
    ),
    threads=("developer-portal/content#491", "developer-portal/content#564", "https://go.dev/doc/toolchain"),
)
