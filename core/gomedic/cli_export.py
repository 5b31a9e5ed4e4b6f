"""`gomedic export KIND`: a set-up that makes Go found where work is started, on standard output or in a file."""

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from gomedic import doctor
from gomedic.console import Console
from gomedic.preview import shown
from gomedic.settings import read_settings
from gomedic.texts import N_, Message, in_language
from gomedic.writing import ExistsError, save

if TYPE_CHECKING:
    from gomedic.exporting import Generated, Kind, Options, Tool

OK, USAGE = 0, 2

SAVED = N_("Saved as {file}, with mode {mode}.")
EXISTS = N_("{file} is there already; say --force to write over it.")
WHICH = N_("Say which kind of set-up it shall be; gomedic export --list names them all.")
CHINA = "china"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    export = commands.add_parser(
        "export", help=N_("a set-up to paste: Dockerfile, profile.d, CI, services, …")
    )
    export.add_argument("kind", metavar="KIND", nargs="?", help=N_("which one; --list names all"))
    export.add_argument("--list", action="store_true", help=N_("name every kind, and what it does"))
    export.add_argument(
        "--goroot", metavar="FOLDER", help=N_("where Go lies (default: where this machine's own Go lies)")
    )
    export.add_argument(
        "--gopath", metavar="FOLDER", help=N_("GOPATH; what begins with ~/ is for each account its own")
    )
    export.add_argument(
        "--goproxy", metavar="ADDRESS", help=N_("GOPROXY; china means https://goproxy.cn,direct")
    )
    export.add_argument(
        "--go", metavar="VERSION", help=N_("fetch this release, with the SHA-256 of Google's list")
    )
    export.add_argument(
        "--arch", metavar="ARCH", help=N_("the processor it is fetched for (default: this machine's)")
    )
    export.add_argument("--from", dest="mirror", metavar="URL", help=N_("where it is fetched from"))
    export.add_argument("--copy", action="store_true", help=N_("its archive lies beside the Dockerfile"))
    export.add_argument("--base", metavar="IMAGE", help=N_("the image to start from"))
    export.add_argument("--user", metavar="NAME", help=N_("the account that works there"))
    export.add_argument("--name", metavar="NAME", help=N_("the service's name (default: app)"))
    export.add_argument(
        "--tool", metavar="FOLDER[=TARGET]", action="append", default=[], type=_tool,
        help=N_("another tool chain, such as GCC: mounted or linked at TARGET, its programs linked"),
    )  # fmt: skip
    export.add_argument("--cache", action="store_true", help=N_("have the standard library built beforehand"))
    export.add_argument("-o", "--output", metavar="FILE", help=N_("save it there, with the mode it needs"))
    export.add_argument("--force", action="store_true", help=N_("write over a file that is there"))
    export.add_argument("--json", action="store_true")
    export.set_defaults(run=_export)


def _tool(word: str) -> "Tool":
    from gomedic.exporting import Tool

    source, _, target = word.partition("=")
    return Tool(source, target)


def _export(arguments: argparse.Namespace, console: Console) -> int:
    from gomedic.exporting import KINDS, ExportRefusedError, generate, kind_named

    if arguments.list:
        return _list(KINDS, console)
    if arguments.kind is None:
        console.say(Message(WHICH), to=sys.stderr)
        return USAGE
    try:
        kind = kind_named(arguments.kind)
        options, notes = _options(kind, arguments, console)
        made = generate(kind, options)
    except ExportRefusedError as error:
        console.say(error.message, to=sys.stderr)
        return USAGE
    return _deliver(made, notes, arguments, console)


def _list(kinds: "tuple[Kind, ...]", console: Console) -> int:
    if console.as_json:
        console.document({"schema": 1, "kinds": [_kind_json(kind, console) for kind in kinds]})
    else:
        width = max(len(kind.id) for kind in kinds)
        say = [f"{kind.id:<{width}}  {in_language(kind.about, console.catalogue)}" for kind in kinds]
        console.lines([(line, "") for line in say])
    return OK


def _kind_json(kind: "Kind", console: Console) -> dict[str, Any]:
    from gomedic.exporting import option_word

    return {
        "id": kind.id,
        "title": in_language(kind.title, console.catalogue),
        "about": in_language(kind.about, console.catalogue),
        "file": kind.file,
        "mode": f"{kind.mode:04o}",
        "options": list(dict.fromkeys(option_word(field) for field in kind.uses if field != "home")),
    }


def _options(
    kind: "Kind", arguments: argparse.Namespace, console: Console
) -> "tuple[Options, tuple[Message, ...]]":
    """Return what was asked for, over what suits this machine where nothing says which Go is meant."""
    from msgspec.structs import replace

    from gomedic.exporting import Options
    from gomedic.exporting.suggesting import Suggestion, suggested

    wanted = _wanted(kind, arguments, console)
    found = Suggestion(Options())
    if arguments.goroot is None and arguments.go is None:
        examination = console.follow(doctor.examine(console.host, only=("no-go-installed",)))
        found = suggested(kind, examination)
    given = {field: getattr(arguments, field) for field in ("goroot", "gopath", "base", "user", "name")}
    given |= {"goproxy": _proxy(arguments.goproxy), "tools": tuple(arguments.tool)}
    given |= {"cache": arguments.cache, "copy": arguments.copy, **wanted}
    if arguments.user is not None and arguments.user != found.options.user:
        given["home"] = Options().home
    asked = {field: value for field, value in given.items() if value is not None and value not in ((), False)}
    return replace(found.options, **asked), found.notes


def _proxy(word: str | None) -> str | None:
    from gomedic.exporting.archives import CHINA_PROXY

    return CHINA_PROXY if word == CHINA else word


def _wanted(kind: "Kind", arguments: argparse.Namespace, console: Console) -> dict[str, Any]:
    """Return the Go that shall be fetched, as the kind takes it. Raises ExportRefusedError."""
    from gomedic.exporting.judging import judge_fetching

    for word, value in (("--arch", arguments.arch), ("--from", arguments.mirror)):
        if value is not None:
            judge_fetching(kind, word, fetches=arguments.go is not None)
    if arguments.go is None:
        return {}
    from gomedic.exporting.archives import archive_of, version_of
    from gomedic.toolchain.releases import platform

    if "archive" not in kind.uses:
        return {"version": version_of(arguments.go)}
    arch = arguments.arch or platform(os.uname().machine)
    archive = archive_of(
        console.host, read_settings(console.host), arguments.go, arch,
        mirror=arguments.mirror or "", china=arguments.goproxy == CHINA,
    )  # fmt: skip
    return {"archive": archive}


def _deliver(
    made: "Generated", notes: tuple[Message, ...], arguments: argparse.Namespace, console: Console
) -> int:
    """Print the text or save it, and say beside it what a person should know."""
    target = _target(arguments.output, made, console) if arguments.output else None
    if target is not None:
        try:
            save(target, made.text.encode(), overwrite=arguments.force, mode=made.mode)
        except ExistsError:
            console.say(Message(EXISTS, {"file": target}), to=sys.stderr)
            return USAGE
    if console.as_json:
        console.document(_json(made, notes, target, console))
        return OK
    if target is None:
        _in_utf8()
        console.write(made.text)
    else:
        console.say(Message(SAVED, {"file": target, "mode": f"{made.mode:04o}"}), to=sys.stderr)
    for message in (made.place, *notes, *made.warnings):
        console.say(message, to=sys.stderr)
    return OK


def _in_utf8() -> None:
    """Print the file as it must be saved, whatever the terminal's encoding: paths are bytes to what reads it."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")


def _target(output: str, made: "Generated", console: Console) -> str:
    path = os.path.join(console.host.cwd, output)
    return os.path.join(os.path.realpath(path), made.file) if os.path.isdir(path) else path


def _json(
    made: "Generated", notes: tuple[Message, ...], target: str | None, console: Console
) -> dict[str, Any]:
    def say(message: Message) -> str:
        return shown(in_language(message, console.catalogue))

    return {
        "schema": 1,
        "kind": made.kind,
        "file": made.file,
        "mode": f"{made.mode:04o}",
        "about": say(made.about),
        "place": say(made.place),
        "warnings": [say(message) for message in (*notes, *made.warnings)],
        "text": made.text,
        "saved": target,
    }
