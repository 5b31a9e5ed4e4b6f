"""Keys that work anywhere in the window, and the sheet that tells them."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QDialog, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.labels import label
from gomedic_gui.text import tr

_EVERYWHERE = (
    ("Tab", N_("To the next place")),
    ("Shift+Tab", N_("To the place before")),
    ("↑ ↓", N_("Through a list or table")),
    ("← →", N_("From page to page, while a tab has the focus")),
    ("Alt", N_("Together with the underlined letter: presses that button or opens that page")),
    ("Space", N_("Presses the button that has the focus")),
    ("Esc", N_("Back to the overview")),
)


def add_shortcuts(window: QWidget, actions: Mapping[str, tuple[str, Callable[[], object]]]) -> None:
    """Let keys ("F5 Ctrl+R": either) do what stands beside its name in the person's language; F1 tells them all."""
    whole = {**actions, "F1 ?": (tr(N_("Show the keys")), lambda: show_keys(window))}
    for keys, (name, act) in whole.items():
        made = QAction(name, window)
        made.setShortcuts([QKeySequence(each) for each in keys.split()])
        made.triggered.connect(lambda _checked=False, act=act: act())
        window.addAction(made)


def show_keys(window: QWidget) -> None:
    """Show all keys of a window beside what they do, until Esc."""
    sheet = KeysSheet(window.actions(), window)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    sheet.open()


class KeysSheet(QDialog):
    """A table of keys, so that a screen reader tells row by row."""

    def __init__(self, actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr(N_("Keys")))
        everywhere = [(keys, tr(does)) for keys, does in _EVERYWHERE]
        self._table = _table([*((_keys_of(each), each.text()) for each in actions), *everywhere])
        close = Button()
        close.setObjectName("close-keys")
        close.say(tr(N_("&Close")))
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addWidget(label(tr(N_("Everything can be done without a mouse:"))))
        layout.addWidget(self._table, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(_fitting(self._table, parent))


def _keys_of(action: QAction) -> str:
    shown = QKeySequence.SequenceFormat.NativeText
    return "  ".join(each.toString(shown) for each in action.shortcuts())


def _table(rows: list[tuple[str, str]]) -> QTableWidget:
    made = QTableWidget(len(rows), 2)
    made.setAccessibleName(tr(N_("Keys")))
    made.setHorizontalHeaderLabels([tr(N_("Key")), tr(N_("What it does"))])
    made.verticalHeader().hide()
    made.horizontalHeader().setStretchLastSection(True)
    made.horizontalHeader().setHighlightSections(False)
    made.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setTabKeyNavigation(False)
    made.setWordWrap(True)
    for row, words in enumerate(rows):
        for column, text in enumerate(words):
            made.setItem(row, column, QTableWidgetItem(text))
    made.resizeColumnToContents(0)
    made.setCurrentCell(0, 0)
    return made


def _fitting(table: QTableWidget, window: QWidget | None) -> QSize:
    """Return a size that shows every row where the window has room for it."""
    table.resizeRowsToContents()
    rows = sum(table.rowHeight(row) for row in range(table.rowCount()))
    wanted = QSize(560, rows + table.horizontalHeader().sizeHint().height() + 140)
    return wanted.boundedTo(window.size() - QSize(40, 40)) if window is not None else wanted
