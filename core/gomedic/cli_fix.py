"""`gomedic fix`, `undo` and `history`: what changes the machine, and takes it back."""

import argparse
import sys
from collections.abc import Sequence

from gomedic import doctor, report
from gomedic.cli_limits import add_limits
from gomedic.cli_plan import planned, planned_together, show_plan, tell_failures, wanted_of
from gomedic.console import Console
from gomedic.diagnosis import LAST_RESORT
from gomedic.model import Examination
from gomedic.preview import shown
from gomedic.problems import RepairError
from gomedic.texts import N_, Message, in_language
from gomedic.together import Chosen, Course, LeftOut, Part, treat_all

OK, USAGE, COULD_NOT, NOT_RESTORED = 0, 2, 3, 4

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
    history = commands.add_parser("history", help=N_("what was done, newest first"))
    history.add_argument("--json", action="store_true")
    history.set_defaults(run=_history)


def _add_fix(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    fix = commands.add_parser("fix", help=N_("put findings right"))
    fix.add_argument("findings", metavar="FINDING[#FIX]", nargs="*")
    fix.add_argument("--all", action="store_true", help=N_("the best fix of every finding, if it is safe"))
    fix.add_argument("--dry-run", action="store_true", help=N_("show the plan and do nothing"))
    fix.add_argument("--yes", action="store_true", help=N_("do not ask"))
    fix.add_argument("--json", action="store_true")
    fix.add_argument("--project", metavar="FOLDER")
    fix.add_argument(
        "--offline", action="store_true", help=N_("use no network: only what is on this machine")
    )
    add_limits(fix)
    fix.set_defaults(run=_fix)


def _add_undo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    undo = commands.add_parser("undo", help=N_("take back the newest fix"))
    undo.add_argument("receipt", metavar="RECEIPT", nargs="?")
    undo.add_argument("--yes", action="store_true", help=N_("do not ask"))
    undo.add_argument("--json", action="store_true")
    undo.set_defaults(run=_undo)


# ------------------------------------------------------------------ fix


def _fix(arguments: argparse.Namespace, console: Console) -> int:
    console.host = console.host.with_limits(arguments.limits)
    examination: Examination = console.follow(doctor.examine(console.host, project=arguments.project))
    wanted = wanted_of(examination, arguments.findings, every=arguments.all)
    if isinstance(wanted, Message):
        console.say(wanted, to=sys.stderr)
        return COULD_NOT if arguments.findings else OK
    left_out: tuple[LeftOut, ...] = ()
    if arguments.all:
        plan, left_out = planned_together(examination, console)
    else:
        plan = planned(examination, wanted, console, safe_only=False)
    if not console.as_json or arguments.dry_run:
        show_plan(plan, console, left_out)
    tell_failures(plan, console)
    if not any(part.trial for part in plan):
        return COULD_NOT if plan else OK
    return OK if arguments.dry_run else _after_plan(arguments, examination, plan, console)


def _after_plan(
    arguments: argparse.Namespace, examination: Examination, plan: Sequence[Part], console: Console
) -> int:
    if not arguments.yes and not sys.stdin.isatty():
        console.say(Message(UNASKED), to=sys.stderr)
        return USAGE
    if not arguments.yes and not _agreed(ASK, console):
        console.say(Message(NOT_DONE))
        return OK
    chosen = [(part.finding, part.trial.fix) for part in plan if part.trial]
    return _treat_all(examination, chosen, console, may_ask=not arguments.yes)


def _agreed(question: str, console: Console) -> bool:
    sys.stdout.write(in_language(Message(question), console.catalogue))
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "j", "o")


def _treat_all(examination: Examination, chosen: Sequence[Chosen], console: Console, *, may_ask: bool) -> int:
    """Treat one finding after the other, each on the machine as the one before left it."""
    before = [finding.id for finding in examination.findings]
    course: Course = console.follow(treat_all(console.host, examination, chosen, may_ask=may_ask))
    applied: list[report.Json] = [
        {"finding": cure.finding.id, "fix": cure.fix.id, "receipt": cure.receipt.id} for cure in course.cures
    ]
    if course.treatment is None:
        raise KeyboardInterrupt  # which came before anything was done
    return _told(course.treatment, before, applied, console)


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
        for said in _known_since(treatment, before):
            console.say(said)
    return OK


def _known_since(treatment: doctor.Treatment, before: list[str]) -> list[Message]:
    """Return what trying Go after the fix has shown, a failure that the fix is not to blame for included."""
    new = [f for f in treatment.examination.findings if f.check == LAST_RESORT and f.id not in before]
    return [*treatment.examination.notes, *(finding.message for finding in new)]


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
        console.lines(report.history_text(receipts, console.catalogue))
    return OK
