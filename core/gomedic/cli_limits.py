"""`--limits`: the words of a sandbox that is still to come, on the command line."""

import argparse

from gomedic.cli_words import Parser
from gomedic.limits import FLAG, Limits, LimitsError, limits_of
from gomedic.texts import N_, in_language


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Let a command judge for a sandbox that is still to come."""
    parser.add_argument(
        FLAG,
        metavar="LIMITS",
        type=_limits,
        help=N_("judge as in such a sandbox: memory=512m,pids=128,readonly,tmpfs=/tmp:64m,noexec,idle=30s"),
    )


def _limits(text: str) -> Limits:
    try:
        return limits_of(text)
    except LimitsError as error:
        raise argparse.ArgumentTypeError(in_language(error.message, Parser.catalogue)) from None
