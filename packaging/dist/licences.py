"""Collect the licence texts of all that is bundled into a folder, and say how Qt's libraries are replaced."""

import argparse
import gzip
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from parts import Part, parts, referred

_HEAD = """What this bundle is made of, and under which licences. gomedic itself is under the MIT licence: gomedic/LICENSE.
The texts lie beside this file, in the bundle for containers in texts.tar.xz.

"""
_QT = """
Qt and Qt for Python are used under the GNU Lesser General Public License, version 3 (common/LGPL-3, common/GPL-3).
They are not changed, and linked dynamically: Qt's libraries are files of their own, lib/_internal/libQt6*.so.6, its
plug-ins lie in lib/_internal/PySide6/Qt/plugins, and each may be replaced by another build of a compatible version.
The self-contained executable holds the same folder; take the folder bundle to replace a library. Their source is that
of Qt for Python {version}, and is published by The Qt Company at https://download.qt.io/official_releases/QtForPython/
and https://download.qt.io/official_releases/qt/. The licences of what Qt itself is made of are listed at
https://doc.qt.io/qt-6/licenses-used-in-qt.html.
"""


def collect(found: Sequence[Part], folder: Path, own: Path) -> None:
    """Write the texts into `folder`, one folder for each part, and README."""
    shutil.rmtree(folder, ignore_errors=True)
    _copy(str(own), folder / "gomedic" / "LICENSE")
    for part in found:
        for text in part.texts:
            if "/common-licenses/" not in text:
                _copy(text, folder / part.name / Path(text).name)
    copied = [str(path) for path in folder.rglob("*") if path.is_file()]
    shared = {text for part in found for text in part.texts if "/common-licenses/" in text}
    for text in sorted(referred(copied) | shared):
        _copy(text, folder / "common" / Path(text).name)
    (folder / "README").write_text(readme(found))


def _copy(source: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    data = Path(source).read_bytes()
    target.write_bytes(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)


def readme(found: Sequence[Part]) -> str:
    """Return the list of parts, and what the LGPL wants said."""
    lines = [f"{part.name} {part.version}: {part.licence or part.name + '/copyright'}\n" for part in found]
    qt = next((part.version for part in found if part.name == "qt"), None)
    return _HEAD + "".join(lines) + (_QT.format(version=qt) if qt else "")


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("work", type=Path, help="PyInstaller's folder with lists")
    words.add_argument("folder", type=Path)
    words.add_argument("--own", type=Path, required=True, help="gomedic's own licence")
    given = words.parse_args()
    collect(parts(given.work), given.folder, given.own)
    return 0


if __name__ == "__main__":
    sys.exit(main())
