"""What installing, using or removing a toolchain would do, for the person to agree to."""

from collections.abc import Callable

from msgspec import structs
from PySide6.QtWidgets import QCheckBox, QFrame, QRadioButton, QVBoxLayout, QWidget

from gomedic.model import Finding, Fix, InstallToolchain
from gomedic.plans import removes
from gomedic.preview import outline
from gomedic.texts import N_, Message
from gomedic.versions import is_official
from gomedic_gui.glyph_row import GlyphRow
from gomedic_gui.labels import label
from gomedic_gui.purge import FOR_GOOD, purges, turned
from gomedic_gui.step_card import needs_root, step_card
from gomedic_gui.text import enumerated, tr
from gomedic_gui.wording import kind_in_words, version_in_words

_PLACES = (
    (None, N_("For &your account only, in your home folder")),
    ("/usr/local/go", N_("For all accounts, in /usr/&local/go")),
    ("/opt", N_("For all accounts, side by side with others in /&opt")),
)
_ANYWHERE = N_("1.  Download {version} from whichever server is fastest")
_FROM = N_("1.  Take {version} from {source}")
_CHECKED = N_("2.  Compare its SHA-256, check its signature, unpack it, and try it by building a program")
_OWN = N_("3.  Put it into your home folder, and make it the Go of new sessions")
_SHARED = N_("3.  Put it into its place for all accounts")
_LATER = N_("What you use now stays as it is until the last step; until then you can cancel.")
_REMOVAL = N_("It can be taken back, until two later removals need the room.")
_INSTALLED = N_("Go {version} is installed.")
_NEWEST_INSTALLED = N_("The newest Go is installed.")
_USED = N_("New sessions use Go {version}.")
_REMOVED = N_("Go {version} is removed.")
_SUM_ALONE = N_("If the &signature cannot be checked, let Google's SHA-256 alone do")
_MARKED = N_(
    "If that happens, it stays marked “not signature-checked” for as long as it is here. A signature that is wrong still stops the installation."
)
_PURGE = N_("&Delete it for good, to free its room now")
_GET = N_("It becomes the Go of: {sessions}")
_LOSE = N_("These use it now, and then get the next Go on their PATH, if any: {sessions}")


def button_of(fix: Fix) -> tuple[str, str]:
    """Return the text of the button that carries a plan out, and what it does."""
    if fix.install is not None:
        return tr(N_("&Install")), tr(N_("Begins to download; you can cancel at any time"))
    if purges(fix):
        return tr(N_("Delete for &good")), tr(N_("Takes it away for good, and examines again"))
    if removes(fix):
        return tr(N_("&Remove")), tr(N_("Takes it away, and examines again"))
    return tr(N_("&Use it")), tr(N_("Makes the changes shown here, and examines again"))


def done_in_words(fix: Fix) -> Message:
    """Return what a plan has done."""
    if fix.install is not None:
        text = _NEWEST_INSTALLED if fix.install.version == "latest" else _INSTALLED
    else:
        text = _REMOVED if removes(fix) else _USED
    return Message(text, fix.title.values)


def body_of(finding: Finding, fix: Fix, choose: Callable[[Fix], None], edits: QWidget) -> QWidget:
    """Return what a plan does, in cards; `choose` is told of another form of it.

    `edits` shows what becomes of the start-up files with an installation.
    """
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(24, 18, 24, 18)
    layout.setSpacing(10)
    layout.addWidget(label(tr(N_("This is what would be done")), scale=0.92, bold=True, muted=True))
    layout.addWidget(label(tr(fix.title), scale=1.3, bold=True))
    if fix.install is not None:
        _add_installation(layout, fix, fix.install, choose, edits)
    else:
        if removes(fix):
            layout.addWidget(_warning(FOR_GOOD) if purges(fix) else label(tr(_REMOVAL), muted=True))
        _add_sessions(layout, finding, fix)
        _add_steps(layout, fix)
        if removes(fix):
            layout.addWidget(_way_to_purge(fix, choose))
    layout.addStretch(1)
    return body


def _add_installation(
    layout: QVBoxLayout, fix: Fix, wanted: InstallToolchain, choose: Callable[[Fix], None], edits: QWidget
) -> None:
    layout.addWidget(label(tr(_LATER), muted=True))
    layout.addWidget(_places(fix, wanted, choose))
    version = version_in_words(wanted.version) if wanted.version != "latest" else tr(N_("the newest Go"))
    fetched = (
        tr(_FROM, version=version, source=wanted.source) if wanted.source else tr(_ANYWHERE, version=version)
    )
    for words in (fetched, tr(_CHECKED)):
        layout.addWidget(step_card(words))
    layout.addWidget(step_card(tr(_SHARED if wanted.to else _OWN), privileged=wanted.to is not None))
    layout.addWidget(edits)
    if wanted.to is None and (wanted.version == "latest" or is_official(wanted.version)):
        _add_way_without_signature(layout, fix, wanted, choose)


def _add_way_without_signature(
    layout: QVBoxLayout, fix: Fix, wanted: InstallToolchain, choose: Callable[[Fix], None]
) -> None:
    """Let a person say in so many words that the sum alone will do; core allows it for Google's releases only."""
    alone = QCheckBox(tr(_SUM_ALONE))
    alone.setObjectName("sum-alone")
    alone.setChecked(wanted.without_signature)
    other = structs.replace(
        fix, install=structs.replace(wanted, without_signature=not wanted.without_signature)
    )
    alone.clicked.connect(lambda: choose(other))
    layout.addWidget(alone)
    if wanted.without_signature:
        layout.addWidget(_warning(_MARKED))


def _way_to_purge(fix: Fix, choose: Callable[[Fix], None]) -> QCheckBox:
    """Let a person who needs the room give up the way back."""
    purge = QCheckBox(tr(_PURGE))
    purge.setObjectName("purge")
    purge.setChecked(purges(fix))
    purge.clicked.connect(lambda: choose(turned(fix)))
    return purge


def _warning(text: str) -> GlyphRow:
    row = GlyphRow()
    row.show_level("warning", tr(text))
    return row


def _places(fix: Fix, wanted: InstallToolchain, choose: Callable[[Fix], None]) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(14, 12, 14, 14)
    layout.setSpacing(6)
    layout.addWidget(label(tr(N_("For whom")), bold=True))
    for to, words in _PLACES:
        choice = QRadioButton(tr(words))
        choice.setObjectName(f"place {to or 'account'}")
        choice.setChecked(to == wanted.to)
        other = structs.replace(fix, install=structs.replace(wanted, to=to, without_signature=False))
        choice.clicked.connect(lambda _checked=False, other=other: choose(other))
        layout.addWidget(choice)
    if wanted.to is not None:
        layout.addLayout(needs_root())
    return card


def _add_sessions(layout: QVBoxLayout, finding: Finding, fix: Fix) -> None:
    """Name the sessions that the plan is for."""
    if not finding.sessions:
        return
    row = GlyphRow()
    names = enumerated(kind_in_words(kind) for kind in finding.sessions if not kind.startswith("process:"))
    text = _LOSE if removes(fix) else _GET
    row.show_level("warning" if removes(fix) else "hint", tr(text, sessions=names))
    layout.addWidget(row)


def _add_steps(layout: QVBoxLayout, fix: Fix) -> None:
    steps = outline(fix.steps)
    for number, step in enumerate(steps, 1):
        words = f"{number}.  {tr(step.words)}" if len(steps) > 1 else tr(step.words)
        layout.addWidget(step_card(words, step.diff, step.privileged))
