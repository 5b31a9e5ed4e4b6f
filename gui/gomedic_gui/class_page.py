"""The reports of a class put together: who has what, and which cause hits most."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gomedic.reporting.merging import Overview
from gomedic.texts import N_
from gomedic_gui.asides import Asides
from gomedic_gui.button import Button
from gomedic_gui.class_model import ClassModel
from gomedic_gui.doctor import Doctor
from gomedic_gui.failure import Failure
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.handing_on import HandingOn
from gomedic_gui.labels import label
from gomedic_gui.sign_delegate import SignDelegate
from gomedic_gui.tables import plain_table
from gomedic_gui.text import catalogue, tr

ENDINGS = (".json", ".jsonl")
_WHAT = N_(
    "Choose the reports of a class, or drop them here: what each person saved as JSON on the Report page, or what gomedic check --json printed."
)
_KINDS = {
    "html": N_("Web page (*.html)"),
    "csv": N_("Table for a spreadsheet (*.csv)"),
    "json": N_("JSON (*.json)"),
}


class ClassPage(QWidget):
    """Reads reports, shows their causes, and saves the overview."""

    ended = Signal()  # nothing is being read or saved any more

    def __init__(self, doctor: Doctor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doctor = doctor
        self._files: tuple[str, ...] = ()
        self._overview = Overview((), (), ())
        self._asides = Asides(self, threads=1)
        self._told = HandingOn()
        for each in (self._asides, self._told):
            each.ended.connect(self.ended)
        self.model = ClassModel(self)
        self.table = _table(self.model)
        self._verdict = GlyphRow(bold=True)
        self._verdict.setObjectName("class-verdict")
        self._left_out = GlyphRow()
        self._left_out.setObjectName("left-out")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(label(tr(_WHAT), muted=True))
        layout.addLayout(self._choosing())
        for row in (self._verdict, self._left_out):
            row.hide()
            layout.addWidget(row)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)
        layout.addWidget(self._told)
        layout.addLayout(self._saving())
        self.table.hide()
        self.setFocusProxy(self._choose)

    @property
    def is_busy(self) -> bool:
        """Whether something is being read or saved."""
        return self._asides.busy or self._told.is_busy

    def stop(self) -> None:
        """Ask what is at work to stop."""
        self._asides.cancel()
        self._told.stop()

    # ------------------------------------------------------------ what can be done

    def read(self, files: Sequence[str]) -> None:
        """Put these reports together."""
        self._files = tuple(files)
        self._read_again()

    def choose_files(self) -> None:
        """Ask for reports."""
        asking = QFileDialog(
            self, tr(N_("Choose the reports of a class")), filter=tr(N_("Reports (*.json *.jsonl)"))
        )
        asking.setObjectName("choose-reports-dialog")
        asking.setFileMode(QFileDialog.FileMode.ExistingFiles)
        asking.filesSelected.connect(self.read)
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def choose_file(self, form: str) -> None:
        """Ask where to save the overview."""
        title, kind = tr(N_("Save the overview")), tr(_KINDS[form])
        self._told.ask_file("save-overview", title, f"class.{form}", lambda path: self.save(path, form), kind)

    def save(self, path: str, form: str) -> None:
        """Save the overview, over whatever is there: the person has agreed."""
        from gomedic.reporting.overview import overview_as

        text = overview_as(self._overview, catalogue(), form)
        self._told.save(path, lambda: text.encode("utf-8", "backslashreplace"))

    # ------------------------------------------------------------ what comes of it

    def _read_again(self) -> None:
        if self._files:
            work = self._doctor.joined(self._files, self._hide.isChecked())
            self._asides.run(work, self._show_overview, self._show_failure)

    def _show_overview(self, overview: Overview) -> None:
        self._overview = overview
        self.model.show_overview(overview)
        self.table.setVisible(bool(overview.hits))
        self.table.selectRow(0)
        well, count = overview.well, len(overview.reports)
        said = (
            tr(N_("{well} of {all} are well."), well=well, all=count)
            if count
            else tr(N_("No report could be read."))
        )
        level = "unknown" if not count else "ok" if well == count else "warning"
        self._verdict.show_level(level, said)
        self._verdict.show()
        self._verdict.announce()
        self._left_out.show_level("unknown", "\n".join(tr(message) for message in overview.left_out))
        self._left_out.setVisible(bool(overview.left_out))
        self._told.hide()
        for button in (self._save, self._other):
            button.setEnabled(bool(count))

    def _show_failure(self, failure: Failure) -> None:
        self._told.tell("error", tr(failure.message))

    # ------------------------------------------------------------ how it is put together

    def _choosing(self) -> QHBoxLayout:
        self._choose = Button("", "primary")
        self._choose.setObjectName("choose-reports")
        self._choose.say(tr(N_("Choose rep&orts…")), tr(N_("Several can be chosen at once")))
        self._choose.clicked.connect(self.choose_files)
        self._hide = QCheckBox(tr(N_("Show numbers &instead of names")))
        self._hide.setObjectName("number-people")
        self._hide.toggled.connect(self._read_again)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._choose)
        row.addWidget(self._hide)
        row.addStretch(1)
        return row

    def _saving(self) -> QHBoxLayout:
        self._save, self._other = Button(), Button()
        self._save.setObjectName("save-overview-html")
        self._save.say(tr(N_("&Save as a web page…")), tr(N_("One file that any browser shows and prints")))
        self._save.clicked.connect(self._save_html)
        self._other.setObjectName("save-overview-other")
        self._other.say(
            tr(N_("Save in another &form")), tr(N_("For programs, spreadsheets and build machines"))
        )
        menu = QMenu(self._other)
        for form, text in (("csv", N_("&Table for a spreadsheet…")), ("json", N_("&JSON, for programs…"))):
            action = menu.addAction(tr(text))
            action.setObjectName(f"save-overview-{form}")
            action.triggered.connect(lambda _checked=False, form=form: self.choose_file(form))
        self._other.setMenu(menu)
        row = QHBoxLayout()
        row.setSpacing(10)
        for button in (self._save, self._other):
            button.setEnabled(False)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _save_html(self) -> None:
        self.choose_file("html")


def _table(model: ClassModel) -> QTableView:
    view = QTableView()
    view.setObjectName("class")
    plain_table(view, model, SignDelegate(view), tr(N_("Which cause hits most")))
    across = view.horizontalHeader()
    across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    across.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return view
