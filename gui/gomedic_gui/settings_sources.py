"""Mirrors: those of the settings, a way to try one, and a way to add it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gomedic.settings import Source
from gomedic.texts import N_
from gomedic_gui import settings_entry as entry
from gomedic_gui.failure import Failure
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
        self._tried = entry.button(
            "try-source",
            tr(N_("Tr&y it")),
            tr(N_("Asks it what it has, and measures how fast it is")),
            self._try,
        )
        self._added = entry.button(
            "add-source",
            tr(N_("A&dd mirror")),
            tr(N_("It is then tried before Google's own servers")),
            self._add,
        )
        self.name = entry.line("source-name", "campus", self._show_ready)
        self.url = entry.line("source-url", "https://go.example.edu/dl/", self._show_ready)
        for field in (self.name, self.url):
            field.returnPressed.connect(self._add)
        self.entry = SettingField(tr(N_("Address or folder")), self.url)
        self._found = entry.remark("tried")
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
        entry.clear((self.name, self.url), self._found)

    def show_trying(self) -> None:
        """Show that the source is being asked."""
        entry.say(self._found, "unknown", tr(N_("Trying it…")))

    def show_measured(self, found: "Measured") -> None:
        """Show how a source does."""
        entry.say(self._found, "ok" if found.versions else "warning", _in_words(found))

    def show_failure(self, failure: Failure) -> None:
        """Show why it cannot be used."""
        entry.say(self._found, "error", tr(failure.message))

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

    def _lay_out(self) -> None:
        grid = entry.grid({0: 1, 1: 2, 2: 2})
        grid.addWidget(SettingField(tr(N_("Name")), self.name), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.entry, 0, 1, 1, 2)
        grid.addWidget(self._tried, 1, 1)
        grid.addWidget(self._added, 1, 2)
        words = N_(
            "Where Go releases come from, before Google's own servers: every one is checked all the same."
        )
        entry.stack(self, tr(words), (self._list, grid, self._found))


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
