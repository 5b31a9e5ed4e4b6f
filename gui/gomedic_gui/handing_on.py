"""What a page hands on: copied, or saved where the person says; and what came of it."""

import os
from collections.abc import Callable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from gomedic.texts import N_
from gomedic.writing import save
from gomedic_gui.asides import Asides
from gomedic_gui.failure import Failure
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.places import tilde
from gomedic_gui.text import tr


class HandingOn(GlyphRow):
    """Copies and saves, and is itself the row that tells what came of it; hidden until there is something to tell."""

    ended = Signal()  # nothing is being saved any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._asides = Asides(self)
        self._asides.ended.connect(self.ended)
        self.setObjectName("told")
        self.hide()

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved."""
        return self._asides.busy

    def stop(self) -> None:
        """Ask what is at work to stop; a file is then whole, or not there."""
        self._asides.cancel()

    def copy(self, text: str, words: str) -> None:
        """Put a text on the clipboard, and say so with `words`."""
        QGuiApplication.clipboard().setText(text)
        self.tell("ok", words)

    def ask_file(
        self, dialog: str, title: str, file: str, then: Callable[[str], None], kind: str = ""
    ) -> None:
        """Ask where to save a file that shall be called so; the dialog asks before one is written over."""
        asking = QFileDialog(self, title, filter=kind)
        asking.setObjectName(dialog)
        asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if kind:
            asking.setDefaultSuffix(os.path.splitext(file)[1].lstrip("."))
        asking.selectFile(file)
        asking.fileSelected.connect(then)
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def save(self, path: str, make: Callable[[], bytes], *, mode: int | None = None, home: str = "") -> None:
        """Save what `make` returns, over whatever is there: the person has agreed."""
        self._asides.run(
            _saving(path, make, mode),
            lambda saved: self.tell("ok", tr(N_("Saved as {file}."), file=tilde(saved, home))),
            self._after_failure,
        )

    def tell(self, level: str, words: str) -> None:
        """Say something, to a screen reader too."""
        self.show_level(level, words)
        self.show()
        self.announce()

    def _after_failure(self, failure: Failure) -> None:
        self.tell("error", tr(failure.message))


def _saving(path: str, make: Callable[[], bytes], mode: int | None) -> Iterator[str]:
    save(path, make(), overwrite=True, mode=mode)
    yield os.path.abspath(path)
