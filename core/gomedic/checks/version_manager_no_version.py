"""A version manager's `go` is found, and no installed version is chosen."""

from collections.abc import Iterator

from gomedic.checks._words import TERMINAL, kinds, told, where
from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.fixes.lines import append, replace_matching
from gomedic.model import Finding, Fix, Session, Severity
from gomedic.probes.managers import Manager
from gomedic.texts import N_, Message, Values
from gomedic.versions import version_key

TITLE = N_("The version manager has a version chosen")
WHY = N_("Its `go` only looks up which version applies here, and gives up where none does.")
NONE = N_(
    "In {where}, `go` is {shim} of {manager}, but no version is chosen; installed in {root}: {installed}."
)
GONE = N_("{chosen_in} chooses Go {chosen}, which {manager} in {root} has not installed; it has {installed}.")
EMPTY = N_("In {where}, `go` is {shim} of {manager}, which has no Go installed in {root}.")
CHOOSE = N_("Choose Go {version} for this account")


def _run(facts: Facts) -> Iterator[Finding]:
    hit: dict[str, list[Session]] = {}
    managers: dict[str, Manager] = {}
    for session in facts.judged_sessions:
        manager = facts.manager(session)
        if manager is not None and manager.chosen not in manager.installed:
            hit.setdefault(manager.shim, []).append(session)
            managers[manager.shim] = manager
    for shim, sessions in hit.items():
        yield _finding(facts, managers[shim], sessions)


def _finding(facts: Facts, manager: Manager, sessions: list[Session]) -> Finding:
    text = EMPTY if not manager.installed else GONE if manager.chosen else NONE
    values: Values = {
        "where": where(sessions), "shim": manager.shim, "manager": manager.name, "root": manager.root,
        "installed": ", ".join(manager.installed), "chosen": manager.chosen or "", "chosen_in": manager.chosen_in or "",
    }  # fmt: skip
    return Finding(
        check="version-manager-no-version",
        subject=manager.root,
        severity=Severity.ERROR,
        message=Message(text, values),
        why=Message(WHY),
        evidence=(
            told(manager.shim, sessions[0], manager.shim),
            told(f"installed: {values['installed']}", file=manager.root),
        ),
        fixes=_fixes(facts, manager),
        sessions=kinds(sessions),
        weight=60,
    )


def _fixes(facts: Facts, manager: Manager) -> tuple[Fix, ...]:
    if not manager.installed or (manager.chosen_in not in (None, manager.choice_file)):
        return ()
    newest = max(manager.installed, key=version_key)
    line = manager.choice_line.format(version=newest)
    start = manager.choice_line.partition("{")[0]
    step = replace_matching(facts, manager.choice_file, start, line) if manager.chosen else None
    step = step or append(facts, manager.choice_file, [line])
    return (Fix("choose", Message(CHOOSE, {"version": newest}), (step,), safe=True),)


CHECK = Check(
    "version-manager-no-version",
    TITLE,
    WHY,
    _run,
    severities=(Severity.ERROR,),
    example=Message(
        NONE,
        {
            "where": TERMINAL,
            "shim": "/home/student/.asdf/shims/go",
            "manager": "asdf",
            "root": "/home/student/.asdf/installs/golang",
            "installed": "1.22.10",
        },
    ),
    found=N_(
        "Where the first `go` on PATH is that of asdf or goenv, the version that its files choose (.tool-versions, .go-version) is compared with those that it has installed."
    ),
    cured=N_(
        "The fix chooses the newest installed version for your account, in the manager's own file. Where a project's file names a version that is missing, install that one: `asdf install golang 1.22.10`."
    ),
    threads=("asdf-community/asdf-golang#132", "ubicloud/ubicloud#2913", "asdf-community/asdf-golang#51"),
)
