"""Compile the catalogues of texts: as a step of every build, or by hand, `python packaging/compile_texts.py`.

A language's texts may stand in several .po files, one for each part of the program; they become one .mo file.
"""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # by hand: hatchling is only there while something is built
    BuildHookInterface = object

LOCALE = Path("resources/gomedic_resources/locale")
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)  # babel writes it down: the same texts give the same bytes


def merged(sources: list[Path]) -> Catalog:
    """Return all texts of one language. Raises ValueError for a text that two files translate differently."""
    whole: Catalog | None = None
    for source in sources:
        with source.open("rb") as file:
            part = read_po(file, abort_invalid=True)
        if whole is None:
            whole = Catalog(locale=part.locale, fuzzy=False, creation_date=_NO_DATE)
        for message in filter(lambda message: message.id, part):
            known = whole.get(message.id)
            if known is not None and known.string != message.string:
                raise ValueError(f"{source}: {message.id!r} is translated differently in another file")
            whole[message.id] = message
    if whole is None:
        raise ValueError("no catalogue to merge")
    return whole


def compile_all(locale: Path) -> list[Path]:
    """Write gomedic.mo for each language below `locale` that has .po files; return what was written."""
    written = []
    for folder in sorted(locale.glob("*/LC_MESSAGES")):
        sources = sorted(folder.glob("*.po"))
        if sources:
            whole = merged(sources)  # before the old one is touched
            with (folder / "gomedic.mo").open("wb") as file:
                write_mo(file, whole)
            written.append(folder / "gomedic.mo")
    return written


class CompileTexts(BuildHookInterface):
    """Runs before wheels, source archives and editable installs are made."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        compile_all(Path(self.root) / LOCALE)


if __name__ == "__main__":
    compile_all(Path(__file__).parents[1] / LOCALE)
