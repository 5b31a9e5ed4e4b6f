"""The sessions that a finding hits, each a link to what that session looks like."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from gomedic.model import Session
from gomedic.texts import N_
from gomedic_gui.palette import scheme_of, value
from gomedic_gui.text import enumerated, tr
from gomedic_gui.wording import kind_in_words


class SessionLinks(QLabel):
    """A wrapping row of chips; each can be reached by Tab and opened by Enter."""

    session_chosen = Signal(str)  # kind

    def __init__(
        self, kinds: tuple[str, ...], sessions: tuple[Session, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.linkActivated.connect(self.session_chosen)
        labels = {session.kind: session.label for session in sessions}
        names = {kind: kind_in_words(kind, labels.get(kind)) for kind in kinds}
        scheme = scheme_of(self.palette())
        style = (
            f"background-color:{value('hover', scheme)}; color:{value('link', scheme)}; text-decoration:none"
        )
        chips = [
            f'<a href="{escape(kind)}" style="{style}">&nbsp;{_unbroken(name)}&nbsp;</a>'
            for kind, name in names.items()
        ]
        self.setText('<p style="line-height:140%">' + " &nbsp; ".join(chips) + "</p>")
        self.setAccessibleName(tr(N_("Where it shows: {sessions}"), sessions=enumerated(names.values())))

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Leave backwards from the first link too: Qt finds a link at the very start again and again."""
        if not forward and self.selectionStart() == 0:
            return QWidget.focusNextPrevChild(self, forward)
        return super().focusNextPrevChild(forward)


def _unbroken(name: str) -> str:
    return escape(name).replace(" ", "&nbsp;")
