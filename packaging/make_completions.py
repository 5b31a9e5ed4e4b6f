"""Write the completions of bash, zsh and fish from the command line's own words: `python packaging/make_completions.py`."""

import argparse
import re
import sys
from pathlib import Path

import shtab

from gomedic import cli, cli_words, pages_of_images
from gomedic.checks import ALL
from gomedic.policy import pages as pages_of_policies
from gomedic.texts import catalogue_for

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "resources/gomedic_resources/integration/completions"
NAMES = {"bash": "gomedic.bash", "zsh": "_gomedic", "fish": "gomedic.fish"}
KINDS = ["terminal", "ssh", "login", "command", "exec", "cron", "sudo", "editor"]
OF_IMAGES_AND_POLICIES = [check.id for check in (*pages_of_images.ALL, *pages_of_policies.ALL)]
VALUES = ["go", "PATH", "GOROOT", "GOPATH", "GOPROXY"]
_USAGE = re.compile(r"^# (AUTOMATICALLY GENERATED|Usage:|\d\)|   ?fpath|See also).*\n", re.MULTILINE)


def completions() -> dict[str, str]:
    """Return the text of each file by its name."""
    parser = words()
    return {name: tidied(shtab.complete(parser, shell)) for shell, name in NAMES.items()}


def words() -> argparse.ArgumentParser:
    """Return the parser, which also knows what its values can be."""
    cli_words.speak(catalogue_for("en"))
    parser = cli._parser()
    for part in (parser, *subparsers(parser)):
        for action in part._actions:
            tell_values(action)
    return parser


def subparsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Return the parsers of all commands, and of their commands."""
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for part in dict.fromkeys(action.choices.values()):
                found += [part, *subparsers(part)]
    return found


def tell_values(action: argparse.Action) -> None:
    """Name the values of a word where there are few; else say that it is a file or a folder."""
    meaning = set(re.split(r"\W+", str(action.metavar or "")))
    checks = [check.id for check in ALL]
    if action.metavar == "CHECK":
        action.choices = checks
    elif action.metavar == "KIND":
        action.choices = KINDS
    elif action.metavar == "WHAT":
        action.choices = [*VALUES, *checks, *OF_IMAGES_AND_POLICIES]
    elif meaning == {"FOLDER"}:
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    elif meaning & {"FILE", "FOLDER", "BUNDLE"}:
        action.complete = shtab.FILE  # type: ignore[attr-defined]


def tidied(text: str) -> str:
    """Return a script without shtab's advice on where to put it."""
    kept = _USAGE.sub("", text)
    return "\n".join(line.rstrip() for line in kept.splitlines()) + "\n"


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in completions().items():
        (FOLDER / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
