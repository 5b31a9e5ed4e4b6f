"""What was found in one image: the launch-way table, and each finding with its layer and what to write against it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from gomedic.diagnosis import Check
from gomedic.model import Evidence, Finding
from gomedic.pages import check_named
from gomedic.texts import N_, Message
from gomedic_gui.button import Button
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.images import certainty, grave_first, where_from
from gomedic_gui.labels import code_font, label
from gomedic_gui.launch_model import LaunchModel
from gomedic_gui.scroll import Scroll
from gomedic_gui.sign_delegate import SignDelegate
from gomedic_gui.tables import plain_table
from gomedic_gui.text import tr

if TYPE_CHECKING:
    from gomedic.images.model import ImageReport

_MOST_ROWS = 14  # of the table without a bar of its own: it has as many ways
_MOST_SHOWN = 4  # pieces of evidence of one finding


class ImagePanel(Scroll):
    """Shows one report."""

    about_wanted = Signal(object)  # Check

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LaunchModel(self)
        self.table = _table(self.model)
        self._certain = label(muted=True)
        self._found = QVBoxLayout()
        self._found.setSpacing(8)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(10)
        layout.addLayout(self._found)
        layout.addWidget(label(tr(N_("Which ways of starting work find Go")), scale=1.1, bold=True))
        layout.addWidget(self._certain)
        layout.addWidget(self.table)
        layout.addStretch(1)
        self.setWidget(body)

    def show_report(self, report: "ImageReport") -> None:
        """Show another image."""
        from gomedic.policy.applying import verdict_in  # it needs all checks

        while (old := self._found.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        judged = verdict_in(report.examination)
        if judged is not None:
            self._found.addWidget(_judged(judged))
        for finding in grave_first(report.examination.findings):
            self._found.addWidget(self._shown(finding))
        self._certain.setText(tr(certainty(report)))
        self.model.show_ways(report.launch_ways)
        self.table.selectRow(0)
        self.table.setFixedHeight(_height(self.table))
        self.verticalScrollBar().setValue(0)

    def _shown(self, finding: Finding) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(3)
        row = GlyphRow(bold=True)
        row.show_level(finding.severity.value, tr(finding.message))
        layout.addWidget(row)
        for evidence in _different(finding.evidence)[:_MOST_SHOWN]:
            _add_evidence(layout, evidence)
        for advice in finding.advice:
            layout.addWidget(_indented(tr(advice), code=True))
        check = check_named(finding.check)
        if check is not None:
            layout.addWidget(self._about(check), 0, Qt.AlignmentFlag.AlignLeft)
        return made

    def _about(self, check: Check) -> Button:
        button = Button(look="quiet")
        button.setObjectName("about-image")
        button.say(
            tr(N_("About this kind of fault")), tr(N_("What it means, how it is cured, and who met it"))
        )
        button.setAccessibleName(tr(N_("About this kind of fault: {title}"), title=Message(check.title)))
        button.clicked.connect(lambda: self.about_wanted.emit(check))
        return button


def _judged(verdict: Message) -> QWidget:
    from gomedic.policy.applying import HOLDS

    row = GlyphRow(bold=True)
    row.show_level("ok" if verdict.text == HOLDS else "error", tr(verdict))
    return row


def _different(evidence: tuple[Evidence, ...]) -> list[Evidence]:
    """Return the evidence without what was seen in another session too."""
    return list({(e.file, e.line, e.text): e for e in evidence}.values())


def _add_evidence(layout: QVBoxLayout, evidence: Evidence) -> None:
    place = f"{evidence.file}:{evidence.line}   " if evidence.file and evidence.line else ""
    layout.addWidget(_indented(place + evidence.text, code=True, muted=True))
    made = where_from(evidence.made_by)
    if made is not None:
        layout.addWidget(_indented(tr(made), muted=True))


def _indented(text: str, *, code: bool = False, muted: bool = False) -> QWidget:
    made = label(text, muted=muted)
    made.setContentsMargins(26, 0, 0, 0)
    if code:
        made.setFont(code_font())
    return made


def _table(model: LaunchModel) -> QTableView:
    view = QTableView()
    plain_table(view, model, SignDelegate(view), tr(N_("Which ways of starting work find Go")))
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    across = view.horizontalHeader()
    across.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    across.setStretchLastSection(True)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return view


def _height(view: QTableView) -> int:
    rows = min(view.model().rowCount(), _MOST_ROWS)
    high = sum(view.rowHeight(row) for row in range(rows))
    bar = view.horizontalScrollBar().sizeHint().height()
    return high + view.horizontalHeader().sizeHint().height() + 2 * view.frameWidth() + bar
