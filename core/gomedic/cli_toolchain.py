"""`gomedic toolchain`: available, list, install, use, remove, verify."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from gomedic import doctor
from gomedic.cli_available import run_available
from gomedic.console import Console
from gomedic.model import Move
from gomedic.texts import N_, Message, in_language

if TYPE_CHECKING:
    from gomedic.toolchain.command import Installed
    from gomedic.toolchain.compatibility import Row

Run = Callable[[argparse.Namespace, Console], int]
OK, USAGE, COULD_NOT = 0, 2, 3
NONE_YET = N_("No toolchain is installed for this account yet.")
FOR_ALL = N_("For all accounts of this machine:")
INSTALLED = N_("Go {version} is installed in {path} and comes first in new sessions.")
PLACED = N_("Go {version} is installed in {path} for all accounts.")
USED = N_("New sessions use Go {version}.")
REMOVED = N_("Go {version} is removed. `gomedic undo` takes it back.")
PURGED = N_("Go {version} is deleted for good.")
STILL_OLD = N_("{process} (process {pid}) still runs {go}; start it again, or open a new terminal.")
NO_GO = N_("no go")
IS_GOOD = N_("{target} is good.")
REFUSED = N_("{target} is refused: {reason}")
MARKS = {"ok": "✓", "not": "✗", "not tried": "-"}
NO_VERSION = N_(
    "Say which version to install, for example 1.22 or latest; no .go-version, .gimme or go.mod here asks for one."
)
ASKED_FOR = N_("{file} asks for Go {version}.")
UNSIGNED = N_("not signature-checked")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its own commands to the parser."""
    toolchain = commands.add_parser("toolchain", help=N_("Go releases: install, use, verify"))
    words = toolchain.add_subparsers(metavar="COMMAND", required=True)
    reading: list[tuple[str, str, Run]] = [
        ("available", N_("what could be installed"), run_available),
        ("list", N_("what is installed"), _list),
    ]
    for name, text, run in reading:
        word = words.add_parser(name, help=text)
        word.add_argument("--json", action="store_true")
        word.set_defaults(run=run)
    install = words.add_parser("install", help=N_("download, verify and install a release"))
    install.add_argument(
        "version",
        metavar="VERSION",
        nargs="?",
        help=N_("default: what .go-version, .gimme or go.mod here ask for"),
    )
    install.add_argument("--from", dest="source", metavar="URL|FOLDER|BUNDLE")
    install.add_argument(
        "--to", metavar="account|/usr/local/go|/opt", help=N_("for whom: the last two for all accounts")
    )
    install.add_argument(
        "--without-signature",
        action="store_true",
        help=N_("take Google's SHA-256 alone where the signature cannot be checked; every view then says so"),
    )
    install.add_argument("--root", metavar="FOLDER", help=N_("into the file system of an image"))
    install.set_defaults(run=_install)
    changing: list[tuple[str, str, Run]] = [
        ("use", N_("make an installed release the account's Go"), _use),
        ("remove", N_("take a release away"), _remove),
    ]
    for name, text, run in changing:
        word = words.add_parser(name, help=text)
        word.add_argument("version", metavar="VERSION")
        word.set_defaults(run=run)
    words.choices["remove"].add_argument(
        "--purge", action="store_true", help=N_("delete it for good: it cannot be taken back")
    )
    words.choices["use"].add_argument("--to", metavar="account|/opt", help=N_("/opt: for all accounts"))
    verify = words.add_parser("verify", help=N_("judge an archive, a folder or an installed release"))
    verify.add_argument("target", metavar="FILE|FOLDER|VERSION")
    verify.add_argument(
        "--archive", metavar="FILE", help=N_("the release's archive, to compare a folder with")
    )
    verify.set_defaults(run=_verify)
    words.choices["available"].add_argument("--all", action="store_true", help=N_("every release there was"))
    for parser in (toolchain, *words.choices.values()):
        add_offline(parser)
    for word in words.choices.values():
        if "--json" not in word._option_string_actions:
            word.add_argument("--json", action="store_true")
            word.add_argument("--yes", action="store_true", help=N_("do not ask"))


def add_offline(parser: argparse.ArgumentParser) -> None:
    """Add `--offline`, which counts before and after the name of the command."""
    text = N_("use no network: only what is on this machine")
    parser.add_argument("--offline", action="store_true", default=argparse.SUPPRESS, help=text)


def _list(_arguments: argparse.Namespace, console: Console) -> int:
    from gomedic.toolchain.command import installed, shared

    found, others = installed(console.host), shared()
    if console.as_json:
        rows = {"toolchains": [_row(i) for i in found], "shared": [_row(i) for i in others]}
        console.document({"schema": 1, **rows})
        return OK
    if not found:
        console.say(Message(NONE_YET))
    console.lines([(_line(i, console), "") for i in found])
    if others:
        console.say(Message(FOR_ALL))
        console.lines([(_line(i, console), "") for i in others])
    return OK


def _row(found: "Installed") -> dict[str, str | bool]:
    return {
        "version": found.version,
        "path": found.path,
        "whole": found.whole,
        "signature_checked": found.signature_checked,
    }


def _line(found: "Installed", console: Console) -> str:
    unsigned = "" if found.signature_checked else in_language(Message(UNSIGNED), console.catalogue)
    return f"{found.version:<16} {found.path}  {unsigned}".rstrip()


def _install(arguments: argparse.Namespace, console: Console) -> int:
    version = arguments.version or _wanted_here(console)
    if version is None:
        console.say(Message(NO_VERSION), to=sys.stderr)
        return USAGE
    to, image = arguments.to, arguments.root
    work = doctor.install_toolchain(
        console.host,
        version,
        arguments.source,
        may_ask=not arguments.yes,
        to=to,
        image=image,
        without_signature=arguments.without_signature,
    )
    text = INSTALLED if image is None and to in (None, "account") else PLACED
    return _told(console.follow(work), text, version, console)


def _wanted_here(console: Console) -> str | None:
    """Return the version that the current folder asks for, and say so; None where it asks for none."""
    from gomedic.toolchain.wanted import wanted_version

    found = wanted_version(console.host)
    if found is None:
        return None
    word, file = found
    console.say(Message(ASKED_FOR, {"version": word, "file": file}), to=sys.stderr)
    return word


def _use(arguments: argparse.Namespace, console: Console) -> int:
    may_ask = not arguments.yes
    work = doctor.use_toolchain(console.host, arguments.version, to=arguments.to, may_ask=may_ask)
    return _told(console.follow(work), USED, arguments.version, console)


def _remove(arguments: argparse.Namespace, console: Console) -> int:
    work = doctor.remove_toolchain(console.host, arguments.version, purge=arguments.purge)
    text = PURGED if arguments.purge else REMOVED
    return _told(console.follow(work), text, arguments.version, console)


def _told(treatment: doctor.Treatment, text: str, version: str, console: Console) -> int:
    if treatment.reason is not None:
        console.say(treatment.reason)
        return COULD_NOT
    from gomedic.toolchain.staging import STAGING

    steps = treatment.receipt.steps if treatment.receipt else ()
    moves = [step for step in steps if isinstance(step, Move)]
    placed = [step.target for step in moves if os.path.basename(step.source).startswith(STAGING)]
    path = next(iter([*placed, *(step.target for step in moves)]), "")
    left = list(_left_behind(treatment))
    if console.as_json:
        receipt = treatment.receipt.id if treatment.receipt else None
        console.document(
            {
                "schema": 1,
                "receipt": receipt,
                "version": version,
                "path": path,
                "after": list(treatment.after),
                "running": left,
                "notes": [in_language(note, console.catalogue) for note in treatment.notes],
                "compatibility": _rows(treatment.table, console),
            }
        )
    else:
        console.say(Message(text, {"version": version.removeprefix("go"), "path": path}))
        for note in treatment.notes:
            console.say(note)
        for row in left:
            values = {"process": row["process"], "pid": row["pid"], "go": row["go"] or Message(NO_GO)}
            console.say(Message(STILL_OLD, values))
    return OK


def _left_behind(treatment: doctor.Treatment) -> Iterator[dict[str, Any]]:
    """Yield the running shells and editors that go on with another Go than a new terminal has."""
    sessions = treatment.examination.sessions
    new = next((s.go.real_path for s in sessions if s.kind == "terminal" and s.go), None)
    for session in sessions:
        old = session.go.real_path if session.go else None
        if session.is_process and old != new:
            program = os.path.basename((session.label or session.shell).split(" ")[0])
            yield {"process": program, "pid": int(session.kind.removeprefix("process:")), "go": old}


def _rows(table: Iterable["Row"], console: Console) -> list[dict[str, str]]:
    return [
        {"name": row.name, "state": row.state, "text": in_language(row.text, console.catalogue)}
        for row in table
    ]


def _verify(arguments: argparse.Namespace, console: Console) -> int:
    from gomedic.verifying import verify_toolchain

    verdict = console.follow(verify_toolchain(console.host, arguments.target, arguments.archive))
    points = [in_language(point, console.catalogue) for point in verdict.points]
    table = _rows(verdict.table, console)
    if console.as_json:
        reason = in_language(verdict.reason, console.catalogue) if verdict.reason else None
        console.document(
            {
                "schema": 1,
                "target": verdict.target,
                "kind": verdict.kind,
                "good": verdict.good,
                "version": verdict.version,
            }
            | {"points": points, "reason": reason, "compatibility": table}
            | {"files": msgspec.to_builtins(verdict.differences)}
        )
    else:
        console.lines([(point, "") for point in points])
        console.lines([(f"{MARKS[row['state']]} {row['name']:<8} {row['text']}", "") for row in table])
        values: dict[str, str | int | Message] = {"target": verdict.target, "reason": verdict.reason or ""}
        console.say(Message(IS_GOOD if verdict.good else REFUSED, values))
    return OK if verdict.good else COULD_NOT
