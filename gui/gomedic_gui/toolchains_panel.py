"""One toolchain or release, whole: what it is, whether it may be trusted, who uses it, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gomedic.model import Session
from gomedic.texts import N_
from gomedic_gui.button import Button
from gomedic_gui.glyph_row import GlyphRow, root_mark
from gomedic_gui.labels import label
from gomedic_gui.places import tilde
from gomedic_gui.scroll import Scroll
from gomedic_gui.session_links import SessionLinks
from gomedic_gui.text import enumerated, tr
from gomedic_gui.toolchains_entries import STABLE, Action, Entry, actions_of
from gomedic_gui.toolchains_wording import (
    action_explained,
    action_in_words,
    beside_of,
    notes_of,
    origin_of,
    problems_of,
    signed_by,
    title_of,
)
from gomedic_gui.wording import kind_in_words, version_in_words


class ToolchainPanel(QWidget):
    """Shows an entry; asks for what the person wants done with it."""

    wanted = Signal(object)  # Action
    session_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._free = True
        self._actions: tuple[Action, ...] = ()
        self._scroll = Scroll()
        self._root = root_mark()
        self._why = label(muted=True)
        self._second = Button()
        self._second.setObjectName("second-action")
        self._second.clicked.connect(lambda: self._ask(1))
        self._first = Button(look="primary")
        self._first.setObjectName("first-action")
        self._first.clicked.connect(lambda: self._ask(0))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        self._foot = self._bar()
        layout.addWidget(self._foot)

    def show_entry(self, entry: Entry | None, home: str) -> None:
        """Show an entry and what can be done with it; None: nothing is chosen."""
        self._scroll.setWidget(self._body(entry, home) if entry else QWidget())
        self._actions = actions_of(entry) if entry else ()
        self._say(self._first, 0)
        self._say(self._second, 1)
        first = self._actions[0] if self._actions else None
        self._foot.setVisible(bool(self._actions))
        self._why.setText(_said(entry, first) if entry and first else "")
        self._root.setVisible(first is not None and first.to is not None)

    def set_free(self, free: bool) -> None:
        """Say whether something could be begun now."""
        self._free = free
        for number, button in enumerate((self._first, self._second)):
            button.setEnabled(free and self._can(number))

    def do_first(self) -> None:
        """Ask for the sensible action, as its button does."""
        if self._first.isEnabled():
            self._ask(0)

    def _can(self, number: int) -> bool:
        return number < len(self._actions) and self._actions[number].why_not is None

    def _ask(self, number: int) -> None:
        if self._can(number):
            self.wanted.emit(self._actions[number])

    def _say(self, button: Button, number: int) -> None:
        button.setVisible(number < len(self._actions))
        button.setEnabled(self._free and self._can(number))
        if number < len(self._actions):
            action = self._actions[number]
            button.say(
                action_in_words(action), tr(action.why_not) if action.why_not else action_explained(action)
            )

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(10)
        row.addWidget(self._root, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._why, 1)
        row.addWidget(self._second)
        row.addWidget(self._first)
        return bar

    # ------------------------------------------------------------ what it shows

    def _body(self, entry: Entry, home: str) -> QWidget:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        layout.addWidget(label(title_of(entry), scale=1.2, bold=True))
        if entry.kind == "word":
            for words in entry.words if entry.key == "problems" else entry.words[1:]:
                layout.addWidget(_row("hint", tr(words)))
        elif entry.release is not None:
            _add_release(layout, entry, home)
        else:
            _add_installed(layout, entry, home)
            self._add_sessions(layout, entry)
        layout.addStretch(1)
        return body

    def _add_sessions(self, layout: QVBoxLayout, entry: Entry) -> None:
        _add_section(layout, tr(N_("Who uses it")))
        if not entry.sessions:
            layout.addWidget(label(tr(N_("No session uses it."))))
            return
        links = SessionLinks(tuple(each.kind for each in entry.sessions), entry.sessions)
        links.setAccessibleName(tr(N_("Who uses it: {sessions}"), sessions=_names(entry.sessions)))
        links.session_chosen.connect(self.session_chosen)
        layout.addWidget(links)


def _said(entry: Entry, action: Action) -> str:
    """Return what stands beside the buttons: why it cannot be done, or what it is that would be installed."""
    if action.why_not is not None:
        return tr(action.why_not)
    if entry.key != "none":
        return ""
    return tr(N_("the newest Go")) if action.version == "latest" else version_in_words(action.version)


def _names(sessions: tuple[Session, ...]) -> str:
    return enumerated(kind_in_words(each.kind, each.label) for each in sessions)


def _add_installed(layout: QVBoxLayout, entry: Entry, home: str) -> None:
    layout.addWidget(label(origin_of(entry), muted=True))
    if entry.toolchain is not None and not entry.toolchain.healthy:
        layout.addWidget(_row("error", problems_of(entry.toolchain)))
    elif not entry.whole:
        layout.addWidget(_row("error", tr(N_("It is not complete."))))
    else:
        layout.addWidget(_row("ok", tr(N_("It is complete."))))
    layout.addWidget(_trust(entry))
    _add_section(layout, tr(N_("Where it is")))
    layout.addWidget(label(tilde(entry.root, home)))
    if entry.own is not None and entry.own.verification is not None:
        _add_section(layout, tr(N_("Where it came from")))
        layout.addWidget(label(entry.own.verification.source))
        sha256 = tr(N_("SHA-256: {sum}"), sum=entry.own.verification.sha256)
        layout.addWidget(
            label(
                sha256.replace(entry.own.verification.sha256, _breakable(entry.own.verification.sha256)),
                muted=True,
            )
        )


def _breakable(text: str) -> str:
    """Let a long sum be broken into lines."""
    return "\N{ZERO WIDTH SPACE}".join(text[at : at + 16] for at in range(0, len(text), 16))


def _trust(entry: Entry) -> GlyphRow:
    signed = signed_by(entry.own.verification) if entry.own else ""
    if signed or entry.signature_checked:
        return _row("ok", signed or tr(N_("Its signature was checked before it was installed.")))
    if entry.is_ours:
        return _row("warning", tr(N_("Not signature-checked: only its SHA-256 was compared, if anything.")))
    return _row("unknown", tr(N_("Not signature-checked: gomedic did not install it.")))


def _add_release(layout: QVBoxLayout, entry: Entry, home: str) -> None:
    assert entry.release is not None  # noqa: S101 - asked before
    release = entry.release
    source = tr(N_("{state}, listed by {source}"), state=beside_of(entry, home), source=release.source)
    layout.addWidget(label(source, muted=True))
    if entry.root:
        layout.addWidget(_row("ok", tr(N_("It is installed: {path}"), path=tilde(entry.root, home))))
    for note in notes_of(release.row):
        layout.addWidget(_row("hint" if release.row.runs else "warning", note))
    if release.row.state == STABLE and release.row.runs:
        layout.addWidget(_row("ok", tr(N_("It is the newest of its line and gets fixes."))))
    if not entry.root and release.row.runs:
        words = tr(
            N_(
                "Its SHA-256 and its signature are checked before anything is unpacked, and it is tried before it counts."
            )
        )
        layout.addWidget(label(words))


def _add_section(layout: QVBoxLayout, title: str) -> None:
    layout.addSpacing(4)
    layout.addWidget(label(title, scale=0.92, bold=True, muted=True))


def _row(level: str, words: str) -> GlyphRow:
    row = GlyphRow()
    row.show_level(level, words[:1].upper() + words[1:])
    row.setAccessibleName(words)
    return row
