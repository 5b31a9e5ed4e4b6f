"""Container images: drop one, and see which faults a class would meet in it; and set-ups to write into one."""

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QListView,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gomedic.diagnosis import Check
from gomedic.model import Progress
from gomedic.texts import N_
from gomedic_gui.announcing import announce
from gomedic_gui.asides import Asides
from gomedic_gui.button import Button
from gomedic_gui.check_page import CheckPage
from gomedic_gui.doctor import Doctor
from gomedic_gui.failure import Failure
from gomedic_gui.image_panel import ImagePanel
from gomedic_gui.images_model import REPORT, ImagesModel
from gomedic_gui.labels import label
from gomedic_gui.save_button import SaveButton
from gomedic_gui.sign_delegate import SignDelegate
from gomedic_gui.text import tr
from gomedic_gui.working_page import show_fraction

if TYPE_CHECKING:
    from gomedic.images.model import ImageReport, NotRead

_WHAT = N_(
    "Drop an image here: what docker save, podman save, skopeo or buildah wrote, or a root file system, as a file or as a folder. No engine is needed, and nothing is changed."
)
_ROWS = 3  # of images seen at once


class ImagesPage(QWidget):
    """Checks images one after another, in the background."""

    ended = Signal()  # nothing is being checked any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doctor = doctor
        self._asides = Asides(self, threads=1)
        self._asides.ended.connect(self._after)
        self.model = ImagesModel(self)
        self.images = _list(self.model)
        self.images.selectionModel().currentRowChanged.connect(self._show_current)
        self.panel = ImagePanel()
        self._says = label(tr(_WHAT), muted=True)
        self._judged = label(muted=True)
        self._judged.hide()
        self._progress = QProgressBar(textVisible=False)
        self._progress.setAccessibleName(tr(N_("Progress")))
        self._progress.hide()
        self._below = QStackedWidget()
        self._below.addWidget(QWidget())
        self._below.addWidget(self.panel)
        self.about = CheckPage(tr(N_("Back to the image")))
        self.about.closed.connect(self._leave_page)
        self.panel.about_wanted.connect(self._show_page)
        self._below.addWidget(self.about)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(self._asking())
        layout.addWidget(self._says)
        layout.addWidget(self._judged)
        layout.addWidget(self._progress)
        layout.addWidget(self.images)
        layout.addWidget(self._below, 1)
        self.images.hide()
        self.setFocusProxy(self._choose_file)

    @property
    def is_busy(self) -> bool:
        """Whether an image is being checked."""
        return self._asides.busy

    def stop(self) -> None:
        """Check no more; what has begun is finished unseen."""
        self._asides.cancel()

    def check(self, path: str) -> None:
        """Check an image, after those that are being checked."""
        self._says.setText(tr(N_("Reading {name}"), name=os.path.basename(path.rstrip("/"))))
        self._progress.setRange(0, 0)
        self._progress.show()
        self._asides.run(
            self._doctor.check_image(path, self._run.isChecked()),
            lambda report: self._add(path, report),
            self._show_failure,
            self._show_progress,
        )

    def show_policy(self, name: str) -> None:
        """Say by which policy images are judged from now on; "": none."""
        self._judged.setText(tr(N_("Judged by the policy {name} too."), name=name))
        self._judged.setVisible(bool(name))

    # ------------------------------------------------------------ what comes of it

    def _add(self, path: str, report: "ImageReport | NotRead") -> None:
        self.model.add(path, report)
        self.images.show()
        self.images.setCurrentIndex(self.model.index(0))
        self._show_current(self.model.index(0))
        announce(self, str(self.model.index(0).data()))

    def _show_current(self, current: QModelIndex, _before: QModelIndex | None = None) -> None:
        from gomedic.images.model import ImageReport

        report = current.data(REPORT)
        known = isinstance(report, ImageReport)
        self._save.setVisible(known)
        self._below.setCurrentIndex(1 if known else 0)
        if known:
            self.panel.show_report(report)

    def _show_page(self, check: Check) -> None:
        self.about.show_check(check)
        self._below.setCurrentWidget(self.about)
        self.about.begin_reading()

    def _leave_page(self) -> None:
        self._below.setCurrentWidget(self.panel)  # which gives the focus back to what had it there

    def _show_progress(self, progress: Progress) -> None:
        self._says.setText(tr(progress.what))
        show_fraction(self._progress, progress.fraction)

    def _show_failure(self, failure: Failure) -> None:
        self._says.setText(tr(failure.message))
        announce(self, tr(failure.message))

    def _after(self) -> None:
        if not self._asides.busy:
            self._progress.hide()
            if self.model.rowCount():
                self._says.setText(tr(_WHAT))
        self.ended.emit()

    # ------------------------------------------------------------ how it is put together

    def _asking(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self._choose_file = Button("", "primary")
        for button, name, text, explained, mode in (
            (self._choose_file, "choose-image", N_("Check an &image file…"), N_("An archive of an image"), QFileDialog.FileMode.ExistingFile),
            (Button(), "choose-image-folder", N_("Check a &folder…"), N_("An OCI layout or a root file system"), QFileDialog.FileMode.Directory),
        ):  # fmt: skip
            button.setObjectName(name)
            button.say(tr(text), tr(explained))
            button.clicked.connect(lambda _checked=False, mode=mode: self._choose(mode))
            row.addWidget(button)
        self._run = QCheckBox(tr(N_("Also s&tart its shells")))
        self._run.setObjectName("run-image")
        self._run.setToolTip(
            tr(
                N_(
                    "In a box without network, from a copy that is thrown away: then the table is measured, not read"
                )
            )
        )
        row.addWidget(self._run)
        row.addStretch(1)
        self._save = SaveButton()
        self._save.told.connect(lambda _level, words: self._says.setText(words))
        self._save.offer(tr(N_("Which ways of starting work find Go")), self.panel.table, self._title)
        self._save.hide()
        row.addWidget(self._save)
        return row

    def _title(self) -> str:
        return str(self.images.currentIndex().data() or "")

    def _choose(self, mode: QFileDialog.FileMode) -> None:
        asking = QFileDialog(self, tr(N_("Check an image")))
        asking.setObjectName("choose-image-dialog")
        asking.setFileMode(mode)
        asking.fileSelected.connect(self.check)
        asking.finished.connect(asking.deleteLater)
        asking.open()


def _list(model: ImagesModel) -> QListView:
    view = QListView()
    view.setProperty("plain", True)
    view.setModel(model)
    view.setItemDelegate(SignDelegate(view))
    view.setAccessibleName(tr(N_("The images that were checked")))
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setMaximumHeight(_ROWS * (view.fontMetrics().height() + 14) + 8)
    return view
