"""The words of the command line itself, in the person's language: argparse's own and ours."""

import argparse
import gettext

from gomedic.texts import N_

# What argparse says by itself (Python 3.11 to 3.13). It has no other door for a translation than its own gettext.
_OF_ARGPARSE = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("unrecognized arguments: %s"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("not allowed with argument %s"),
    N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
)


class Parser(argparse.ArgumentParser):
    """A parser that answers in the language chosen by `speak`."""

    catalogue: gettext.NullTranslations = gettext.NullTranslations()

    def format_help(self) -> str:
        """Return the help, the commands' and options' words translated."""
        for action in self._actions:
            self._translate(action)
        for group in self._action_groups:
            group.title = self._say(group.title)
        self.description = self._say(self.description)
        return super().format_help()

    def _translate(self, action: argparse.Action) -> None:
        if action.help != argparse.SUPPRESS:
            action.help = self._say(action.help)
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                choice.help = self._say(choice.help)

    def _say(self, text: str | None) -> str | None:
        return self.catalogue.gettext(text) if text else text


def speak(catalogue: gettext.NullTranslations) -> None:
    """Let parsers made from now on speak the language of `catalogue`."""
    Parser.catalogue = catalogue
    known = frozenset(_OF_ARGPARSE)
    argparse._ = lambda text: catalogue.gettext(text) if text in known else text  # type: ignore[attr-defined]
