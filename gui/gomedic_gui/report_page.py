"""The whole examination to hand on: to copy, or to save in one of its forms, with names hidden."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from gomedic.model import Examination
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.doctor import Doctor
from gomedic_gui.handing_on import HandingOn
from gomedic_gui.labels import code_font, label
from gomedic_gui.text import tr

_KINDS = {
    "html": N_("Web page (*.html)"),
    "json": N_("JSON (*.json)"),
    "jsonl": N_("JSON Lines (*.jsonl)"),
    "junit": N_("JUnit XML (*.xml)"),
    "text": N_("Text (*.txt)"),
}
_ENDINGS = {"junit": "xml", "text": "txt"}  # of the others: their names
_OTHERS = {
    "text": N_("&Text, as shown here…"),
    "json": N_("&JSON, for programs: what gomedic check --json prints…"),
    "jsonl": N_("JSON &Lines, to search and to count…"),
    "junit": N_("JUnit &XML, for build machines…"),
}


class ReportPage(QWidget):
    """Shows the report as text, exactly as it would be copied; saves it where the person says."""

    ended = Signal()  # nothing is being saved any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doctor = doctor
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
        self._told = HandingOn()
        self._told.ended.connect(self.ended)
        self._lay_out()
        self.setFocusProxy(self._hide)  # the first place: Tab passes over what stands before a proxy

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved."""
        return self._told.is_busy

    def stop(self) -> None:
        """Ask what is at work to stop; a file is then whole, or not there."""
        self._told.stop()

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
        words = tr(N_("Copied. You can insert it into a mail or a question now."))
        self._told.copy(self._report("text"), words)

    def choose_file(self, form: str) -> None:
        """Ask where to save the report; the dialog asks before a file is written over."""
        file = f"gomedic-report.{_ENDINGS.get(form, form)}"
        title, kind = tr(N_("Save the report")), tr(_KINDS[form])
        self._told.ask_file("save-report", title, file, lambda path: self.save(path, form), kind)

    def save(self, path: str, form: str) -> None:
        """Save the report, over whatever is there: the person has agreed."""
        content = self._report(form).encode("utf-8", "backslashreplace")
        home = self._examination.account.home if self._examination else ""
        self._told.save(path, lambda: content, home=home)

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
        save_html = partial(self.choose_file, "html")
        for name, look, text, explained, action in (
            ("copy-report", "primary", N_("C&opy"), N_("Copies the report as text"), self.copy),
            ("save-html", "", N_("&Save as a web page…"), N_("One file that any browser shows and prints"), save_html),
        ):  # fmt: skip
            button = Button("copy" if look else "", look)
            button.setObjectName(name)
            button.say(tr(text), tr(explained))
            button.clicked.connect(lambda _checked=False, action=action: action())
            row.addWidget(button)
        row.addWidget(self._other_forms())
        row.addStretch(1)
        return row

    def _other_forms(self) -> Button:
        """Return the button with the forms that are for programs rather than for people."""
        button = Button()
        button.setObjectName("save-other")
        button.say(tr(N_("Save in another &form")), tr(N_("For programs, spreadsheets and build machines")))
        menu = QMenu(button)
        for form, text in _OTHERS.items():
            action = menu.addAction(tr(text))
            action.setObjectName(f"save-{form}")
            action.triggered.connect(lambda _checked=False, form=form: self.choose_file(form))
        button.setMenu(menu)
        return button
