"""A language that nobody speaks: English in brackets, accented and longer, to see what a translation would meet."""

import gettext
import re

_KEPT = re.compile(r"(\{\w*\}|`[^`]*`|&.)")  # what a translation must keep: values, code, the letter of a key
_ACCENTS = str.maketrans("aeiouAEIOUcnsy", "áéíóúÁÉÍÓÚçñšý")
_LONGER = 0.4  # German and Finnish; Chinese is shorter


class Pseudo(gettext.NullTranslations):
    """Translates whatever is marked; what it does not reach stays without brackets."""

    def gettext(self, message: str) -> str:
        return pseudo(message)


def pseudo(text: str) -> str:
    """Return "[Ñót íñstálléd ~~~~~ ]" for a text: two fifths longer, its values, code and key letters as they were."""
    if not re.search(r"[^\W\d_]", re.sub(r"\{\w*\}", "", text)):
        return text  # nothing but values and signs
    parts = _KEPT.split(text)
    accented = "".join(part if number % 2 else part.translate(_ACCENTS) for number, part in enumerate(parts))
    return f"[{accented}{_padding(round(len(text) * _LONGER))}]"


def _padding(length: int) -> str:
    """Return so many characters that can be wrapped like words."""
    return ("" if length < 1 else " ~~~~~" * (length // 6 + 1))[:length]
