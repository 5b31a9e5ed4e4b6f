"""The command line: gomedic check, explain, fix, undo, history, toolchain; without a command the window."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

from gomedic import (
    __version__,
    cli_ask,
    cli_bundle,
    cli_export,
    cli_fix,
    cli_image,
    cli_report,
    cli_self,
    cli_toolchain,
    cli_undo,
    cli_words,
    doctor,
    report,
)
from gomedic.cli_limits import add_limits
from gomedic.cli_policy import add_policy, by_policy, policy_in, policy_json, under_policy
from gomedic.console import Console, OutputError
from gomedic.explain import explain_json, explain_text
from gomedic.host import Host, ProbeError
from gomedic.little_room import settle_in
from gomedic.model import Examination, Progress
from gomedic.problems import NeedsRootError, RollbackError
from gomedic.settings import Settings, SettingsError, read_settings
from gomedic.texts import N_, Message, catalogue_for, in_language, language_of

OK, ILL, USAGE, COULD_NOT, NOT_RESTORED, CANCELLED = 0, 1, 2, 3, 4, 130

BY_HAND = N_("An administrator can do it with:")
CANCELLED_TEXT = N_("Cancelled; the machine is as it was.")
UNEXPECTED = N_("Something unexpected happened ({error}); nothing was changed. Please report it.")
NO_QT = N_("The window cannot be opened ({error}), so the diagnosis is printed.")
UNKNOWN_CHECK = N_("There is no check named {name}.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run gomedic and return its exit code (docs: the command line)."""
    _survive_strange_output()
    settle_in()
    host = Host.this_machine()
    cli_words.speak(catalogue_for(_language(host)))
    arguments = _parser().parse_args(argv)
    if getattr(arguments, "offline", False):
        host = host.without_network()
    console = Console(host, language_of(host.env), as_json=getattr(arguments, "json", False))
    signal.signal(signal.SIGTERM, _terminated)
    try:
        settings = _settings(host, arguments)
        if settings.language:
            console = Console(host, settings.language, as_json=console.as_json)
        run: Callable[[argparse.Namespace, Console], int] = arguments.run
        return run(arguments, console)
    except KeyboardInterrupt:
        console.say(Message(CANCELLED_TEXT), to=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        _drop_output()
        return OK
    except SettingsError as error:
        console.say(error.message, to=sys.stderr)
        return USAGE
    except OutputError as error:
        _drop_output()
        return _failed(error, console)
    except Exception as error:  # noqa: BLE001 - one clear sentence instead of a traceback
        return _failed(error, console)


def _settings(host: Host, arguments: argparse.Namespace) -> Settings:
    """Return the settings; the window, which can show what is wrong with them, opens all the same. Raises SettingsError."""
    try:
        return read_settings(host)
    except SettingsError:
        if arguments.run is not _window or not host.has_display:
            raise
        return Settings()


def _language(host: Host) -> str:
    """Return the settings' language or the locale's; what is wrong with the settings is told later."""
    try:
        return read_settings(host).language or language_of(host.env)
    except SettingsError:
        return language_of(host.env)


def _survive_strange_output() -> None:
    """Write what the terminal's encoding lacks as escapes rather than fail; stand in for closed streams."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - not writable: whoever writes is told
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the program's whole life
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Let what could not be written go, so that Python does not try again at its end (signal, "Note on SIGPIPE")."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _terminated(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _failed(error: Exception, console: Console) -> int:
    message = getattr(error, "message", None)
    if not isinstance(message, Message):
        detail = str(error) if isinstance(error, ProbeError | OSError) else f"{type(error).__name__}: {error}"
        message = Message(UNEXPECTED, {"error": detail})
    console.say(message, to=sys.stderr)
    if isinstance(error, NeedsRootError):
        console.say(Message(BY_HAND), to=sys.stderr)
        for command in error.commands:
            print(f"    {command}", file=sys.stderr)
    if isinstance(error, RollbackError):
        for left in error.left:
            print(f"    {left.path}: {left.saved or '-'}", file=sys.stderr)
        return NOT_RESTORED
    return COULD_NOT


# ------------------------------------------------------------------ the words


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = cli_words.Parser(
        prog="gomedic", description=N_("A doctor for Go environments.")
    )
    parser.add_argument("--version", action="version", version=f"gomedic {__version__}")
    parser.set_defaults(run=_window, json=False, deep=False, only=[], project=None, limits=None, policy=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    _add_check(commands)
    _add_explain(commands)
    cli_ask.add(commands)
    cli_fix.add(commands)
    cli_undo.add(commands)
    cli_image.add(commands)
    cli_report.add(commands)
    cli_toolchain.add(commands)
    cli_bundle.add(commands)
    cli_export.add(commands)
    cli_self.add(commands)
    return parser


def _add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = commands.add_parser("check", help=N_("examine and report; changes nothing"))
    check.add_argument("--json", action="store_true", help=N_("print the report as JSON"))
    check.add_argument(
        "--deep", action="store_true", help=N_("also build a one-file program in each session")
    )
    check.add_argument("--only", metavar="CHECK", action="append", default=[], help=N_("run only this check"))
    check.add_argument(
        "--project", metavar="FOLDER", help=N_("the Go module to judge by (default: the current folder)")
    )
    add_limits(check)
    add_policy(check)
    check.set_defaults(run=_check)


def _add_explain(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    explain = commands.add_parser("explain", help=N_("where a value comes from"))
    explain.add_argument(
        "what", metavar="WHAT", nargs="?", help=N_("go, PATH, GOROOT, any variable, or a check to read about")
    )
    explain.add_argument(
        "--overrides", action="store_true", help=N_("which ways to override this Go would work")
    )
    explain.add_argument(
        "--persistence",
        action="store_true",
        help=N_("what carries Go's variables, and whether a restart or rebuild keeps them"),
    )
    explain.add_argument(
        "--image",
        metavar="IMAGE",
        help=N_("the container's image, which tells ENV from docker run -e (--persistence)"),
    )
    explain.add_argument(
        "--limits", action="store_true", help=N_("what the sandbox here allows, and what says so")
    )
    explain.add_argument("--session", metavar="KIND", help=N_("only this kind of session"))
    explain.add_argument("--json", action="store_true")
    explain.set_defaults(run=_explain, misused=explain.error)


# ------------------------------------------------------------------ examine


def _window(arguments: argparse.Namespace, console: Console) -> int:
    """Open the window where there is a display and Qt, else print the diagnosis."""
    if console.host.has_display:
        try:
            from gomedic_gui.app import main as open_window
        except ImportError as error:
            if not _is_about_qt(error):
                raise
            console.say(Message(NO_QT, {"error": str(error)}), to=sys.stderr)
            return _check(arguments, console)
        settings = _settings(console.host, arguments)
        return open_window(console.host, settings.language or language_of(console.host.env))
    return _check(arguments, console)


def _is_about_qt(error: ImportError) -> bool:
    """Tell whether Qt, a library that it needs, or the whole window is not installed."""
    name = (error.name or "").partition(".")[0]
    return error.name == "gomedic_gui" or name in ("PySide6", "shiboken6") or ".so" in str(error)


def _check(arguments: argparse.Namespace, console: Console) -> int:
    from gomedic import checks

    unknown = next((name for name in arguments.only if name not in {check.id for check in checks.ALL}), None)
    if unknown is not None:
        console.say(Message(UNKNOWN_CHECK, {"name": unknown}), to=sys.stderr)
        return USAGE
    settings = read_settings(console.host)
    host = console.host if settings.network else console.host.without_network()
    host = host.with_limits(arguments.limits)
    policy = policy_in(host, settings, arguments.policy)
    host = under_policy(host, policy)
    deep = arguments.deep or (settings.deep and not arguments.only)
    work = doctor.examine(host, project=arguments.project, only=arguments.only, deep=deep)
    examination = _examination(console, work)
    if policy is not None:
        examination = by_policy(host, examination, policy)
    if console.as_json:
        document = report.check_json(examination, console.catalogue)
        if policy is not None:
            document["policy"] = policy_json(policy, examination, console.catalogue)
        console.document(document)
    else:
        console.lines(report.check_text(examination, console.catalogue))
    return ILL if examination.ill else OK


def _examination(console: Console, work: Iterator[Progress | Examination]) -> Examination:
    return console.follow(work)


def _explain(arguments: argparse.Namespace, console: Console) -> int:
    if (arguments.what is not None) + arguments.overrides + arguments.persistence + arguments.limits != 1:
        arguments.misused("give either WHAT, --overrides, --persistence or --limits")
    if arguments.persistence or arguments.limits:
        from gomedic.cli_persistence import explain_limits, explain_persistence

        explain_limits(console) if arguments.limits else explain_persistence(console, arguments.image)
        return OK
    if arguments.overrides:
        from gomedic.overrides.command import explain_overrides

        return OK if explain_overrides(console, arguments.session) else USAGE
    if "-" in arguments.what:  # a check, for no variable has that in its name
        return _explain_check(arguments.what, console)
    examination = _examination(console, doctor.examine(console.host, only=("no-go-installed",)))
    if console.as_json:
        console.document(explain_json(examination, arguments.what, arguments.session))
    else:
        console.lines(explain_text(examination, arguments.what, arguments.session, console.catalogue))
    return OK


def _explain_check(name: str, console: Console) -> int:
    """Print a check's page; nothing is examined for it."""
    from gomedic import pages

    check = pages.check_named(name)
    if check is None:
        console.say(Message(UNKNOWN_CHECK, {"name": name}), to=sys.stderr)
        return USAGE
    if console.as_json:
        console.document(pages.page_json(check, console.catalogue))
    else:
        page = pages.page_of(check, lambda message: in_language(message, console.catalogue))
        console.lines(pages.page_text(page))
    return OK


if __name__ == "__main__":
    sys.exit(main())
