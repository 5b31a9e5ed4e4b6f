"""Set-ups that make Go found, to copy or save: for images, services, build machines, shells."""

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from gomedic.model import Examination
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.case import Case
from gomedic_gui.handing_on import HandingOn
from gomedic_gui.images import SetUp, kinds, set_up
from gomedic_gui.labels import code_font, label
from gomedic_gui.text import tr


class ExportsPage(QWidget):
    """Shows each kind of set-up as it would be written for this machine's Go."""

    ended = Signal()  # nothing is being saved any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seen: Examination | None = None
        self._set_up = SetUp(None)
        self._model = QStringListModel(self)
        self.kinds = _list(self._model)
        self.kinds.selectionModel().currentRowChanged.connect(self._show)
        self._about = label()
        self._place = label(muted=True)
        self._text = QPlainTextEdit(readOnly=True)
        self._text.setObjectName("set-up")
        self._text.setFont(code_font())
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName(tr(N_("The set-up, as it would be written")))
        self._told = HandingOn()
        self._told.ended.connect(self.ended)
        self._lay_out()
        self.setFocusProxy(self.kinds)

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved."""
        return self._told.is_busy

    def stop(self) -> None:
        """Ask what is at work to stop; a file is then whole, or not there."""
        self._told.stop()

    def show_case(self, case: Case) -> None:
        """Write for this machine from now on."""
        self._seen = case.examination
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if not self._model.rowCount():
            self._model.setStringList([tr(kind.title) for kind in kinds()])
            self.kinds.setFixedWidth(self.kinds.sizeHintForColumn(0) + 2 * self.kinds.frameWidth() + 8)
            self.kinds.setCurrentIndex(self._model.index(0))
        self._show()

    # ------------------------------------------------------------ what can be done

    def copy(self) -> None:
        """Put the set-up on the clipboard."""
        self._told.copy(self._text.toPlainText(), tr(N_("Copied.")))

    def choose_file(self) -> None:
        """Ask where to save it; the dialog asks before a file is written over."""
        made = self._set_up.made
        if made is not None:
            self._told.ask_file("save-set-up", tr(N_("Save the set-up")), made.file, self.save)

    def save(self, path: str) -> None:
        """Save it with the mode that it needs, over whatever is there: the person has agreed."""
        made = self._set_up.made
        if made is not None:
            self._told.save(path, made.text.encode, mode=made.mode)

    # ------------------------------------------------------------ what is shown

    def _show(self, _current: QModelIndex | None = None) -> None:
        row = self.kinds.currentIndex().row()
        if not 0 <= row < len(kinds()):
            return
        self._set_up = set_up(
            kinds()[row].id, self._seen, self._goroot.text().strip(), self._china.isChecked()
        )
        made = self._set_up.made
        self._about.setText(tr(made.about) if made else "")
        self._place.setText(tr(made.place) if made else "")
        self._text.setPlainText(made.text if made else "")
        for button in (self._copy, self._save):
            button.setEnabled(made is not None)
        self._told.setVisible(bool(self._set_up.notes))
        if self._set_up.notes:
            said = " ".join(tr(note) for note in self._set_up.notes)
            self._told.show_level("warning" if made else "error", said)

    # ------------------------------------------------------------ how it is put together

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(8)
        for each in (self._about, self._place):
            right.addWidget(each)
        right.addLayout(self._options())
        right.addWidget(self._text, 1)
        right.addWidget(self._told)
        right.addLayout(self._buttons())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(16)
        layout.addWidget(self.kinds)
        layout.addLayout(right, 1)

    def _options(self) -> QHBoxLayout:
        self._goroot = QLineEdit()
        self._goroot.setObjectName("export-goroot")
        self._goroot.setPlaceholderText(tr(N_("this machine's own Go")))
        self._goroot.setAccessibleName(tr(N_("Folder of Go")))
        self._goroot.editingFinished.connect(self._show)
        named = label(tr(N_("Folder of G&o:")))
        named.setWordWrap(False)
        named.setTextFormat(Qt.TextFormat.AutoText)
        named.setBuddy(self._goroot)
        self._china = QCheckBox(tr(N_("For mainland Ch&ina")))
        self._china.setObjectName("export-china")
        self._china.setToolTip(tr(N_("Sets GOPROXY to a mirror that is reached there")))
        self._china.toggled.connect(self._show)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(named)
        row.addWidget(self._goroot, 1)
        row.addWidget(self._china)
        return row

    def _buttons(self) -> QHBoxLayout:
        self._copy, self._save = Button("copy", "primary"), Button()
        for button, name, text, explained, action in (
            (self._copy, "copy-set-up", N_("&Copy"), N_("Copies the set-up as text"), self.copy),
            (self._save, "save-set-up-as", N_("&Save…"), N_("With the mode that it needs"), self.choose_file),
        ):
            button.setObjectName(name)
            button.say(tr(text), tr(explained))
            button.clicked.connect(action)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._copy)
        row.addWidget(self._save)
        row.addStretch(1)
        return row


def _list(model: QStringListModel) -> QListView:
    view = QListView()
    view.setProperty("plain", True)
    view.setModel(model)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setAccessibleName(tr(N_("Kinds of set-up")))
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return view
