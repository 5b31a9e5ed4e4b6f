"""Write the manual pages: `python packaging/make_man.py`. What the commands do comes from their own help, the rest from man/."""

import argparse
import sys
import tomllib
from pathlib import Path

from gomedic import cli, cli_words
from gomedic.texts import catalogue_for
from gomedic_resources import __path__ as _resources

ROOT = Path(__file__).parents[1]
FOLDER = Path(_resources[0]) / "integration/man"
TEMPLATES = Path(__file__).parent / "man"
STOPS = {"en": ".", "zh_CN": "。"}
PAGES = {"en": "man1/gomedic.1", "zh_CN": "zh_CN/man1/gomedic.1"}


def page(language: str) -> str:
    """Return the manual page in one language."""
    catalogue = catalogue_for(language)
    cli_words.speak(catalogue)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    template = (TEMPLATES / f"{language}.1.in").read_text()
    commands = "".join(
        of_command(name, part, catalogue.gettext(text) + STOPS[language])
        for name, part, text in commands_of(cli._parser())
    )
    cli_words.speak(catalogue_for("en"))
    return template.replace("@VERSION@", version).replace("@COMMANDS@\n", commands)


def commands_of(parser: argparse.ArgumentParser) -> list[tuple[str, argparse.ArgumentParser, str]]:
    """Return each command that does something by itself: its name, its words, its help."""
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                part = action.choices[choice.dest]
                below = commands_of(part)
                found += below or [(part.prog.removeprefix("gomedic "), part, choice.help or "")]
    return found


def of_command(name: str, parser: argparse.ArgumentParser, text: str) -> str:
    """Return the section of one command."""
    parser.format_help()  # which translates the words
    lines = [f".SS {escaped(name)}", escaped(text[:1].upper() + text[1:])]
    for action in parser._actions:
        if action.help in (None, argparse.SUPPRESS) or isinstance(action, argparse._HelpAction):
            continue
        lines += [".TP", of_action(action), escaped(str(action.help))]
    return "\n".join(lines) + "\n"


def of_action(action: argparse.Action) -> str:
    """Return an option or word, with its value."""
    names = ", ".join(rf"\fB{escaped(name)}\fR" for name in action.option_strings)
    takes = action.nargs != 0
    value = rf"\fI{escaped(str(action.metavar or action.dest))}\fR" if takes else ""
    return " ".join(part for part in (names, value) if part)


def escaped(text: str) -> str:
    """Return a text that roff takes as it is (groff_char(7), "Fundamental character set")."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return "\\&" + text if text.startswith((".", "'")) else text


def main() -> int:
    for language, name in PAGES.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(page(language), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
