"""`gomedic install-self` and `uninstall-self`: the program's own way onto a machine, and off it."""

import argparse
import contextlib
import os
import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gomedic import __version__, bundled, doctor
from gomedic.console import Console
from gomedic.examining import NoProcError
from gomedic.host import ProbeError
from gomedic.model import Examination, Fix, Receipt
from gomedic.preview import outline
from gomedic.report import Line
from gomedic.texts import N_, Message, in_language

if TYPE_CHECKING:
    from gomedic.host import Host
    from gomedic.self_install.engine import Installed
    from gomedic.self_install.owner import Owner
    from gomedic.self_install.places import Places
    from gomedic.self_install.record import Record

OK = 0

COPIED = N_("gomedic {version} is copied to {folder}; {command} starts it.")
IN_PLACE = N_("gomedic {version} stays where it is, in {folder}; {command} starts it.")
OF_SOURCE = N_(
    "gomedic runs from its sources in {folder} and stays there; only menu entry, completions and manual page were added."
)
OF_OTHERS = N_(
    "gomedic belongs to {owner} in {folder}, which updates and removes it; only menu entry, completions and manual page were added."
)
NOT_ON_PATH = N_(
    "{folder} is not on PATH in every kind of session ({kinds}); gomedic install-self --start-up-lines puts it there."
)
ON_PATH = N_("{folder} is on PATH in new sessions; gomedic undo takes that back.")
ASK = N_("Put it on PATH? [y/N] ")
FOR_ZSH = N_("zsh finds the completions with this line before compinit in {file}: {line}")
REMOVED = N_("gomedic's own files are removed.")
OF_OTHERS_STILL = N_("gomedic itself belongs to {owner} in {folder}, which removes it.")
KEPT = N_("{path} has been changed since install-self put it there, and stays.")
USED = N_("{path} is used by a gomedic that runs now, and stays; delete it when that has ended.")
STAYS = N_("What is yours stays: {folders}.")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    install = commands.add_parser(
        "install-self", help=N_("put gomedic on PATH and into the menu, with completions and manual page")
    )
    _add_scope(install)
    install.add_argument(
        "--start-up-lines", action="store_true", help=N_("also put its folder on PATH, where it is not")
    )
    install.set_defaults(run=_install)
    uninstall = commands.add_parser("uninstall-self", help=N_("take away all that install-self put there"))
    _add_scope(uninstall)
    uninstall.add_argument(
        "--start-up-lines", action="store_true", help=N_("also take its lines out of start-up files")
    )
    uninstall.set_defaults(run=_uninstall)


def _add_scope(parser: argparse.ArgumentParser) -> None:
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument(
        "--user", dest="scope", action="store_const", const="user", help=N_("for this account alone")
    )
    scope.add_argument(
        "--system", dest="scope", action="store_const", const="system", help=N_("for all accounts, as root")
    )
    parser.add_argument("--json", action="store_true")


# ------------------------------------------------------------------ install


def _install(arguments: argparse.Namespace, console: Console) -> int:
    from gomedic.self_install.engine import install
    from gomedic.self_install.owner import owner

    host, mine = console.host, owner()
    scope = arguments.scope or ("system" if host.is_root else "user")
    places = _places(host, scope, mine)
    done: Installed = console.follow(install(places, mine, __version__))
    if not console.as_json:
        _tell(places, mine, done, console)
    receipt, ok = None, None
    if scope == "user" and mine.copies:
        receipt, ok = _on_path(os.path.dirname(places.command), arguments, console)
        _tell_zsh(places, console)
    if console.as_json:
        document = _document(places, mine)
        console.document({**document, "paths": list(done.paths), "on_path": ok, "receipt": receipt})
    return OK


def _places(host: "Host", scope: str, mine: "Owner", *, removing: bool = False) -> "Places":
    """Return where this installation is, if this account may change it. Raises SelfInstallError."""
    from gomedic.repair_lock import is_of_another_account
    from gomedic.self_install import problems
    from gomedic.self_install.places import system_places, user_places

    if scope == "user":
        if is_of_another_account(host.home):
            raise problems.foreign_home(host.home)
        return user_places(host)
    if not host.is_root:
        word = "uninstall-self" if removing else "install-self"
        command = f"sudo {shlex.quote(mine.command)} {word} --system"
        raise problems.needs_root(command, removing=removing)
    return system_places()


def _document(places: "Places", mine: "Owner") -> dict[str, object]:
    program = places.program if mine.copies else mine.folder
    command = places.command if mine.copies else mine.command
    return {
        "schema": 1, "version": __version__, "scope": places.scope, "owner": mine.name,
        "program": program, "command": command,
    }  # fmt: skip


def _tell(places: "Places", mine: "Owner", done: "Installed", console: Console) -> None:
    values: dict[str, str | int | Message] = {
        "version": __version__, "owner": mine.name, "command": places.command,
        "folder": places.program if mine.copies else mine.folder,
    }  # fmt: skip
    if mine.copies:
        console.say(Message(COPIED if done.copied else IN_PLACE, values))
    else:
        console.say(Message(OF_SOURCE if mine.name == "source" else OF_OTHERS, values))


def _on_path(folder: str, arguments: argparse.Namespace, console: Console) -> tuple[str | None, bool | None]:
    """Put the folder on PATH where it is not, if asked to; return the receipt, and whether it is there now.

    Where the machine cannot be examined that is not known (None): gomedic is installed all the same.
    """
    from gomedic.self_install.startup import lacking, lines_to_add

    try:
        examination: Examination = console.follow(doctor.examine(console.host, only=("no-go-installed",)))
    except (NoProcError, ProbeError):
        return None, None
    kinds = lacking(examination, folder)
    if not kinds:
        return None, True
    fix = lines_to_add(console.host, examination, folder)
    if fix.steps and (arguments.start_up_lines or _agreed(fix, console)):
        receipt = _applied(fix, console)
        if not console.as_json:
            console.say(Message(ON_PATH, {"folder": folder}))
        return receipt, True
    console.say(Message(NOT_ON_PATH, {"folder": folder, "kinds": ", ".join(kinds)}), to=sys.stderr)
    return None, False


def _agreed(fix: Fix, console: Console) -> bool:
    """Show what would be done and ask; without a terminal to ask on, it is not done."""
    if console.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    console.lines(_shown(fix, console))
    return console.agreed(Message(ASK))


def _shown(fix: Fix, console: Console) -> list[Line]:
    lines = []
    for step in outline(fix.steps):
        lines.append((in_language(step.words, console.catalogue), ""))
        lines += [(f"    {line}", "dim") for line in (step.diff or "").splitlines()]
    return lines


def _applied(fix: Fix, console: Console) -> str:
    from gomedic import repair
    from gomedic.self_install.startup import WISH

    receipt: Receipt = console.follow(repair.apply(console.host, WISH, fix, fix.steps))
    return receipt.id


def _tell_zsh(places: "Places", console: Console) -> None:
    if os.path.basename(console.host.account.shell) == "zsh" and not console.as_json:
        folder = shlex.quote(os.path.join(places.share, "zsh/site-functions"))
        file = os.path.join(console.host.env.get("ZDOTDIR") or console.host.home, ".zshrc")
        console.say(Message(FOR_ZSH, {"file": file, "line": f"fpath+=({folder})"}))


# ------------------------------------------------------------------ uninstall


def _uninstall(arguments: argparse.Namespace, console: Console) -> int:
    """Take all away; nothing can be imported any more once the program's folder is gone."""
    from gomedic.self_install.engine import Removed, uninstall
    from gomedic.self_install.owner import owner
    from gomedic.self_install.record import load
    from gomedic.self_install.unpacked import take_away, unpacked

    host, mine = console.host, owner()
    places = _places(host, arguments.scope or _scope_installed(host), mine, removing=True)
    persons = _of_the_person(host, places)
    receipt = _without_lines(console) if arguments.start_up_lines else None
    record = load(places)
    folders = unpacked(_unpacking_places(host, record))
    # Somebody who only started the one file has nothing else to take away.
    done = uninstall(places) if record or not folders else Removed((), ())
    taken = take_away(folders)
    with contextlib.suppress(OSError):  # downloads lie there too, if there are any
        os.rmdir(host.cache_folder)
    stays = [folder for folder in persons if os.path.lexists(folder)]
    if console.as_json:
        document = {
            "schema": 1,
            "scope": places.scope,
            "removed": len(done.paths),
            "unpacked": list(taken.gone),
        }
        console.document({**document, "kept": [*done.kept, *taken.used], "stays": stays, "receipt": receipt})
    else:
        _tell_removed(mine, done.kept, taken.used, stays, console)
    return OK


def _tell_removed(
    mine: "Owner", kept: Sequence[str], used: Sequence[str], stays: Sequence[str], console: Console
) -> None:
    console.say(Message(REMOVED))
    if not mine.copies:
        console.say(Message(OF_OTHERS_STILL, {"owner": mine.name, "folder": mine.folder}))
    for path in kept:
        console.say(Message(KEPT, {"path": path}))
    for path in used:
        console.say(Message(USED, {"path": path}))
    if stays:
        console.say(Message(STAYS, {"folders": ", ".join(stays)}))


def _unpacking_places(host: "Host", record: "Record | None") -> list[str]:
    """Return where executables may have unpacked themselves: those installed from, the one that runs, the next two of keep.c."""
    executable = bundled.one_file()
    beside = [os.path.dirname(executable)] if executable else []
    return [*(record.unpacked if record else ()), *beside, host.cache_folder, host.home]


def _without_lines(console: Console) -> str | None:
    """Take the lines out that put gomedic's folder on PATH; return the receipt."""
    from gomedic.self_install.places import user_places
    from gomedic.self_install.startup import lines_to_remove

    fix = lines_to_remove(console.host, os.path.dirname(user_places(console.host).command))
    return _applied(fix, console) if fix.steps else None


def _scope_installed(host: "Host") -> str:
    from gomedic.self_install.places import system_places, user_places
    from gomedic.self_install.record import load

    return "system" if load(user_places(host)) is None and load(system_places()) is not None else "user"


def _of_the_person(host: "Host", places: "Places") -> tuple[str, ...]:
    """Return where settings, receipts, downloads and toolchains lie."""
    if places.scope == "system":
        from gomedic.root_helper import STATE_FOLDER

        return ("/etc/gomedic", STATE_FOLDER)
    toolchains = os.path.join(host.data_folder, "toolchains")
    return (host.config_folder, host.state_folder, host.cache_folder, toolchains)
