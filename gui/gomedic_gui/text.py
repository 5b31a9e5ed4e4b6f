"""Texts of the window, in the person's language: one catalogue with the core."""

import gettext
import re
from collections.abc import Iterable

from gomedic.texts import N_, Message, in_language

_chosen: list[gettext.NullTranslations] = [gettext.NullTranslations()]


def speak(catalogue: gettext.NullTranslations) -> None:
    """Show every text from now on in the language of `catalogue`."""
    _chosen[0] = catalogue


def catalogue() -> gettext.NullTranslations:
    """Return the catalogue of the language that is spoken."""
    return _chosen[0]


def tr(text: str | Message, **values: str | int | Message) -> str:
    """Return a text marked with N_, or a message of the core, in the person's language.

    What the core writes `so`, as on a command line, stands in quotation marks here.
    """
    message = text if isinstance(text, Message) else Message(text, values)
    return re.sub(r"`([^`\n]+)`", "“\\1”", in_language(message, _chosen[0]))


def counted(count: int, one: str, many: str) -> str:
    """Return `one` or `many` (both marked with N_), with {n} filled in."""
    return tr(one if count == 1 else many, n=count)


def enumerated(parts: Iterable[str]) -> str:
    """Return the parts as one says them in a row: one, two, three."""
    return tr(N_(", ")).join(parts)


def listed(parts: list[str]) -> str:
    """Return the parts that are not empty, set apart by a middle dot."""
    return "  ·  ".join(part for part in parts if part)
