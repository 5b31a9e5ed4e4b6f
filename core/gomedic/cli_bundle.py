"""`gomedic bundle create`: releases in one file, for machines without a network."""

import argparse

from gomedic.console import Console
from gomedic.settings import read_settings
from gomedic.texts import N_, Message

OK = 0
WRITTEN = N_(
    "{file} holds {versions} for {architectures} ({size} MB). On a machine without a network: "
    "gomedic toolchain install VERSION --offline --from {file}"
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    bundle = commands.add_parser("bundle", help=N_("Go releases in one file, for machines without a network"))
    words = bundle.add_subparsers(metavar="COMMAND", required=True)
    create = words.add_parser("create", help=N_("fetch and verify releases, and write them into one file"))
    create.add_argument("versions", metavar="VERSION", nargs="+")
    create.add_argument("-o", "--output", metavar="FILE", required=True)
    create.add_argument("--from", dest="source", metavar="URL|FOLDER|BUNDLE")
    create.add_argument(
        "--arch",
        metavar="ARCH",
        nargs="+",
        action="extend",
        default=[],
        help=N_("for these processors, as GOARCH names them: amd64 arm64 loong64; default: this machine's"),
    )
    create.add_argument("--sign", metavar="KEY", help=N_("sign the bundle with this key of your GnuPG"))
    create.add_argument(
        "--offline", action="store_true", help=N_("use no network: only what is on this machine")
    )
    create.add_argument("--json", action="store_true")
    create.set_defaults(run=_create)


def _create(arguments: argparse.Namespace, console: Console) -> int:
    from gomedic.toolchain.bundling import create

    settings = read_settings(console.host)
    work = create(
        console.host,
        settings,
        arguments.versions,
        arguments.output,
        arguments.source,
        arguments.sign,
        arguments.arch,
    )
    made = console.follow(work)
    if console.as_json:
        console.document(
            {
                "schema": 1,
                "path": made.path,
                "versions": list(made.versions),
                "architectures": list(made.architectures),
                "size": made.size,
                "sha256": made.sha256,
                "signed": made.signed,
            }
        )
    else:
        size = f"{made.size / 1e6:.0f}"
        values: dict[str, str | int | Message] = {
            "file": arguments.output,
            "versions": ", ".join(made.versions),
            "architectures": ", ".join(made.architectures),
            "size": size,
        }
        console.say(Message(WRITTEN, values))
    return OK
