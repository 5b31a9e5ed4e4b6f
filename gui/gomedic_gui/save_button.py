"""A button that saves one of several pictures where the person says."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QMenu, QWidget

from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.picture import save_picture
from gomedic_gui.text import tr


class SaveButton(Button):
    """Offers pictures by name; `told` says what came of it."""

    told = Signal(str, str)  # level, words

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(look="quiet", parent=parent)
        self.setObjectName("save-picture")
        self.say(tr(N_("Sa&ve picture…")), tr(N_("Saves a picture as SVG or PNG")))
        self.setMenu(QMenu(self))

    def offer(self, name: str, view: QAbstractItemView, title: Callable[[], str]) -> None:
        """Offer one more picture: what a view shows, under a title that is asked for when it is saved."""
        action = self.menu().addAction(name)
        action.triggered.connect(lambda _checked=False: self._ask(view, title()))

    def _ask(self, view: QAbstractItemView, title: str) -> None:
        """Let the person choose a file; nothing waits meanwhile."""
        dialog = QFileDialog(self.window(), tr(N_("Save picture")))
        dialog.setObjectName("save-dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["SVG (*.svg)", "PNG (*.png)"])
        dialog.setDefaultSuffix("svg")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen[:3].lower()))
        dialog.fileSelected.connect(lambda path: self.save(view, title, path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, view: QAbstractItemView, title: str, path: str) -> None:
        """Save a picture, and tell what came of it."""
        if save_picture(view, title, path):
            self.told.emit("ok", tr(N_("Saved: {path}"), path=path))
        else:
            self.told.emit("warning", tr(N_("{path} cannot be written. Choose another folder."), path=path))
