"""Modules must be fetched with git, and there is none."""

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from gomedic.checks import _values
from gomedic.checks._folders import module_cache
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.variables import in_go_env_file
from gomedic.model import Evidence, Finding, Fix, Session, Severity
from gomedic.probes.go_settings import env_file
from gomedic.texts import N_, Message, Values

TITLE = N_("git is there where modules are fetched with it")
WHY = N_(
    "A module proxy needs no git; without one, go clones each module's repository, and for most that takes git."
)
FOUND = N_(
    "{name} is set to {value} in {place}, so go fetches {what} with git, but there is no git on PATH: install it."
)
EVERYTHING = N_("every module")
MIRROR = N_("Fetch modules from Go's mirror first: GOPROXY={mirror}")
_MIRROR = "https://proxy.golang.org,direct"
_REQUIRED = re.compile(
    r"^(?:require\s+|[ \t]+)([\w.-]+\.[a-z]+/\S+|[\w.-]+\.[a-z]+)[ \t]+(v\d\S*)", re.MULTILINE
)


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOPROXY"):
        if re.split(r"[,|]", value.value)[0] == "direct" and not _has_git(facts, value.sessions[0]):
            yield _finding(facts, value, _wanted(facts, value.sessions[0]), _mirror(facts, value))
    for name in ("GONOPROXY", "GOPRIVATE"):
        for value in _values.values(facts, name):
            private = [m for m in _wanted(facts, value.sessions[0]) if _matches(m, value.value)]
            if private and not _has_git(facts, value.sessions[0]):
                yield _finding(facts, value, private, ())


def _has_git(facts: Facts, session: Session) -> bool:
    return any(facts.is_file(os.path.join(entry.entry, "git")) for entry in session.path)


def _wanted(facts: Facts, session: Session) -> list[str]:
    """Return the modules that the project requires and the module cache has not got."""
    if facts.project is None or facts.project.has_vendor:
        return []
    text = (facts.read(facts.project.module) or b"").decode("utf-8", "replace")
    cache = os.path.join(module_cache(facts, session), "cache/download")
    required = (
        (path, f"{_escaped(path)}/@v/{_escaped(version)}.zip") for path, version in _REQUIRED.findall(text)
    )
    return [path for path, file in required if not facts.exists(os.path.join(cache, file))]


def _escaped(path: str) -> str:
    """Return a module path as the module cache writes it: capitals as ! and the small letter (go.dev/ref/mod)."""
    return re.sub(r"[A-Z]", lambda found: f"!{found[0].lower()}", path)


def _matches(module: str, patterns: str) -> bool:
    """Tell whether a module has a prefix that one of the patterns means (go help private)."""
    parts = module.split("/")
    each = [pattern for pattern in patterns.split(",") if pattern]
    return any(fnmatchcase("/".join(parts[: p.count("/") + 1]), p.rstrip("/")) for p in each)


def _finding(facts: Facts, value: _values.Value, wanted: list[str], fixes: tuple[Fix, ...]) -> Finding:
    values: Values = {
        "name": value.name, "value": value.value, "place": _values.place(facts, value.origin),
        "what": wanted[0] if wanted else Message(EVERYTHING),
    }  # fmt: skip
    path = ":".join(entry.entry for entry in value.sessions[0].path)
    module = facts.project.module if facts.project and wanted else None
    needed: tuple[Evidence, ...] = tuple(told(name, None, module) for name in wanted[:2])
    return _values.finding(
        facts, value, "git-missing", Message(FOUND, values), WHY,
        severity=Severity.ERROR if wanted else Severity.WARNING, fixes=fixes,
        more=(told(f"git: not found in PATH={path}", value.sessions[0]), *needed), weight=32,
    )  # fmt: skip


def _mirror(facts: Facts, value: _values.Value) -> tuple[Fix, ...]:
    """Back to what Go has by default, at the place that says otherwise; not where modules may be private."""
    session = value.sessions[0]
    path = env_file(session)
    if facts.setting(session, "GOPRIVATE").value or facts.setting(session, "GONOPROXY").value:
        return ()
    if value.where != "GOROOT/go.env":
        return _values.drop_fixes(facts, value)
    if path is None or not facts.writable(path):
        return ()
    steps = in_go_env_file(facts, path, "GOPROXY", _MIRROR)
    return (Fix("mirror", Message(MIRROR, {"mirror": _MIRROR}), steps, safe=True),)


CHECK = Check(
    "git-missing",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR, Severity.WARNING),
    example=Message(
        FOUND,
        {"name": "GOPROXY", "value": "direct", "place": "~/.bashrc:12", "what": "github.com/campus/greet"},
    ),
    found=N_(
        "GOPROXY, GOPRIVATE and GONOPROXY are read, and the modules that the project requires and does not have yet; then git is looked for on PATH."
    ),
    cured=N_(
        "Install git: apt install git, or apk add git. Where no module is private, the fix lets go ask Go's own mirror first, which needs no git."
    ),
    threads=("goproxyio/goproxy#89", "lxc/distrobuilder#185", "nmstate/nmstate#2450", "grafana/xk6#104"),
)
