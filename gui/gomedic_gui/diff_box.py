"""A change to a file: what goes, what comes, a few lines around."""

from PySide6.QtWidgets import QWidget

from gomedic.texts import N_
from gomedic_gui.lines_box import LinesBox
from gomedic_gui.text import tr

_GAP = "  ⋯"
_GROUNDS = {"+": "added", "-": "removed"}


class DiffBox(LinesBox):
    """Shows a unified diff without its file header; + and - stay, so colour is not needed to read it."""

    def __init__(self, diff: str, name: str, parent: QWidget | None = None) -> None:
        lines = _body(diff)
        grounds = {at: _GROUNDS[line[0]] for at, line in enumerate(lines) if line[0] in _GROUNDS}
        super().__init__(lines, grounds, parent)
        self.setAccessibleName(tr(N_("What changes: {step}"), step=name))


def _body(diff: str) -> list[str]:
    """Return the lines of a diff; each hunk but the first is announced by a gap."""
    lines: list[str] = []
    inside = False
    for line in diff.splitlines():
        if line.startswith("@@"):
            if inside:
                lines.append(_GAP)
            inside = True
        elif inside and not line.startswith("\\"):
            lines.append(_spaced(line))
    return lines


def _spaced(line: str) -> str:
    """Set the sign apart from the text, and make a carriage return visible."""
    return f"{line[:1] or ' '} {line[1:]}".replace("\r", "\N{SYMBOL FOR CARRIAGE RETURN}")
