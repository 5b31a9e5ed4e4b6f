"""Mirrors: those of the settings, a way to try one, and a way to add it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from gomedic.settings import Source
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.failure import Failure
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.settings_field import SettingField
from gomedic_gui.settings_list import Line, SettingsList
from gomedic_gui.text import listed, tr

if TYPE_CHECKING:
    from gomedic.settings_edit import Own
    from gomedic.toolchain.measuring import Measured


class SourcesBox(QWidget):
    """Asks for a source to be tried, added or taken out."""

    try_wanted = Signal(object)  # Source
    added = Signal(object)  # Source
    dropped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = SettingsList()
        self._list.dropped.connect(self.dropped)
        self.name = QLineEdit(placeholderText="campus")
        self.name.setObjectName("source-name")
        self.url = QLineEdit(placeholderText="https://go.example.edu/dl/")
        self.url.setObjectName("source-url")
        for field in (self.name, self.url):
            field.textChanged.connect(self._show_ready)
            field.returnPressed.connect(self._add)
        self.entry = SettingField(tr(N_("Address or folder")), self.url)
        self._found = GlyphRow(size=16)
        self._found.setObjectName("tried")
        self._found.hide()
        self._make_buttons()
        self._lay_out()
        self._show_ready()

    def show_own(self, own: "Own") -> None:
        """Show the sources that are set."""
        mine = [Line(each.name, (each.url,), number) for number, each in enumerate(own.settings.sources)]
        names = {each.name for each in own.settings.sources}
        machine = [Line(each.name, (each.url,), None) for each in own.whole.sources if each.name not in names]
        self._list.show_lines((*mine, *machine))

    def clear(self) -> None:
        """Empty the fields: what they held was added."""
        for field in (self.name, self.url):
            field.clear()
        self._found.hide()

    def show_trying(self) -> None:
        """Show that the source is being asked."""
        self._say("unknown", tr(N_("Trying it…")))

    def show_measured(self, found: "Measured") -> None:
        """Show how a source does."""
        self._say("ok" if found.versions else "warning", _in_words(found))

    def show_failure(self, failure: Failure) -> None:
        """Show why it cannot be used."""
        self._say("error", tr(failure.message))

    def _say(self, level: str, words: str) -> None:
        self._found.show_level(level, words)
        self._found.show()
        self._found.announce()

    def _source(self) -> Source:
        return Source(self.name.text().strip(), self.url.text().strip())

    def _try(self) -> None:
        source = self._source()
        self.entry.show_error("")
        self.try_wanted.emit(Source(source.name or "new", source.url))

    def _add(self) -> None:
        if self._added.isEnabled():
            self.added.emit(self._source())

    def _show_ready(self) -> None:
        source = self._source()
        self._tried.setEnabled(bool(source.url))
        self._added.setEnabled(bool(source.url and source.name))

    def _make_buttons(self) -> None:
        self._tried = Button()
        self._tried.setObjectName("try-source")
        self._tried.say(tr(N_("Tr&y it")), tr(N_("Asks it what it has, and measures how fast it is")))
        self._tried.clicked.connect(self._try)
        self._added = Button()
        self._added.setObjectName("add-source")
        self._added.say(tr(N_("&Add mirror")), tr(N_("It is then tried before Google's own servers")))
        self._added.clicked.connect(self._add)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.addWidget(SettingField(tr(N_("Name")), self.name), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.entry, 0, 1, 1, 2)
        grid.addWidget(self._tried, 1, 1)
        grid.addWidget(self._added, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        words = N_(
            "Where Go releases come from, before Google's own servers: every one is checked all the same."
        )
        layout.addWidget(label(tr(words), muted=True))
        layout.addWidget(self._list)
        layout.addLayout(grid)
        layout.addWidget(self._found)


def _in_words(found: "Measured") -> str:
    if not found.told:
        return tr(N_("It answers, but does not tell which releases it has."))
    if not found.versions:
        return tr(N_("It answers, but has no release for this machine."))
    one = N_("{n} release for this machine, {newest}")
    many = N_("{n} releases for this machine, the newest {newest}")
    count = len(found.versions)
    what = tr(one if count == 1 else many, n=count, newest=found.versions[0])
    if found.here:
        return what
    answer = tr(N_("answered in {seconds} s"), seconds=f"{found.seconds:.2f}")
    speed = tr(N_("{speed} MB/s"), speed=f"{found.speed / 1e6:.1f}") if found.speed else ""
    return listed([what, answer, speed])
