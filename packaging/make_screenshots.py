"""Save pictures of every page of the window: python packaging/make_screenshots.py [--only NAME] [--out FOLDER]."""

import argparse
import gettext
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from gomedic_gui.app import application
from gomedic_gui.case import case_of
from gomedic_gui.style import wear
from gomedic_gui.text import speak
from gomedic_gui.window import Window
from gui.samples import HEALTHY, ILL, OLD_RECEIPT, PREPEND, RECEIPT, SHADOWED, Clinic

SIZE = (960, 640)


def main() -> int:
    """Save the pictures that were asked for."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--only", default="")
    asked.add_argument("--out", type=Path, default=ROOT / "docs/screenshots")
    asked.add_argument("--languages", nargs="*", default=["en", "zh_CN"])
    asked.add_argument("--schemes", nargs="*", default=["light", "dark"])
    asked.add_argument("--size", nargs=2, type=int, default=SIZE)
    options = asked.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    app = application("en")
    for language in options.languages:
        speak(_catalogue(language))
        for scheme in options.schemes:
            wear(app, scheme)
            for name, arrange in PAGES.items():
                if options.only in name:
                    picture = options.out / f"{name}-{language[:2]}-{scheme}.png"
                    _take(arrange, tuple(options.size), picture)
    return 0


def _catalogue(language: str) -> gettext.NullTranslations:
    """Return the window's texts and those of the samples, compiled in memory."""
    if language == "en":
        return gettext.NullTranslations()
    catalogue = gettext.NullTranslations()
    sources = [ROOT / f"resources/gomedic_resources/locale/{language}/LC_MESSAGES/window.po"]
    sources += [ROOT / f"tests/gui/samples-{language}.po"]
    for source in sources:
        compiled = BytesIO()
        with source.open("rb") as po:
            write_mo(compiled, read_po(po))
        compiled.seek(0)
        texts = gettext.GNUTranslations(compiled)
        texts.add_fallback(catalogue)
        catalogue = texts
    return catalogue


def _take(arrange: Callable[[Window], None], size: tuple[int, int], picture: Path) -> None:
    window = Window(Clinic().doctor())
    window.resize(*size)
    window.show()
    arrange(window)
    _let_paint()
    window.grab().save(str(picture))
    window.close()
    window.deleteLater()
    _let_paint()


def _let_paint(milliseconds: int = 60) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _show(window: Window, clinic: Clinic) -> None:
    window.show_case(case_of(clinic.doctor(), clinic.examination))
    window.show_overview()


def _findings(window: Window) -> None:
    _show(window, Clinic(ILL))


def _healthy(window: Window) -> None:
    _show(window, Clinic(HEALTHY))


def _preview(window: Window) -> None:
    _findings(window)
    window.preview(SHADOWED, PREPEND)


def _result(window: Window) -> None:
    _preview(window)
    window.treat()
    _wait_for(lambda: window.pages.currentWidget() is window.result)


def _sessions(window: Window) -> None:
    _findings(window)
    window.tabs.setCurrentWidget(window.sessions)
    window.sessions.cards.setFocus()


def _history(window: Window) -> None:
    clinic = Clinic(ILL)
    clinic.receipts = (RECEIPT, OLD_RECEIPT)
    _show(window, clinic)
    window.tabs.setCurrentWidget(window.history)


def _wait_for(done: Callable[[], bool]) -> None:
    for _attempt in range(200):
        if done():
            return
        _let_paint(10)


PAGES = {
    "findings": _findings,
    "sessions": _sessions,
    "preview": _preview,
    "result": _result,
    "history": _history,
    "healthy": _healthy,
}

if __name__ == "__main__":
    sys.exit(main() if QApplication.instance() is None else 1)
