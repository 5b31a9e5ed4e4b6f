"""`gomedic fix`, `undo` and `history`: what changes the machine, and takes it back."""

import argparse
import sys

from gomedic import doctor, report
from gomedic.console import Console
from gomedic.model import Examination, Finding, Fix, Severity
from gomedic.preview import preview, shown
from gomedic.problems import RepairError
from gomedic.proof import Proof
from gomedic.texts import N_, Message, in_language

OK, USAGE, COULD_NOT, NOT_RESTORED = 0, 2, 3, 4

NO_FINDING = N_("There is no finding {id} now; `gomedic check` lists what there is.")
NO_FIX = N_("There is no fix {fix} for {id}.")
NOT_CURABLE = N_("gomedic knows no fix for {id}.")
NOTHING_TO_FIX = N_("There is nothing to fix.")
UNASKED = N_("Without a terminal to ask on, say --yes to go ahead.")
ASK = N_("Do this? [y/N] ")
ASK_UNDO = N_("Take it back? [y/N] ")
NOT_DONE = N_("Nothing was changed.")
DONE = N_("Done. `gomedic undo` takes it back.")
OPEN_NEW = N_("Open a new terminal to see the change.")
RESTORED = N_("Taken back: {title}.")
NO_HISTORY = N_("gomedic has changed nothing so far.")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    _add_fix(commands)
    _add_undo(commands)
    history = commands.add_parser("history", help="what was done, newest first")
    history.add_argument("--json", action="store_true")
    history.set_defaults(run=_history)


def _add_fix(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    fix = commands.add_parser("fix", help="put findings right")
    fix.add_argument("findings", metavar="FINDING[#FIX]", nargs="*")
    fix.add_argument("--all", action="store_true", help="the first fix of every finding that is safe")
    fix.add_argument("--dry-run", action="store_true", help="show the plan and do nothing")
    fix.add_argument("--yes", action="store_true", help="do not ask")
    fix.add_argument("--json", action="store_true")
    fix.add_argument("--project", metavar="FOLDER")
    fix.set_defaults(run=_fix)


def _add_undo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    undo = commands.add_parser("undo", help="take back the newest fix")
    undo.add_argument("receipt", metavar="RECEIPT", nargs="?")
    undo.add_argument("--yes", action="store_true", help="do not ask")
    undo.add_argument("--json", action="store_true")
    undo.set_defaults(run=_undo)


# ------------------------------------------------------------------ fix


def _fix(arguments: argparse.Namespace, console: Console) -> int:
    examination: Examination = console.follow(doctor.examine(console.host, project=arguments.project))
    chosen = _chosen(arguments, examination, console)
    if isinstance(chosen, Message):
        console.say(chosen, to=sys.stderr)
        return COULD_NOT if arguments.findings else OK
    if not console.as_json or arguments.dry_run:
        _show_plan(examination, chosen, console)
    if arguments.dry_run:
        return OK
    if not arguments.yes and not sys.stdin.isatty():
        console.say(Message(UNASKED), to=sys.stderr)
        return USAGE
    if not arguments.yes and not _agreed(ASK, console):
        console.say(Message(NOT_DONE))
        return OK
    return _treat_all(examination, chosen, console, may_ask=not arguments.yes)


def _chosen(
    arguments: argparse.Namespace, examination: Examination, console: Console
) -> "list[tuple[Finding, Fix]] | Message":
    """Return what is to be done, or why nothing can be."""
    if arguments.all or not arguments.findings:
        every = [
            f
            for f in examination.findings
            if f.fixes and f.severity is not Severity.HINT and not f.because_of
        ]
        wanted = [f for f in every if f.fixes[0].safe] if arguments.all else every[:1]
        return [(finding, finding.fixes[0]) for finding in wanted] or Message(NOTHING_TO_FIX)
    found = []
    for name in arguments.findings:
        pair = _named(examination, name)
        if isinstance(pair, Message):
            return pair
        found.append(pair)
    return found


def _named(examination: Examination, name: str) -> "tuple[Finding, Fix] | Message":
    identity, _hash, wanted = name.partition("#")
    finding = next((f for f in examination.findings if f.id == identity), None)
    if finding is None:
        alone = [f for f in examination.findings if f.check == identity]
        finding = alone[0] if len(alone) == 1 else None
    if finding is None:
        return Message(NO_FINDING, {"id": identity})
    fix = (
        next((f for f in finding.fixes if f.id == wanted), None)
        if wanted
        else next(iter(finding.fixes), None)
    )
    if fix is None:
        return (
            Message(NO_FIX, {"fix": wanted, "id": identity})
            if wanted
            else Message(NOT_CURABLE, {"id": identity})
        )
    return finding, fix


def _show_plan(examination: Examination, chosen: "list[tuple[Finding, Fix]]", console: Console) -> None:
    plan = [(finding, fix, _proof(examination, finding, fix, console)) for finding, fix in chosen]
    if console.as_json:
        rows = [
            {
                "finding": finding.id,
                **report.fix_json(fix, console.catalogue),
                "proof": report.proof_json(proof),
            }
            for finding, fix, proof in plan
        ]
        console.document({"schema": 1, "plan": rows})
        return
    for finding, fix, proof in plan:
        console.lines(
            [*_plan_text(finding, fix, console), *report.proof_text(proof, console.catalogue), ("", "")]
        )


def _proof(examination: Examination, finding: Finding, fix: Fix, console: Console) -> Proof | None:
    return console.follow(doctor.prove(console.host, examination, finding, fix))


def _plan_text(finding: Finding, fix: Fix, console: Console) -> list[report.Line]:
    lines: list[report.Line] = [(in_language(finding.message, console.catalogue), "bold")]
    lines.append(("→ " + in_language(fix.title, console.catalogue), "green"))
    if fix.note is not None:
        lines.append(("  " + in_language(fix.note, console.catalogue), ""))
    for step in preview(fix.steps):
        root = f"  ({in_language(Message(report.NEEDS_ROOT), console.catalogue)})" if step.privileged else ""
        lines.append((f"  {in_language(step.words, console.catalogue)}{root}", ""))
        lines += [(f"    {line}", _diff_style(line)) for line in (step.diff or "").splitlines()]
    return lines


def _diff_style(line: str) -> str:
    return "green" if line.startswith("+") else "red" if line.startswith("-") else "dim"


def _agreed(question: str, console: Console) -> bool:
    sys.stdout.write(in_language(Message(question), console.catalogue))
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "j", "o")


def _treat_all(
    examination: Examination, chosen: "list[tuple[Finding, Fix]]", console: Console, *, may_ask: bool
) -> int:
    """Treat one finding after the other, each on the machine as the one before left it."""
    before = [finding.id for finding in examination.findings]
    applied: list[report.Json] = []
    treatment: doctor.Treatment | None = None
    for finding, _fix in chosen:
        current = treatment.examination if treatment is not None else examination
        pair = _named(current, f"{finding.id}#{_fix.id}")
        if isinstance(pair, Message):
            continue  # an earlier fix cured it too
        treatment = console.follow(doctor.treat(console.host, current, *pair, may_ask=may_ask))
        if treatment.taken_back:
            break
        applied.append(
            {"finding": finding.id, "fix": _fix.id, "receipt": treatment.receipt and treatment.receipt.id}
        )
    assert treatment is not None  # noqa: S101 - the first chosen finding is there
    return _told(treatment, before, applied, console)


def _told(
    treatment: doctor.Treatment, before: list[str], applied: list[report.Json], console: Console
) -> int:
    if console.as_json:
        receipt = treatment.receipt.id if treatment.receipt is not None and not treatment.taken_back else None
        console.document(
            {
                "schema": 1,
                "receipt": receipt,
                "applied": applied,
                "before": before,
                "after": list(treatment.after),
            }
            | {"taken_back": treatment.taken_back}
        )
    if treatment.reason is not None:
        console.say(treatment.reason, to=sys.stderr)
        return COULD_NOT
    if not console.as_json:
        console.lines([*report.session_table(treatment.examination.sessions, console.catalogue), ("", "")])
        console.say(Message(DONE))
        console.say(Message(OPEN_NEW))
    return OK


# ------------------------------------------------------------------ undo, history


def _undo(arguments: argparse.Namespace, console: Console) -> int:
    if not arguments.yes and not sys.stdin.isatty():
        console.say(Message(UNASKED), to=sys.stderr)
        return USAGE
    if not arguments.yes and not _agreed(ASK_UNDO, console):
        console.say(Message(NOT_DONE))
        return OK
    titles = {receipt.id: receipt.title for receipt in doctor.history(console.host)}
    try:
        restored = console.follow(
            doctor.take_back(console.host, arguments.receipt, may_ask=not arguments.yes)
        )
    except RepairError as error:
        if not error.left:
            raise
        return _not_restored(error, console)
    if console.as_json:
        paths = list(restored.restored)
        console.document({"schema": 1, "receipt": restored.receipt, "restored": paths, "conflicts": []})
    else:
        console.say(Message(RESTORED, {"title": titles[restored.receipt]}))
    return OK


def _not_restored(error: RepairError, console: Console) -> int:
    """Name every file that could not be given back, and where its saved content lies."""
    if console.as_json:
        conflicts = [{"path": left.path, "saved": left.saved} for left in error.left]
        console.document({"schema": 1, "receipt": None, "restored": [], "conflicts": conflicts})
    console.say(error.message, to=sys.stderr)
    for left in error.left:
        print(f"    {shown(left.path)}: {left.saved or '-'}", file=sys.stderr)
    return NOT_RESTORED


def _history(_arguments: argparse.Namespace, console: Console) -> int:
    receipts = doctor.history(console.host)
    if console.as_json:
        console.document(
            {"schema": 1, "receipts": [report.receipt_json(r, console.catalogue) for r in receipts]}
        )
    elif not receipts:
        console.say(Message(NO_HISTORY))
    else:
        rows = [f"{r.id}  {r.state:<10}  {in_language(r.title, console.catalogue)}" for r in receipts]
        console.lines([(row, "") for row in rows])
    return OK
