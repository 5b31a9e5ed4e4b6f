"""`gomedic fix`: puts findings right as shown beforehand."""

import argparse
import sys
from collections.abc import Sequence

from gomedic import doctor, report
from gomedic.cli_limits import add_limits
from gomedic.cli_plan import planned, planned_together, show_plan, tell_failures, wanted_of
from gomedic.console import Console
from gomedic.diagnosis import LAST_RESORT
from gomedic.model import Examination
from gomedic.texts import N_, Message
from gomedic.together import Chosen, Course, LeftOut, Part, treat_all

OK, USAGE, COULD_NOT = 0, 2, 3

ASK = N_("Do this? [y/N] ")
DONE = N_("Done. `gomedic undo` takes it back.")
SEVERAL_DONE = N_(
    "Done: {count} fixes. `gomedic undo` takes back the newest, `gomedic undo --all` every fix there was."
)
OPEN_NEW = N_("Open a new terminal to see the change.")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
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
    refusal = None if arguments.yes else console.refusal(Message(ASK))
    if refusal is not None:
        return refusal
    chosen = [(part.finding, part.trial.fix) for part in plan if part.trial]
    return _treat_all(examination, chosen, console, may_ask=not arguments.yes)


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
        console.say(Message(SEVERAL_DONE, {"count": len(applied)}) if len(applied) > 1 else Message(DONE))
        console.say(Message(OPEN_NEW))
        for said in _known_since(treatment, before):
            console.say(said)
    return OK


def _known_since(treatment: doctor.Treatment, before: list[str]) -> list[Message]:
    """Return what trying Go after the fix has shown, a failure that the fix is not to blame for included."""
    new = [f for f in treatment.examination.findings if f.check == LAST_RESORT and f.id not in before]
    return [*treatment.examination.notes, *(finding.message for finding in new)]
