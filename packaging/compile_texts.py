"""Hatch build hook: compile the gettext catalogues, so that an installed gomedic speaks its languages."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_all(locale: Path) -> list[Path]:
    """Write the .mo file beside every .po file below `locale`; return what was written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
            write_mo(mo, read_po(po))
        written.append(source.with_suffix(".mo"))
    return written


class CompileTexts(BuildHookInterface):
    """Runs before wheels, source archives and editable installs are made."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        compile_all(Path(self.root, "resources/gomedic_resources/locale"))
