"""`gomedic report`: the whole examination to hand on, on standard output or in a file."""

import argparse
import os
import sys

from gomedic import doctor
from gomedic.console import Console
from gomedic.model import Examination
from gomedic.texts import N_, Message, in_language
from gomedic.writing import ExistsError, save, would_be_lost

OK, USAGE, COULD_NOT = 0, 2, 3

SAVED = N_("The report is in {file}.")
ASK = N_("{file} is there already. Write over it? [y/N] ")
EXISTS = N_("{file} is there already; say --yes to write over it.")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    report = commands.add_parser("report", help=N_("the whole examination, to hand on"))
    form = report.add_mutually_exclusive_group()
    form.add_argument(
        "--text", dest="form", action="store_const", const="text", help=N_("as text (the default)")
    )
    form.add_argument(
        "--html", dest="form", action="store_const", const="html", help=N_("as a page of its own")
    )
    form.add_argument("--json", dest="form", action="store_const", const="json", help=N_("as `check --json`"))
    report.add_argument(
        "-o", "--output", metavar="FILE", help=N_("write it there instead of to standard output")
    )
    report.add_argument(
        "--mask", action="store_true", help=N_("hide names, home folders and addresses of mail")
    )
    report.add_argument(
        "--deep", action="store_true", help=N_("also build a one-file program in each session")
    )
    report.add_argument("--project", metavar="FOLDER", help=N_("the Go module to judge by"))
    report.add_argument("--yes", action="store_true", help=N_("write over a file that is there"))
    report.set_defaults(run=_report, form="text")


def _report(arguments: argparse.Namespace, console: Console) -> int:
    from gomedic.reporting.forms import rendered

    target = arguments.output and os.path.join(console.host.cwd, arguments.output)
    lost = bool(target) and would_be_lost(target)
    if lost and not arguments.yes and not _agreed(target, console):
        return USAGE
    work = doctor.examine(console.host, project=arguments.project, deep=arguments.deep)
    examination: Examination = console.follow(work)
    text = rendered(console.host, examination, console.catalogue, arguments.form, mask=arguments.mask)
    if not target:
        console.write(text)
        return OK
    try:
        save(
            target,
            text.encode("utf-8", "backslashreplace"),
            overwrite=arguments.yes or os.path.lexists(target),
        )
    except ExistsError as error:
        console.say(error.message, to=sys.stderr)
        return USAGE
    console.say(Message(SAVED, {"file": target}), to=sys.stderr)
    return OK


def _agreed(target: str, console: Console) -> bool:
    """Ask whether a file may be written over; without a terminal to ask on, it may not."""
    if not sys.stdin.isatty():
        console.say(Message(EXISTS, {"file": target}), to=sys.stderr)
        return False
    sys.stderr.write(in_language(Message(ASK, {"file": target}), console.catalogue))
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")
