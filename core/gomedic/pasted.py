"""A message as people paste it, made plain enough to compare."""

import re
import unicodedata

LONGEST = 8_000  # characters that are looked at, of a paste: half from its beginning, half from its end
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_QUOTES = str.maketrans({**dict.fromkeys("‘’`´", "'"), **dict.fromkeys("“”「」『』", '"'), "：": ": "})
_WORD = re.compile(r"[a-z][a-z0-9_]{2,}|[\u4e00-\u9fff]+")


def flattened(text: str) -> str:
    """Return a message on one line: without colours, with ASCII's quotation marks and half-width signs."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
    plain = unicodedata.normalize("NFKC", _ESCAPES.sub("", text).translate(_QUOTES))
    return " ".join(plain.split())


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text in small letters; of Chinese, which has no blanks, each two signs in a row."""
    found: set[str] = set()
    for word in _WORD.findall(text.lower()):
        if word.isascii():
            found.add(word)
        else:
            found |= {word[at : at + 2] for at in range(max(1, len(word) - 1))}
    return frozenset(found)
