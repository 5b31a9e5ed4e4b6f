"""GOFLAGS has go rebuild the standard library and store it in a GOROOT where the account cannot write."""

import os
from collections.abc import Iterator

from gomedic.checks import _values
from gomedic.checks._words import told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.variables import in_go_env_file, set_value
from gomedic.model import Finding, Fix, Session, Severity, Step
from gomedic.texts import N_, Message, Values
from gomedic.versions import version_key

TITLE = N_("go does not write into GOROOT")
WHY = N_(
    "Before Go 1.20, -i stores what a build compiled; with flags other than those of the release, that is the standard library too. Without -i go keeps it in its cache."
)
FOUND = N_(
    "GOFLAGS is set to {value} in {place}: with -i, go stores the standard library anew in {folder}, where {account} cannot write, so builds fail."
)
WITHOUT = N_("Take -i out of GOFLAGS: the cache does its work")
_ENDED_IN = "1.20"
_CHANGING = (
    "-trimpath",
    "-race",
    "-msan",
    "-asan",
    "-gcflags",
    "-asmflags",
    "-gccgoflags",
    "-buildmode",
    "-linkshared",
    "-a",
)


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOFLAGS"):
        flags = value.value.split()
        folder = _archives(facts, value.sessions[0])
        if {"-i", "--i"} & set(flags) and any(_name(flag) in _CHANGING for flag in flags) and folder:
            yield _finding(facts, value, folder)


def _name(flag: str) -> str:
    return "-" + flag.lstrip("-").split("=")[0]


def _archives(facts: Facts, session: Session) -> str:
    """Return where a session's go has its compiled standard library, if it cannot be written; else ""."""
    root, go = facts.goroot(session), session.go
    if root is None or go is None or not go.version or version_key(go.version) >= version_key(_ENDED_IN):
        return ""
    folder = os.path.join(root, "pkg", f"linux_{facts.native_arch}")
    return folder if facts.is_folder(folder) and not facts.writable(folder) else ""


def _finding(facts: Facts, value: _values.Value, folder: str) -> Finding:
    values: Values = {
        "value": value.value, "place": _values.place(facts, value.origin), "folder": folder, "account": facts.account.name,
    }  # fmt: skip
    steps = _without(facts, value)
    fixes = (
        (Fix("without", Message(WITHOUT), steps, safe=not any(s.privileged for s in steps)),)
        if steps
        else None
    )
    owner = told(f"{folder}: uid {facts.place(folder).owner}", value.sessions[0], folder)
    return _values.finding(
        facts,
        value,
        "goroot-not-writable-stale-std",
        Message(FOUND, values),
        WHY,
        fixes=fixes,
        more=(owner,),
        weight=42,
    )


def _without(facts: Facts, value: _values.Value) -> tuple[Step, ...]:
    """Return the steps after which GOFLAGS has all its flags but -i, at the place that sets it."""
    rest = " ".join(flag for flag in value.value.split() if flag not in ("-i", "--i"))
    if value.where == "go env file" and value.origin.path:
        return in_go_env_file(facts, value.origin.path, "GOFLAGS", rest)
    step = set_value(facts, "GOFLAGS", value.origin, f'"{rest}"' if " " in rest else rest)
    return (step,) if step is not None else ()


CHECK = Check(
    "goroot-not-writable-stale-std",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND,
        {
            "value": "-i -trimpath",
            "place": "~/.bashrc:12",
            "folder": "/usr/lib/go-1.19/pkg/linux_amd64",
            "account": "student",
        },
    ),
    found=N_(
        "GOFLAGS is read for -i together with flags that change the standard library, where Go is older than 1.20 and your account cannot write into its folder."
    ),
    cured=N_(
        "The fix takes -i out of GOFLAGS and keeps the other flags. Builds do not get slower: the build cache does what -i was for."
    ),
    threads=("golang/go#37962", "cadence-workflow/cadence#3128", "udhos/update-golang#15"),
)
