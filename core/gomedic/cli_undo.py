"""`gomedic undo` and `history`: what was done, and how it is taken back."""

import argparse
import sys
from collections.abc import Sequence

from gomedic import doctor, report
from gomedic.console import Console
from gomedic.preview import shown
from gomedic.problems import Left, RepairError
from gomedic.taking_back import Prospect, Return, prospects, take_back_all
from gomedic.texts import N_, Message

OK, USAGE, COULD_NOT, NOT_RESTORED = 0, 2, 3, 4

ASK = N_("Take it back? [y/N] ")
ASK_ALL = N_("Take all of this back? [y/N] ")
WOULD = N_("Would be taken back: {title}.")
STAYS = N_("Stays as it is: {title}. {why}")
RESTORED = N_("Taken back: {title}.")
ALL_OR_ONE = N_("Name one fix to take back, or say --all, but not both.")
NO_HISTORY = N_("gomedic has changed nothing so far.")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    undo = commands.add_parser("undo", help=N_("take back the newest fix"))
    undo.add_argument("receipt", metavar="RECEIPT", nargs="?")
    undo.add_argument("--all", action="store_true", help=N_("every fix, the newest first"))
    undo.add_argument("--yes", action="store_true", help=N_("do not ask"))
    undo.add_argument("--json", action="store_true")
    undo.set_defaults(run=_undo)
    history = commands.add_parser("history", help=N_("what was done, newest first"))
    history.add_argument("--json", action="store_true")
    history.set_defaults(run=_history)


# ------------------------------------------------------------------ one


def _undo(arguments: argparse.Namespace, console: Console) -> int:
    if arguments.all:
        return _undo_all(arguments, console)
    refusal = None if arguments.yes else console.refusal(Message(ASK))
    if refusal is not None:
        return refusal
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
        console.document(_document(restored.receipt, restored.restored))
    else:
        console.say(Message(RESTORED, {"title": titles[restored.receipt]}))
    return OK


def _not_restored(error: RepairError, console: Console) -> int:
    """Name every file that could not be given back, and where its saved content lies."""
    if console.as_json:
        console.document(_document(None, (), error.left))
    console.say(error.message, to=sys.stderr)
    _name(error.left)
    return NOT_RESTORED


def _name(left: Sequence[Left]) -> None:
    for each in left:
        print(f"    {shown(each.path)}: {each.saved or '-'}", file=sys.stderr)


def _document(receipt: str | None, restored: Sequence[str], left: Sequence[Left] = ()) -> report.Json:
    conflicts = [{"path": each.path, "saved": each.saved} for each in left]
    return {"schema": 1, "receipt": receipt, "restored": list(restored), "conflicts": conflicts}


# ------------------------------------------------------------------ all


def _undo_all(arguments: argparse.Namespace, console: Console) -> int:
    if arguments.receipt is not None:
        console.say(Message(ALL_OR_ONE), to=sys.stderr)
        return USAGE
    receipts = doctor.history(console.host)
    expected = prospects(console.host, receipts)
    if not expected:
        console.say(Message(doctor.NOTHING_TO_TAKE_BACK), to=sys.stderr)
        return COULD_NOT
    if not arguments.yes:
        for prospect in expected:
            console.say(_foreseen(prospect))
        refusal = console.refusal(Message(ASK_ALL))
        if refusal is not None:
            return refusal
    course: Return = console.follow(take_back_all(console.host, receipts, may_ask=not arguments.yes))
    return _told(course, console)


def _foreseen(prospect: Prospect) -> Message:
    title = prospect.receipt.title
    if prospect.why_not is None:
        return Message(WOULD, {"title": title})
    return Message(STAYS, {"title": title, "why": prospect.why_not})


def _told(course: Return, console: Console) -> int:
    """Say what was taken back and what stays, and return the exit code: 4 where a file has changed since."""
    left = [each for kept in course.kept for each in kept.left]
    if console.as_json:
        newest = course.restored[0].id if course.restored else None
        receipts = [receipt.id for receipt in course.restored]
        console.document(_document(newest, course.paths, left) | {"receipts": receipts})
    else:
        for receipt in course.restored:
            console.say(Message(RESTORED, {"title": receipt.title}))
    for kept in course.kept:
        console.say(Message(STAYS, {"title": kept.receipt.title, "why": kept.why}), to=sys.stderr)
        _name(kept.left)
    if left:
        return NOT_RESTORED
    return OK if course.over and not course.kept else COULD_NOT


# ------------------------------------------------------------------ what was done


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
