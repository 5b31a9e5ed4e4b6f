"""Bring the catalogues up to date with the sources: new texts are added untranslated, gone ones leave."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "resources/gomedic_resources/locale"
SOURCES = ("core", "gui")
KEYWORDS = {"N_": None, "tr": None, "_": None}
WIDTH = 110


def extracted(root: Path) -> Catalog:
    """Return the template: every text that the sources below `root` mark."""
    template = Catalog(project="gomedic", fuzzy=False)
    for folder in SOURCES:
        for file, line, text, comments, context in extract_from_dir(root / folder, keywords=KEYWORDS):
            template.add(text, None, [(f"{folder}/{file}", line)], auto_comments=comments, context=context)
    return template


def update(folder: Path, template: Catalog) -> list[str]:
    """Rewrite the .po files of one language; return the texts that are new, which go into gomedic.po."""
    wanted = {message.id for message in template if message.id}
    parts = {path: _read(path) for path in sorted({*folder.glob("*.po"), folder / "gomedic.po"})}
    known = {message.id for part in parts.values() for message in part if message.id}
    for part in parts.values():
        for gone in [message.id for message in part if message.id and message.id not in wanted]:
            part.delete(gone)
    for text in sorted(wanted - known):
        parts[folder / "gomedic.po"].add(text)
    for path, part in parts.items():
        with path.open("wb") as file:
            write_po(file, part, width=WIDTH, no_location=True, ignore_obsolete=True)
    return sorted(wanted - known)


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=path.parents[1].name, project="gomedic", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def main() -> int:
    template = extracted(ROOT)
    for folder in sorted(LOCALE.glob("*/LC_MESSAGES")):
        for text in update(folder, template):
            print(f"{folder.parent.name}: not translated yet: {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
