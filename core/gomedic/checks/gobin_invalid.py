"""GOBIN names a place where nothing can be installed."""

import os
from collections.abc import Iterator

from msgspec.structs import replace

from gomedic.checks import _values
from gomedic.checks._expanded import lost_its_gopath
from gomedic.checks._words import kinds, told
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.path import put_on_path
from gomedic.model import Finding, Severity, Step
from gomedic.texts import N_, Message, Values

TITLE = N_("go install can write its programs")
WHY = N_("`go install` puts programs into GOBIN; unset, it takes the bin folder of GOPATH.")
RELATIVE = N_("GOBIN is set to {value} in {place}, which is no absolute path, so `go install` refuses.")
FILE = N_("GOBIN is set to {value} in {place}, which is a file, so `go install` fails.")
CLOSED = N_("GOBIN is set to {value} in {place}, where {account} cannot write, so `go install` fails.")


def _run(facts: Facts) -> Iterator[Finding]:
    for value in _values.values(facts, "GOBIN"):
        text = _fault(facts, value.value)
        if text is not None:
            values: Values = {
                "value": value.value,
                "place": _values.place(facts, value.origin),
                "account": facts.account.name,
            }
            fixes = _values.drop_fixes(facts, value, more=_default_on_path(facts, value))
            seen = (told(f"GOBIN={value.value}", value.sessions[0], value.value),)
            found = _values.finding(
                facts, value, "gobin-invalid", Message(text, values), WHY, fixes=fixes, more=seen, weight=45
            )
            early = lost_its_gopath(facts, value.value, value.origin)
            yield replace(found, because_of=f"rc-expanded-at-write@{found.subject}") if early else found


def _fault(facts: Facts, folder: str) -> str | None:
    if not folder.startswith("/"):
        return RELATIVE
    if facts.is_file(folder):
        return FILE
    return None if facts.can_make(folder) else CLOSED


def _default_on_path(facts: Facts, value: _values.Value) -> tuple[Step, ...]:
    """Programs will go to GOPATH's bin folder then: it should be on PATH."""
    gopath = facts.gopath(value.sessions[0])
    folder = os.path.join(gopath[0], "bin") if gopath and gopath[0].startswith("/") else ""
    lacking = [s for s in value.sessions if folder and folder not in {entry.entry for entry in s.path}]
    return put_on_path(facts, folder, kinds(lacking), first=False) if lacking else ()


CHECK = Check(
    "gobin-invalid",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(CLOSED, {"value": "/somewhere/else/bin", "place": "~/.bashrc:12", "account": "student"}),
    found=N_(
        "The value of GOBIN is looked at: whether it is an absolute path, whether it is a folder, and whether your account may write there or create it."
    ),
    cured=N_(
        "The fix stops setting GOBIN and puts the bin folder of GOPATH on PATH, because programs go there then."
    ),
    threads=("golang/go#39350", "golang/go#12907", "status-im/status-go#714"),
)
