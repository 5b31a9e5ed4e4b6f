"""Texts for people: marked where they are written, translated where they are shown."""

import gettext
from collections.abc import Mapping

import msgspec

from gomedic.spacing import spaced

LANGUAGES = ("en", "zh_CN")
PSEUDO = "pseudo"  # for tests of the window: see gomedic.pseudo


def N_(text: str) -> str:  # noqa: N802 - the name that Babel's extractor looks for
    """Return `text` unchanged; the mark by which the catalogue finds it."""
    return text


Values = dict[str, "str | int | Message"]


class Message(msgspec.Struct, frozen=True):
    """A sentence for a person: an English template, and what goes into it.

    A value may itself be a message; it is then translated too.
    """

    text: str
    values: Mapping[str, "str | int | Message"] = msgspec.field(default_factory=dict)

    def __str__(self) -> str:
        return in_language(self, gettext.NullTranslations())


def in_language(message: Message, catalogue: gettext.NullTranslations) -> str:
    """Return `message` in the language of `catalogue`."""
    values = {
        name: in_language(value, catalogue) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    template = catalogue.gettext(message.text) if message.text else ""
    words = [name for name, value in message.values.items() if isinstance(value, Message)]
    return spaced(template, values, words) if words else template.format_map(values)


def catalogue_for(language: str) -> gettext.NullTranslations:
    """Return the catalogue of `language` (one of LANGUAGES); English is in the program itself."""
    if language == "en":
        return gettext.NullTranslations()
    if language == PSEUDO:
        from gomedic.pseudo import Pseudo

        return Pseudo()
    from importlib.resources import as_file, files  # slow, and English needs none

    with as_file(files("gomedic_resources") / "locale") as folder:
        return gettext.translation("gomedic", folder, [language], fallback=True)


def language_of(env: Mapping[str, str]) -> str:
    """Return the one of LANGUAGES that a person with this environment reads (locale(7), gettext(3)).

    GOMEDIC_LANGUAGE, one of them or "pseudo", goes before the locale.
    """
    if (chosen := env.get("GOMEDIC_LANGUAGE")) in (*LANGUAGES, PSEUDO):
        return str(chosen)
    locale = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "C")
    wanted = [*env.get("LANGUAGE", "").split(":"), locale] if locale not in ("C", "POSIX") else [locale]
    for name in wanted:
        if name.startswith(("zh", "cmn")):
            return "zh_CN"
        if name.startswith("en"):
            return "en"
    return "en"
