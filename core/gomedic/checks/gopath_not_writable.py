"""The workspace cannot be written."""

import os
from collections.abc import Iterator

from gomedic.checks import _folders
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.shell_text import home_relative
from gomedic.fixes.variables import in_go_env_file, set_value
from gomedic.model import Finding, Fix, Session, Severity, Step
from gomedic.probes.go_settings import Setting
from gomedic.texts import N_, Message

TITLE = N_("The workspace can be written")
WHY = N_("go puts modules into the pkg folder of GOPATH, and programs that it installs into its bin folder.")
FOUND = N_("GOPATH is {folder}, but {nearest} belongs to uid {owner} and {account} cannot write there.")
SET = N_("Make {better} the workspace")


def _run(facts: Facts) -> Iterator[Finding]:
    for folder, sessions in _folders.by_folder(facts, _first):
        bad = next((p for p in map(facts.place, _used(folder)) if not p.writable), None)
        if bad is None or facts.is_tree(folder):
            continue
        values = {
            "folder": folder,
            "nearest": bad.nearest,
            "owner": str(bad.owner),
            "account": facts.account.name,
        }
        setting = facts.setting(sessions[0], "GOPATH")
        fixes = (*_folders.owner_fix(facts, folder), *_elsewhere(facts, sessions, setting))
        yield _folders.finding(
            facts, "gopath-not-writable", bad, sessions, Message(FOUND, values), WHY, fixes, setting
        )


def _first(facts: Facts, session: Session) -> str:
    entries = facts.gopath(session)
    return entries[0] if entries else ""


def _used(folder: str) -> list[str]:
    return [os.path.join(folder, name) for name in ("bin", "pkg/mod")]


def _elsewhere(facts: Facts, sessions: list[Session], setting: Setting) -> tuple[Fix, ...]:
    better = os.path.join(facts.home, "go")
    if setting.where == "default" or setting.value == better or not facts.can_make(better):
        return ()
    steps: tuple[Step, ...] = ()
    if setting.where == "go env file" and setting.origin.path:
        steps = in_go_env_file(facts, setting.origin.path, "GOPATH", better)
    else:
        step = set_value(facts, "GOPATH", setting.origin, home_relative(better, facts.home))
        steps = (step,) if step and not step.privileged else ()
    return (Fix("workspace", Message(SET, {"better": facts.short(better)}), steps, safe=True),)


CHECK = Check(
    "gopath-not-writable",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        FOUND,
        {"folder": "/home/student/go", "nearest": "/home/student/go", "owner": "0", "account": "student"},
    ),
    found=N_(
        "The folders of GOPATH that go writes to, bin and pkg/mod, are looked at: whether your account may write there, or create what is missing."
    ),
    cured=N_(
        "In your home, the fix gives the folder back to your account, which needs root. Where GOPATH names somebody else's folder, it makes ~/go the workspace."
    ),
    threads=("projectdiscovery/nuclei#3808", "FazleArefin/ubuntu-dev-machine-setup#16"),
)
