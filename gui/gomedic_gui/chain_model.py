"""The start-up chain of a session as a tree: each file in the order it is read, below it what it set."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from gomedic.model import Evidence
from gomedic.texts import N_
from gomedic_gui.chain import Deed, Link
from gomedic_gui.places import tilde
from gomedic_gui.rail import rails
from gomedic_gui.text import counted, tr

STATE = Qt.ItemDataRole.UserRole + 1  # of a link; None of a deed
RAIL = Qt.ItemDataRole.UserRole + 2  # above and below
PLACE = Qt.ItemDataRole.UserRole + 3  # Evidence, None where there is none
WORDS = Qt.ItemDataRole.UserRole + 4  # what became of it

_STATES = {
    "start": N_("set before any file is read"),
    "read": N_("read to its end"),
    "left": N_("left at line {line}"),
    "stopped": N_("start-up ends here, at line {line}"),
    "unreadable": N_("passed over: it cannot be read"),
    "suffix": N_("passed over: its name has the wrong ending"),
    "masked": N_("passed over: {other} is read in its place"),
}


class ChainModel(QStandardItemModel):
    """One row for each file; what cannot be edited is shown."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self.setColumnCount(1)

    def show_chain(self, links: tuple[Link, ...], home: str) -> None:
        """Hold the chain of another session."""
        self.clear()
        stopped = next((row for row, link in enumerate(links) if link.state == "stopped"), None)
        for link, (above, below) in zip(links, rails(len(links), stopped), strict=True):
            item = _item(link, home)
            item.setData((above, below), RAIL)
            for deed in link.deeds:
                child = _deed(link, deed, home)
                child.setData((below, below), RAIL)
                item.appendRow(child)
            self.appendRow(item)


def _item(link: Link, home: str) -> QStandardItem:
    name = tilde(link.file, home) or tr(N_("The system"))
    other = tilde(link.other or "", home)
    words = tr(_STATES[link.state], line=link.line or "?", other=other)
    item = _row(name)
    item.setData(link.state, STATE)
    item.setData(words, WORDS)
    item.setData(Evidence(link.text or "", link.file, link.line) if link.line else None, PLACE)
    item.setToolTip("\n".join(part for part in (link.file, words, link.text or "") if part))
    sets = counted(len(link.deeds), N_("sets {n} thing"), N_("sets {n} things")) if link.deeds else ""
    item.setAccessibleText(", ".join(part for part in (name, words, sets) if part))
    return item


def _deed(link: Link, deed: Deed, home: str) -> QStandardItem:
    item = _row(deed_in_words(deed, home))
    item.setData(tr(N_("line {line}"), line=deed.line) if deed.line else "", WORDS)
    seen = Evidence(deed.text or "", link.file, deed.line) if link.file and deed.line else None
    item.setData(seen, PLACE)
    item.setToolTip("\n".join(part for part in (deed.text or "", deed.value) if part))
    item.setAccessibleText(", ".join(part for part in (item.text(), item.data(WORDS)) if part))
    return item


def _row(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    return item


def deed_in_words(deed: Deed, home: str) -> str:
    """Return what a line did: "PATH gets ~/go/bin", "GOROOT becomes /usr/lib/go-1.19"."""
    value = tilde(deed.value, home) or tr(N_("(empty)"))
    if deed.name == "PATH":
        return tr(N_("PATH gets {folder}"), folder=value)
    return tr(N_("{name} becomes {value}"), name=deed.name, value=value)
