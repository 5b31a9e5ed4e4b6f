"""Chinese beside Latin letters: a space between the two, none between Chinese characters (W3C, clreq, 3.2.4)."""

from collections.abc import Container, Mapping
from string import Formatter

_FORMATTER = Formatter()


def spaced(template: str, values: Mapping[str, object], words: Container[str]) -> str:
    """Fill in a template; mind the spaces around those values that are `words` in the person's language.

    Whoever translates a sentence cannot know whether such a word begins or ends in Chinese. What the machine gave,
    a name or a path, stands as the translation has it.
    """
    text = ""
    after_word = False
    for literal, name, form, conversion in _FORMATTER.parse(template):
        text = _joined(text, literal) if after_word else text + literal
        after_word = False
        if name is None:  # a brace that stands for itself
            continue
        field = _FORMATTER.convert_field(values[name], conversion)
        value = _FORMATTER.format_field(field, form or "")
        after_word = name in words
        text = _joined(text, value) if after_word else text + value
    return text


def _joined(left: str, right: str) -> str:
    first, last = left.rstrip(" ")[-1:], right.lstrip(" ")[:1]
    if _is_chinese(first) and _is_chinese(last):
        return left.rstrip(" ") + right.lstrip(" ")
    touching = left[-1:] == first and right[:1] == last
    if touching and ((_is_chinese(first) and _is_latin(last)) or (_is_latin(first) and _is_chinese(last))):
        return f"{left} {right}"
    return left + right


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
