"""`gomedic ask`: what was found here that belongs to an error message."""

import argparse
import sys
from typing import TYPE_CHECKING

from gomedic import doctor
from gomedic.console import Console
from gomedic.pages import place_of
from gomedic.preview import shown
from gomedic.report import Json, Line, finding_json, finding_text
from gomedic.texts import N_, Message, in_language

if TYPE_CHECKING:
    from gomedic.asking import Answer, Near

OK, ILL, USAGE = 0, 1, 2

NOTHING_ASKED = N_("There is no message to look for: give it as words, or - to read it from standard input.")
MORE = N_("More: gomedic explain {check}")
_MARKS = {"found": "!", "passed": "✓", "skipped": "·", "failed": "?", "": "·"}
_MOST_READ = 1_000_000  # characters of standard input


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    ask = commands.add_parser("ask", help=N_("what belongs to an error message"))
    ask.add_argument(
        "text", metavar="TEXT", nargs="+", help=N_("the message; - reads it from standard input")
    )
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--project", metavar="FOLDER", help=N_("the Go module to judge by"))
    ask.set_defaults(run=_ask)


def _ask(arguments: argparse.Namespace, console: Console) -> int:
    from gomedic.asking import answer

    text = sys.stdin.read(_MOST_READ) if arguments.text == ["-"] else " ".join(arguments.text)
    if not text.strip():
        console.say(Message(NOTHING_ASKED), to=sys.stderr)
        return USAGE
    examination = console.follow(doctor.examine(console.host, project=arguments.project))
    found = answer(text, examination)
    if console.as_json:
        console.document(answer_json(found, console))
    else:
        console.lines(answer_text(found, console))
    return ILL if found.ill else OK


def answer_json(found: "Answer", console: Console) -> Json:
    """Return the document of `gomedic ask --json` (schema 1)."""
    return {
        "schema": 1,
        "state": found.state,
        "message": in_language(found.said, console.catalogue),
        "findings": [finding_json(finding, console.catalogue) for finding in found.findings],
        "checks": [_near_json(near, console) for near in found.checks],
    }


def _near_json(near: "Near", console: Console) -> Json:
    return {
        "id": near.check.id,
        "title": in_language(Message(near.check.title), console.catalogue),
        "state": near.state or None,
        "message": in_language(near.said, console.catalogue),
        "page": place_of(near.check.id),
    }


def answer_text(found: "Answer", console: Console) -> list[Line]:
    """Return the answer as lines for people."""
    catalogue = console.catalogue
    lines = [(shown(in_language(found.said, catalogue)), "bold"), ("", "")]
    for finding in found.findings:
        lines += finding_text(finding, catalogue)
    for near in found.checks:
        title = in_language(Message(near.check.title), catalogue)
        more = in_language(Message(MORE, {"check": near.check.id}), catalogue)
        lines += [
            (f"  {_MARKS[near.state]} {title}", ""),
            (f"      {shown(in_language(near.said, catalogue))}", "dim"),
            (f"      {more}", "dim"),
        ]
    return lines
