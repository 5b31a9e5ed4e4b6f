"""What there is to know about a kind of fault, shown in place of the finding until the person goes back."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gomedic.diagnosis import Check
from gomedic.pages import Section, page_of
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.scroll import Scroll
from gomedic_gui.text import tr


class CheckPage(QWidget):
    """Shows the page of a check, which needs no network; its links open in the person's browser."""

    closed = Signal()

    def __init__(self, back: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._back = Button("back", "quiet")
        self._back.setObjectName("back-to-finding")
        self._back.say(back or tr(N_("Back to the finding")), tr(N_("Leaves this page (Esc)")))
        self._back.press_by("Esc")
        self._back.clicked.connect(self.closed)
        self._scroll = Scroll()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that the arrow keys scroll
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._scroll, 1)

    def show_check(self, check: Check) -> None:
        """Show the page of a check, from its top."""
        page = page_of(check, tr)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(8, 8, 18, 16)
        layout.setSpacing(8)
        layout.addWidget(label(page.title, scale=1.2, bold=True))
        layout.addWidget(label(page.intro, muted=True))
        layout.addWidget(_quoted(page.example))
        for section in page.sections:
            layout.addSpacing(6)
            layout.addWidget(label(section.heading, scale=0.92, bold=True, muted=True))
            _add(layout, section, check)
        layout.addStretch(1)
        self._scroll.setWidget(body)
        self._scroll.setAccessibleName(page.title)

    def begin_reading(self) -> None:
        """Let the keys move the text."""
        self._scroll.setFocus()


def _quoted(text: str) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(12, 10, 12, 10)
    layout.addWidget(label(text))
    return card


def _add(layout: QVBoxLayout, section: Section, check: Check) -> None:
    for paragraph in section.paragraphs:
        layout.addWidget(label(paragraph))
    for severity, point in zip(check.severities, section.points, strict=False):
        row = GlyphRow()
        row.show_level(severity.value, point)
        layout.addWidget(row)
    if section.threads:
        layout.addWidget(_links(section))


def _links(section: Section) -> QLabel:
    """Return links to threads, each on a line, reached by Tab; the pointer shows the address."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
    )
    made.setOpenExternalLinks(True)
    rows = [f'<a href="{escape(each.address)}">{escape(each.name)}</a>' for each in section.threads]
    made.setText('<p style="line-height:130%">' + "<br>".join(rows) + "</p>")
    made.setAccessibleName(f"{section.heading}: {', '.join(each.name for each in section.threads)}")
    made.linkHovered.connect(made.setToolTip)
    return made
