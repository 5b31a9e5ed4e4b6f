"""What the Toolchains page says of its entries."""

from typing import TYPE_CHECKING

from gomedic.model import Toolchain
from gomedic.texts import N_, Message
from gomedic_gui.places import tilde
from gomedic_gui.text import enumerated, listed, tr
from gomedic_gui.toolchains_entries import Action, Entry
from gomedic_gui.wording import kind_in_words, version_in_words

if TYPE_CHECKING:
    from gomedic.toolchain.install import Verification
    from gomedic.toolchain.view import Row

UNSIGNED = N_("not signature-checked")
_NOT_WHOLE = N_("not complete")
_INSTALLED = N_("installed")
_STATES = {
    "stable": N_("stable"),
    "unstable": N_("unstable"),
    "archived": N_("archived"),
    "own": N_("not Google's"),
}
_CANNOT_RUN = N_("cannot run here: {reason}")
_KINDS = {
    "gomedic": N_("Installed by gomedic, for your account"),
    "official": N_("Installed by hand, as an archive of Go's own"),
    "distribution": N_("Came with the packages of the system"),
    "gccgo": N_("The Go of GCC"),
    "stray": N_("A go command that stands alone, without the rest of Go"),
    "script": N_("A script by the name of go"),
}
_MANAGED = N_("Installed by {manager}")


def title_of(entry: Entry) -> str:
    """Return "Go 1.22.10", or the words of a heading or a word."""
    if entry.kind == "heading":
        return listed([tr(each) for each in entry.words])
    if entry.key == "problems":
        return tr(N_("This list may be out of date"))
    return tr(entry.words[0]) if entry.words else version_in_words(entry.version)


def beside_of(entry: Entry, home: str) -> str:
    """Return what stands beside the title: where it is, or what a release is."""
    if entry.kind == "installed":
        return tr(N_("installed by gomedic")) if entry.is_ours else tilde(entry.root, home)
    if entry.release is not None:
        return tr(Message(_STATES[entry.release.row.state]))
    return ""


def line_of(entry: Entry) -> str:
    """Return what should be known of an entry, in one line."""
    if entry.kind == "installed":
        return listed([_faults(entry), _unsigned(entry), used_by(entry)])
    if entry.release is not None:
        return listed([tr(_INSTALLED) if entry.root else "", *notes_of(entry.release.row)])
    return tr(entry.words[0]) if entry.key == "problems" else ""


def level_of(entry: Entry) -> str:
    """Return the level of an entry; "" where nothing is to be said by a sign."""
    if entry.kind == "installed":
        if not entry.whole:
            return "error"
        if entry.is_ours and entry.signature_checked is False:
            return "warning"
        return "ok" if entry.sessions else ""
    if entry.key == "problems":
        return "hint"
    return "ok" if entry.release is not None and entry.root else ""


def used_by(entry: Entry) -> str:
    """Return which sessions run it."""
    names = enumerated(kind_in_words(each.kind, each.label) for each in entry.sessions if not each.is_process)
    return tr(N_("used by: {sessions}"), sessions=names) if names else tr(N_("no session uses it"))


def notes_of(row: "Row") -> list[str]:
    """Return what speaks against a release, the gravest first."""
    notes = list(row.notes)
    if row.why_not is not None:
        notes.insert(0, Message(_CANNOT_RUN, {"reason": row.why_not}))
    return [tr(note) for note in notes]


def problems_of(toolchain: Toolchain) -> str:
    """Return what is missing or wrong, in one sentence."""
    if toolchain.problems:
        return tr(N_("It is not complete: {what} is missing."), what=", ".join(toolchain.problems[:3]))
    return tr(N_("Its programs are for another machine ({arch})."), arch=toolchain.arch or "?")


def origin_of(entry: Entry) -> str:
    """Return how an installed toolchain came here."""
    kind = "gomedic" if entry.is_ours else entry.toolchain.kind if entry.toolchain else ""
    return tr(_KINDS[kind]) if kind in _KINDS else tr(_MANAGED, manager=kind)


def signed_by(verification: "Verification | None") -> str:
    """Return who signed it and when, "" where that is not recorded."""
    if verification is None or verification.signature is None:
        return ""
    signature = verification.signature
    return tr(N_("Signed by {signer} on {made}."), signer=signature.signer, made=signature.made[:10])


def action_in_words(action: Action) -> str:
    """Return the text of an action's button, with its mnemonic."""
    if action.again:
        return tr(N_("&Install again…"))
    return {
        "install": tr(N_("&Install…")),
        "use": tr(N_("&Use it…")),
        "remove": tr(N_("Re&move…")),
        "ask": tr(N_("A&sk again")),
    }[action.kind]


def action_explained(action: Action) -> str:
    """Return what an action does."""
    return {
        "install": tr(N_("Downloads it, checks that it is genuine, and makes it the Go of new sessions")),
        "use": tr(N_("Makes it the Go of new sessions")),
        "remove": tr(N_("Takes it away, with what leads to it")),
        "ask": tr(N_("Asks the servers for the newest list of releases")),
    }[action.kind]


def spoken(entry: Entry, home: str) -> str:
    """Return a whole entry for a screen reader."""
    return ", ".join(part for part in (title_of(entry), beside_of(entry, home), line_of(entry)) if part)


def _faults(entry: Entry) -> str:
    return "" if entry.whole else tr(_NOT_WHOLE)


def _unsigned(entry: Entry) -> str:
    return tr(UNSIGNED) if entry.is_ours and entry.signature_checked is False else ""
