"""`gomedic report`: the whole examination to hand on, or several reports put together, on standard output or in a file."""

import argparse
import os
import sys
from collections.abc import Callable

from gomedic import doctor
from gomedic.cli_limits import add_limits
from gomedic.cli_policy import add_policy, by_policy, policy_in, under_policy
from gomedic.console import Console
from gomedic.model import Examination
from gomedic.settings import read_settings
from gomedic.texts import N_, Message
from gomedic.writing import ExistsError, save, would_be_lost

OK, ILL, USAGE, COULD_NOT = 0, 1, 2, 3

SAVED = N_("The report is in {file}.")
ASK = N_("{file} is there already. Write over it? [y/N] ")
EXISTS = N_("{file} is there already; say --yes to write over it.")
NOTHING_MERGED = N_("None of the files is a report of gomedic, so there is nothing to show.")
_FORMS = {
    "text": N_("as text (the default)"),
    "html": N_("as a page of its own"),
    "json": N_("as `check --json`"),
    "jsonl": N_("as JSON Lines, an object a line"),
    "junit": N_("as JUnit XML, for CI"),
    "csv": N_("as a table for a spreadsheet; of --merge"),
}
_MERGED = ("html", "json", "csv")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    report = commands.add_parser("report", help=N_("the whole examination, to hand on"))
    form = report.add_mutually_exclusive_group()
    for name, words in _FORMS.items():
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=words)
    report.add_argument(
        "--merge", metavar="REPORT", nargs="+", help=N_("put these reports (JSON) together: who has what")
    )
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
    add_limits(report)
    add_policy(report)
    report.add_argument("--yes", action="store_true", help=N_("write over a file that is there"))
    report.set_defaults(run=_report, form=None, misused=report.error)


def _report(arguments: argparse.Namespace, console: Console) -> int:
    if arguments.merge:
        return _merge(arguments, console)
    if arguments.form == "csv":
        arguments.misused("--csv needs --merge")
    return _written(arguments, console, lambda: _own(arguments, console))


def _own(arguments: argparse.Namespace, console: Console) -> str:
    from gomedic.reporting.forms import rendered

    host = console.host.with_limits(arguments.limits)
    policy = policy_in(host, read_settings(host), arguments.policy)
    host = under_policy(host, policy)
    work = doctor.examine(host, project=arguments.project, deep=arguments.deep)
    examination: Examination = console.follow(work)
    if policy is not None:
        examination = by_policy(host, examination, policy)
    return rendered(host, examination, console.catalogue, arguments.form or "text", mask=arguments.mask)


def _merge(arguments: argparse.Namespace, console: Console) -> int:
    """Put reports together. What could not be read is told; the exit code is 1 then, 3 where nothing could."""
    from gomedic.reporting.merging import merged
    from gomedic.reporting.overview import overview_as

    form = arguments.form or _form_of(arguments.output)
    if form not in _MERGED:
        arguments.misused("--merge needs --html, --json or --csv, or a FILE named so")
    overview = merged(console.host, arguments.merge, mask=arguments.mask)
    for message in overview.left_out:
        console.say(message, to=sys.stderr)
    if not overview.reports:
        console.say(Message(NOTHING_MERGED), to=sys.stderr)
        return COULD_NOT
    code = _written(arguments, console, lambda: overview_as(overview, console.catalogue, form))
    return code if code != OK or not overview.left_out else ILL


def _form_of(output: str | None) -> str:
    return os.path.splitext(output or "")[1].lstrip(".").lower() or "html"


def _written(arguments: argparse.Namespace, console: Console, make: Callable[[], str]) -> int:
    """Write what `make` returns to where it is wanted; it is made only once it may be written."""
    target = arguments.output and os.path.join(console.host.cwd, arguments.output)
    lost = bool(target) and would_be_lost(target)
    if lost and not arguments.yes and not _agreed(target, console):
        return USAGE
    text = make()
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
    return console.agreed(Message(ASK, {"file": target}))
