"""Make the window's own font with Chinese, for machines that have none: `python packaging/make_font.py NotoSansCJK-Regular.ttc`.

The font is that of Debian's package fonts-noto-cjk; docs/packaging.md says when this is to be done again.
"""

import argparse
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "gui/gomedic_gui/font/gomedic-sans-sc.otf"
FAMILY = "gomedic Sans SC"
FACE = "Noto Sans CJK SC"
LARGEST = 2_500_000  # bytes
_COPYRIGHT, _FAMILY, _STYLE, _UNIQUE, _FULL, _POSTSCRIPT = 0, 1, 2, 3, 4, 6
_KEPT = {_COPYRIGHT, 7, 8, 9, 11, 13, 14}  # who made it, and under which licence


def characters() -> set[str]:
    """Return what the window may show: its texts, Qt's own, and the characters that names of people and folders have."""
    found = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2040))}
    for path in (ROOT / "resources/gomedic_resources/locale").rglob("*.po"):
        found |= set(path.read_text(encoding="utf-8"))
    return {character for character in found | gb2312() | qts_own() if character.isprintable()}


def gb2312() -> set[str]:
    """Return the signs of GB 2312 (rows 1 to 9) and its 6763 characters (rows 16 to 87)."""
    rows = (*range(1, 10), *range(16, 88))
    codes = (bytes((0xA0 + row, 0xA0 + cell)) for row in rows for cell in range(1, 95))
    return set("".join(code.decode("gb2312", "ignore") for code in codes))


def qts_own() -> set[str]:
    """Return the characters of Qt's stock texts; a .qm file has them as UTF-16, big endian."""
    from PySide6.QtCore import QLibraryInfo

    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    data = Path(folder, "qtbase_zh_CN.qm").read_bytes()
    both = data.decode("utf-16-be", "ignore") + data[1:].decode("utf-16-be", "ignore")
    common = gb2312() | {chr(code) for code in range(0x3000, 0x3020)}
    return set(both) & common


def made(source: Path) -> TTFont:
    """Return the font's subset, under a name of its own."""
    options = subset.Options(
        layout_features=[], hinting=False, name_IDs=["*"], notdef_outline=True, glyph_names=False
    )
    font = next(
        font for font in TTCollection(source, lazy=True).fonts if font["name"].getDebugName(4) == FACE
    )
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(characters()))
    cutter.subset(font)
    rename(font)
    font["head"].modified = font["head"].created  # the same font, the same bytes
    font.recalcTimestamp = False
    return font


def rename(font: TTFont) -> None:
    """Give the subset its own names: a whole font of the old name may be installed one day."""
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in _KEPT and record.langID == 0x409]
    names = {_FAMILY: FAMILY, _STYLE: "Regular", _UNIQUE: FAMILY, _FULL: FAMILY, _POSTSCRIPT: "gomedicSansSC"}
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames[0] = names[_POSTSCRIPT]
        top = cff.topDictIndex[0]
        top.FullName, top.FamilyName = FAMILY, FAMILY


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("source", type=Path)
    font = made(words.parse_args().source)
    TARGET.parent.mkdir(exist_ok=True)
    font.save(TARGET)
    size = TARGET.stat().st_size
    print(f"{TARGET.name}: {len(font.getBestCmap())} characters, {size / 1e6:.2f} MB")
    return int(size > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
