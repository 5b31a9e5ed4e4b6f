"""The whole examination to hand on: to copy, or to save as a page or as JSON, with names hidden."""

import os
from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from gomedic.model import Examination
from gomedic.texts import N_
from gomedic.writing import save
from gomedic_gui.asides import Asides
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.doctor import Doctor
from gomedic_gui.failure import Failure
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import code_font, label
from gomedic_gui.places import tilde
from gomedic_gui.text import tr

_KINDS = {"html": N_("Web page (*.html)"), "json": N_("JSON (*.json)"), "text": N_("Text (*.txt)")}
_ENDINGS = {"html": "html", "json": "json", "text": "txt"}


class ReportPage(QWidget):
    """Shows the report as text, exactly as it would be copied; saves it where the person says."""

    ended = Signal()  # nothing is being saved any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doctor = doctor
        self._asides = Asides(self)
        self._asides.ended.connect(self.ended)
        self._examination: Examination | None = None
        self._stale = True
        self._shown = QPlainTextEdit(readOnly=True)
        self._shown.setObjectName("report")
        self._shown.setFont(code_font())
        self._shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._shown.setTabChangesFocus(True)
        self._shown.setAccessibleName(tr(N_("The report, as it would be handed on")))
        self._hide = QCheckBox(tr(N_("Hide na&mes, home folders and addresses of mail")))
        self._hide.setObjectName("hide-names")
        self._hide.setChecked(True)
        self._hide.toggled.connect(self._show)
        self._told = GlyphRow()
        self._told.setObjectName("told")
        self._told.hide()
        self._lay_out()
        self.setFocusProxy(self._hide)  # the first place: Tab passes over what stands before a proxy

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved."""
        return self._asides.busy

    def stop(self) -> None:
        """Ask what is at work to stop; a file is then whole, or not there."""
        self._asides.cancel()

    def show_case(self, case: Case) -> None:
        """Report on this case from now on."""
        self._examination = case.examination
        self._told.hide()
        self._stale = True
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if self._stale:
            self._show()

    # ------------------------------------------------------------ what can be done

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self._report("text"))
        self._tell("ok", tr(N_("Copied. You can insert it into a mail or a question now.")))

    def choose_file(self, form: str) -> None:
        """Ask where to save the report; the dialog asks before a file is written over."""
        ending = _ENDINGS[form]
        asking = QFileDialog(self, tr(N_("Save the report")), filter=tr(_KINDS[form]))
        asking.setObjectName("save-report")
        asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asking.setDefaultSuffix(ending)
        asking.selectFile(f"gomedic-report.{ending}")
        asking.fileSelected.connect(lambda path: self.save(path, form))
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def save(self, path: str, form: str) -> None:
        """Save the report, over whatever is there: the person has agreed."""
        content = self._report(form).encode("utf-8", "backslashreplace")
        self._asides.run(_saving(path, content), self._after_saving, self._after_failure)

    def _after_saving(self, path: str) -> None:
        home = self._examination.account.home if self._examination else ""
        self._tell("ok", tr(N_("Saved as {file}."), file=tilde(path, home)))

    def _after_failure(self, failure: Failure) -> None:
        self._tell("error", tr(failure.message))

    def _tell(self, level: str, words: str) -> None:
        self._told.show_level(level, words)
        self._told.show()
        self._told.announce()

    # ------------------------------------------------------------ what is shown

    def _show(self) -> None:
        self._stale = False
        self._shown.setPlainText(self._report("text"))
        self._told.hide()

    def _report(self, form: str) -> str:
        if self._examination is None:
            return ""
        return self._doctor.report(self._examination, form, self._hide.isChecked())

    def _lay_out(self) -> None:
        words = N_(
            "For whoever helps you, or for a question on the net. Passwords and tokens are always left out."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        layout.addWidget(label(tr(words), muted=True))
        layout.addWidget(self._hide)
        layout.addWidget(self._shown, 1)
        layout.addWidget(self._told)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        for name, look, text, explained, action in (
            ("copy-report", "primary", N_("C&opy"), N_("Copies the report as text"), self.copy),
            ("save-html", "", N_("&Save as a web page…"), N_("One file that any browser shows and prints"), self._html),
            ("save-json", "", N_("Save as &JSON…"), N_("For programs: what gomedic check --json prints"), self._json),
        ):  # fmt: skip
            button = Button("copy" if look else "", look)
            button.setObjectName(name)
            button.say(tr(text), tr(explained))
            button.clicked.connect(action)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _html(self) -> None:
        self.choose_file("html")

    def _json(self) -> None:
        self.choose_file("json")


def _saving(path: str, content: bytes) -> Iterator[str]:
    save(path, content, overwrite=True)
    yield os.path.abspath(path)
